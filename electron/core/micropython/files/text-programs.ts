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
${mode === 'rb' && position > 0 ? `f.seek(${position})\n` : ''}G['${HANDLE}']=[f,${position},b'']
`
}

/** A damaged chunk is left out; a chunk that is there already is not written again. Says how far the file is. */
export function writeTextProgram(chunk: TextChunk): string {
  const { encoding, position, length, deflateBits, text, sum, feedCode } = chunk
  const decode =
    encoding === 'base64'
      ? `from binascii import a2b_base64\n b=a2b_base64(b'${text}')`
      : `t='${text}'\n b=bytes([int(t[i:i+2],16) for i in range(0,len(t),2)])`
  const inflate =
    deflateBits === null
      ? ''
      : ` from deflate import DeflateIO,RAW\n from io import BytesIO\n b=DeflateIO(BytesIO(b),RAW,${deflateBits}).read(${length})\n`
  return `v=G['${HANDLE}']
if v[1]==${position}:
 ${decode}
${inflate} if len(b)==${length} and sum(b)==${sum}:
  if v[0].write(b)!=${length}:
   raise OSError('ENOSPC')
  v[1]+=${length}
${feedCode === undefined ? '' : `exec(${pythonText(feedCode)},G)\n`}Y('%d;'%v[1])
`
}

/** The next bytes, or the same ones as before when these were lost on the way. */
export function readTextProgram(encoding: TextEncoding, position: number, length: number, feedCode?: string): string {
  const encode =
    encoding === 'base64'
      ? "from binascii import b2a_base64\nt=str(b2a_base64(v[2]),'utf-8').strip()"
      : "t=''.join(['%02x'%x for x in v[2]])"
  return `v=G['${HANDLE}']
if v[1]==${position}:
 v[2]=v[0].read(${length})
 v[1]+=len(v[2])
elif v[1]-len(v[2])!=${position}:
 raise ValueError('position')
${encode}
${feedCode === undefined ? '' : `exec(${pythonText(feedCode)},G)\n`}Y(t+';')
`
}

/** Leaves no name behind, whatever there is to close. */
export const CLOSE_PROGRAM = `if '${HANDLE}' in G:
 v=G['${HANDLE}']
 del G['${HANDLE}']
 v[0].close()
`
