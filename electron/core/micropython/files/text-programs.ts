import { pythonText } from './python-source'

/** Where a file stays open on the board from one execution to the next, among the user's names: [file, position, last bytes]. */
const HANDLE = '_muster_file'

/** How bytes are written as text, both ways. */
export type TextEncoding = 'base64' | 'hex'

export interface TextChunk {
  readonly encoding: TextEncoding
  readonly position: number
  /** Bytes of the file. */
  readonly length: number
  /** Compressed with a window of so many bits, or not. */
  readonly deflateBits: number | null
  /** Encoded. */
  readonly text: string
  /** Of the bytes of the file, as the sum of all of them. */
  readonly sum: number
  readonly feedCode?: string
}

export function openProgram(path: string, mode: 'rb' | 'wb' | 'ab', position: number): string {
  return `f=open(${pythonText(path)},'${mode}')
${mode === 'rb' && position > 0 ? goTo(position) : ''}G['${HANDLE}']=[f,${position},b'']
`
}

/** Files of a micro:bit can't be sought in: they are read up to there. */
function goTo(position: number): string {
  return `try:
 f.seek(${position})
except AttributeError:
 n=${position}
 while n>0:
  n-=len(f.read(min(n,64)) or b'.')
`
}

/** A damaged chunk is left out; a chunk that is there already is not written again. Says how far the file is. */
export function writeTextProgram(chunk: TextChunk): string {
  const { encoding, position, length, deflateBits, text, sum, feedCode } = chunk
  const isBase64 = encoding === 'base64'
  const decode = isBase64 ? `b=a2b_base64(b'${text}')` : `t='${text}'\n b=bytes([int(t[i:i+2],16) for i in range(0,len(t),2)])`
  const inflate = deflateBits === null ? '' : ` b=DeflateIO(BytesIO(b),RAW,${deflateBits}).read(${length})\n`
  return `${isBase64 ? 'from binascii import a2b_base64\n' : ''}${
    deflateBits === null ? '' : 'from deflate import DeflateIO,RAW\nfrom io import BytesIO\n'
  }v=G['${HANDLE}']
if v[1]==${position}:
 ${decode}
${inflate} if len(b)==${length} and sum(b)==${sum}:
  if v[0].write(b)!=${length}:
   raise OSError('ENOSPC')
  v[1]+=${length}
${feedCode === undefined ? '' : `exec(${pythonText(feedCode)},G)\n`}Y('%d;'%v[1])
`
}

/**
 * The next bytes, at most so many; or of the same ones as before, when these were lost on the way or there was no memory to say them.
 * Where a file can't be stood anywhere in, they are kept for that. Says after them from where they are: on a bad line a digit of a program
 * that is not checked may have become another one.
 */
export function readTextProgram(
  encoding: TextEncoding,
  position: number,
  length: number,
  { canSeek, feedCode }: { readonly canSeek: boolean; readonly feedCode?: string },
): string {
  const isBase64 = encoding === 'base64'
  // Byte by byte: the digits of a whole chunk, an object each, take more than a micro:bit has left once it was asked who it is.
  const say = isBase64 ? "Y(str(b2a_base64(b),'utf-8').strip())" : "for x in b:\n Y('%02x'%x)"
  return `${isBase64 ? 'from binascii import b2a_base64\n' : ''}v=G['${HANDLE}']
p=${position}
${canSeek ? `v[0].seek(p)\nb=v[0].read(${length})` : nextOf(length)}
${say}
${feedCode === undefined ? '' : `exec(${pythonText(feedCode)},G)\n`}Y(';%d;'%p)
`
}

function nextOf(length: number): string {
  return `b=v[2]
o=p-v[1]+len(b)
if o==len(b):
 b=v[2]=v[0].read(${length})
 v[1]+=len(b)
 o=0
if o<0 or o>len(b):
 raise ValueError('position')
b=b[o:o+${length}]`
}

/** Leaves no name behind, whatever there is to close. */
export const CLOSE_PROGRAM = `if '${HANDLE}' in G:
 v=G['${HANDLE}']
 del G['${HANDLE}']
 v[0].close()
`

/** The same for what a transfer has left that was cancelled: its talk was over before it could close anything. */
export const CLOSE_LEFT_PROGRAM = `if '${HANDLE}' in G:
 v=G['${HANDLE}']
 del G['${HANDLE}']
 try:
  v[0].close()
 except OSError:
  pass
`
