import { deflateRawSync } from 'node:zlib'
import { assertNever } from '../../../../shared/errors'
import { crc32 } from './checksum'

/** Names that a program on the board uses, which a snippet of the user may have given another meaning. */
const BUILTINS = [
  'AttributeError',
  'Exception',
  'ImportError',
  'MemoryError',
  'OSError',
  'ValueError',
  'bytearray',
  'bytes',
  'exec',
  'globals',
  'int',
  'len',
  'list',
  'max',
  'memoryview',
  'min',
  'open',
  'print',
  'range',
  'str',
  'sum',
  'type',
]

/** The one name that a program has on the board while it runs. */
const NAME = '_muster_files'

/** A Python literal for any text. Holds no control bytes, which would be commands to the raw prompt, and no line ends. */
export function pythonText(text: string): string {
  let literal = "'"
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (character === "'" || character === '\\') literal += `\\${character}`
    else if (character === '\n') literal += '\\n'
    else if (code < 0x20 || code === 0x7f) literal += `\\x${code.toString(16).padStart(2, '0')}`
    else literal += character
  }
  return `${literal}'`
}

export function pythonTexts(texts: readonly string[]): string {
  return `[${texts.map(pythonText).join(',')}]`
}

/** `word` as Python that puts it together, so that an echo of the program does not hold it. */
export function pythonWord(word: string): string {
  const half = word.length >> 1
  return `'${word.slice(0, half)}'+'${word.slice(half)}'`
}

export function indent(code: string): string {
  return code
    .split('\n')
    .map(line => (line === '' ? line : ` ${line}`))
    .join('\n')
}

/**
 * How a program is handed over. `checked`: the board computes its CRC-32 before it runs it, and runs nothing when a byte was damaged
 * on the way: a digit of a path could have become another one. That wants `binascii.crc32`, and memory for a second copy of the
 * text. `packed`: compressed as well, which on a slow line is most of what a short operation takes.
 */
export type ProgramForm = 'plain' | 'checked' | 'packed'

/** Base-2 logarithm of the window: the board takes as much of its heap for it. */
const PACK_BITS = 10

/** A program that does not see the user's names and leaves none of its own. `G` is the user's global names. */
export function boardProgram(body: string, form: ProgramForm): string {
  return `def ${NAME}():
${indent(formed(body, form))}
try:
 ${NAME}()
finally:
 del ${NAME}
`
}

function formed(body: string, form: ProgramForm): string {
  const bytes = Buffer.from(body, 'utf8')
  const run = `if crc32(s)==${crc32(bytes)}:exec(str(s,'utf-8'),{'G':globals()})`
  switch (form) {
    case 'plain':
      return `from builtins import ${BUILTINS.filter(name => name === 'globals' || new RegExp(`\\b${name}\\b`).test(body)).join(',')}
G=globals()
${body}`
    case 'checked':
      return `from builtins import bytes,exec,globals,str
from binascii import crc32
s=bytes(${pythonText(body)},'utf-8')
${run}`
    case 'packed':
      return `from builtins import Exception,exec,globals,str
from binascii import a2b_base64,crc32
from deflate import DeflateIO,RAW
from io import BytesIO
try:
 s=DeflateIO(BytesIO(a2b_base64(b'${deflateRawSync(bytes, { windowBits: PACK_BITS, level: 9 }).toString('base64')}')),RAW,${PACK_BITS}).read(${bytes.length})
except Exception:
 s=b''
${run}`
    default:
      return assertNever(form, 'form of a program')
  }
}
