import { indexOfBytes } from '../control-bytes'
import { type ChecksumKind, checksum } from './checksum'
import { indent, pythonWord, splitImports } from './python-source'

/** What a program has said: `;`-separated records, and what it failed on. */
export interface ProgramAnswer {
  readonly records: readonly string[]
  readonly failure: BoardFailure | null
}

/** An exception that the program has caught. Ports number their errors differently, so there are only names and words. */
export interface BoardFailure {
  /** Name of the class. */
  readonly type: string
  readonly text: string
}

/** One digit for each half byte: any name is safe in it. */
export const TEXT_TO_HEX = "H=lambda t:''.join(['%02x'%x for x in bytes(t,'utf-8')])"

/**
 * A program that prints an envelope around what `body` says with `Y(text)`: the mark, the records, the mark, their length and
 * checksum, the mark. Only ASCII without line ends may be said. An exception becomes the last record.
 * What is printed before the first record, by code that feeds a watchdog for example, stands before the envelope.
 */
export function answeringProgram(body: string, mark: string, kind: ChecksumKind): string {
  const add = kind === 'crc32' ? 'z[1]=crc32(b,z[1])' : 'z[1]+=sum(b)'
  const { imports, rest } = splitImports(body)
  return `${kind === 'crc32' ? 'from binascii import crc32\n' : ''}${imports}M=${pythonWord(mark)}
z=[0,0,1]
def Y(t):
 b=bytes(t,'utf-8')
 z[0]+=len(b)
 ${add}
 if z[2]:
  print(M,end='')
  z[2]=0
 print(t,end='')
${TEXT_TO_HEX}
try:
${indent(rest)}
except Exception as e:
 Y('!%s,%s;'%(str(type(e))[8:-2],H(str(e))))
Y('')
print(M+'%x,%x'%(z[0],z[1])+M,end='')
`
}

/** Null for an answer that did not come whole. */
export function readAnswer(printed: Uint8Array, mark: string, kind: ChecksumKind): ProgramAnswer | null {
  const sought = Buffer.from(mark, 'latin1')
  const first = indexOfBytes(printed, sought)
  if (first === -1) return null
  const start = first + sought.length
  const end = indexOfBytes(printed, sought, start)
  if (end === -1) return null
  const trailerEnd = indexOfBytes(printed, sought, end + sought.length)
  if (trailerEnd === -1) return null
  const body = printed.subarray(start, end)
  const trailer = Buffer.from(printed.subarray(end + sought.length, trailerEnd)).toString('latin1')
  if (trailer !== `${body.length.toString(16)},${checksum(kind, body).toString(16)}`) return null
  const records = Buffer.from(body).toString('latin1').split(';')
  if (records.pop() !== '') return null
  const last = records.at(-1)
  if (last?.startsWith('!') !== true) return { records, failure: null }
  const [type = '', text = ''] = last.slice(1).split(',')
  return { records: records.slice(0, -1), failure: { type, text: hexText(text) } }
}

export function hexText(hex: string): string {
  return Buffer.from(hex, 'hex').toString('utf8')
}

/** A number that a board has said; throws nothing, and is never more than can be counted exactly. */
export function countOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return null
  return Number(text)
}

/** What the last line of a traceback says; null for a text that is none. */
export function exceptionFailure(exception: string): BoardFailure | null {
  const line = exception.trimEnd().split(/\r?\n/).at(-1) ?? ''
  const [, type, text = ''] = /^(\w+)(?:: (.*))?$/.exec(line) ?? []
  return type === undefined ? null : { type, text }
}
