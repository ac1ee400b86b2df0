import { FILE_FLUSH_BYTES } from '../../../../shared/limits'
import type { ChecksumKind } from './checksum'
import { ESCAPE_PAIRS } from './escape'
import { FRAME_ENDS, FRAME_FORMAT } from './frame'
import { indent, pythonText, pythonWord } from './python-source'

/** Letters of frames, from Muster to the board and back. */
export const Letter = {
  /** Bytes of a file: as they are, escaped, compressed and then escaped. */
  plain: 'r',
  escaped: 'e',
  deflated: 'z',
  /** The next bytes of a file are wanted, from a position on, and so many. */
  get: 'g',
  /** Where are you? Answered with the same letter, and the number asked with as the length. */
  sync: 's',
  /** That is all. Answered with the same letter, unless closing the file fails. */
  quit: 'q',
  /** All up to this position is in the file. */
  kept: 'k',
  /** The bytes for this position came damaged, or there was no memory for them. */
  damaged: 'd',
  noMemory: 'm',
  bytes: 'x',
  /** An exception: its class, a comma and its text in hexadecimal digits. Data is passed over from here on. */
  failed: 'f',
} as const

/** After damage: completes what the board may still wait for, without being the beginning of anything. */
export const FILLER = new Uint8Array(64).fill(0x0a)

export interface DialogueProgramOptions {
  /** What the program says when it is ready. */
  readonly mark: string
  readonly path: string
  readonly checksumKind: ChecksumKind
  /** Called as Python after each chunk, with the user's names. */
  readonly feedCode?: string
}

export interface WriteProgramOptions extends DialogueProgramOptions {
  /** What is there already and is to be kept; 0 begins anew. */
  readonly offset: number
  /** Base-2 logarithm of the window that chunks are compressed with; null when none is. */
  readonly deflateBits: number | null
}

/** `C` is the checksum, `r` reads, `w` writes; `F` says a frame, `E` an exception, `R` waits for a valid header. */
function common({ checksumKind }: DialogueProgramOptions, write: string): string {
  const { position, length, wireLength, checksum, header } = FRAME_ENDS
  return `import sys
${checksumKind === 'crc32' ? 'from binascii import crc32 as C' : 'C=sum'}
r=sys.stdin.buffer.read
${write}
def F(k,p,n=0,b=b''):
 t=bytes('${FRAME_FORMAT}'%(k,p,n,len(b),C(b)),'utf-8')
 w(b'{'+t+bytes('%04x'%(C(t)&65535),'utf-8'))
 if b:
  w(b)
def E(e):
 F('${Letter.failed}',0,0,bytes(str(type(e))[8:-2]+','+''.join(['%02x'%x for x in bytes(str(e),'utf-8')]),'utf-8'))
def R():
 while 1:
  while r(1)!=b'{':
   pass
  h=r(${header})
  try:
   if int(h[${checksum}:],16)==C(h[:${checksum}])&65535:
    return chr(h[0]),int(h[1:${position}],16),int(h[${position}:${length}],16),int(h[${length}:${wireLength}],16),int(h[${wireLength}:${checksum}],16)
  except ValueError:
   pass
`
}

function feeding(feedCode: string | undefined, spaces: number): string {
  return feedCode === undefined ? '' : `${' '.repeat(spaces)}exec(${pythonText(feedCode)},G)\n`
}

/**
 * A program that takes frames and writes their bytes to a file. It answers each one, says where it is when it is asked, and goes on
 * reading after a failure: what is on its way must not reach the prompt. It ends by itself or by Ctrl-C, and closes the file. What a
 * board that loses its power would lose of an open file is no more than `FILE_FLUSH_BYTES`.
 */
export function writeDialogueProgram(options: WriteProgramOptions): string {
  const { mark, path, offset, deflateBits, feedCode } = options
  const { escaped, deflated } = Letter
  const pairs = ESCAPE_PAIRS.map(([from, to]) => `(${bytesLiteral(from)},${bytesLiteral([to])})`).join(',')
  const inflate = `if k=='${deflated}':
 try:
  b=D(B(b),RAW,${deflateBits}).read(n)
 except (OSError,ValueError,EOFError):
  b=b''
`
  const loop = `k,a,n,m,c=R()
if k=='${Letter.sync}':
 F('${Letter.sync}',p,a)
elif k=='${Letter.quit}':
 if not x:
  try:
   f.close()
   F('${Letter.quit}',p)
  except Exception as e:
   E(e)
 break
elif x or a!=p:
 while m:
  m-=len(r(min(m,256)))
else:
 try:
  b=r(m)
  if k in'${escaped}${deflated}':
   for s in Q:
    b=b.replace(s[0],s[1])
${deflateBits === null ? '' : indent(indent(inflate))}  if len(b)!=n or C(b)!=c:
   F('${Letter.damaged}',p)
  else:
   if f.write(b)!=n:
    raise OSError('ENOSPC')
   b=0
   p+=n
   if p//${FILE_FLUSH_BYTES}>(p-n)//${FILE_FLUSH_BYTES}:
    f.flush()
   F('${Letter.kept}',p)
${feeding(feedCode, 3)} except MemoryError:
  b=0
  F('${Letter.noMemory}',p)
 except Exception as e:
  x=1
  E(e)
`
  return `${common(options, "def w(b):\n sys.stdout.write(str(b,'utf-8'))")}${
    deflateBits === null ? '' : 'from deflate import DeflateIO as D,RAW\nfrom io import BytesIO as B\n'
  }Q=${pairs}
p=${offset}
x=0
f=open(${pythonText(path)},'${offset === 0 ? 'wb' : 'ab'}')
try:
 w(bytes(${pythonWord(mark)},'utf-8'))
 r(1)
 while 1:
${indent(indent(loop))}finally:
 try:
  f.close()
 except OSError:
  pass
`
}

/** A program that says the bytes of a file that it is asked for. What was lost on the way is simply asked for again. */
export function readDialogueProgram(options: DialogueProgramOptions): string {
  const { mark, path, feedCode } = options
  return `${common(options, 'w=sys.stdout.buffer.write')}p=0
f=open(${pythonText(path)},'rb')
try:
 w(bytes(${pythonWord(mark)},'utf-8'))
 r(1)
 while 1:
  k,a,n,m,c=R()
  if k=='${Letter.sync}':
   F('${Letter.sync}',0,a)
  elif k=='${Letter.quit}':
   F('${Letter.quit}',0)
   break
  elif k=='${Letter.get}':
   try:
    if a!=p:
     f.seek(a)
    p=-1
    b=f.read(n)
    p=a+len(b)
    F('${Letter.bytes}',a,len(b),b)
    b=0
${feeding(feedCode, 4)}   except MemoryError:
    b=0
    F('${Letter.noMemory}',a)
   except Exception as e:
    E(e)
finally:
 f.close()
`
}

function bytesLiteral(bytes: Iterable<number>): string {
  return `b'${Array.from(bytes, byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`
}
