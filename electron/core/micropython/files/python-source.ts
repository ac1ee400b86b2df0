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
 * A program that does not see the user's names and leaves none of its own. `G` is the user's global names. With `isChecked`, the
 * board computes the CRC-32 of the program before it runs it, and runs nothing when a byte was damaged on the way: a digit
 * of a path could have become another one. That costs the board a second copy of the text, and wants `binascii.crc32`.
 */
export function boardProgram(body: string, isChecked: boolean): string {
  const inner = isChecked
    ? `from builtins import bytes,exec,globals
from binascii import crc32
s=${pythonText(body)}
if crc32(bytes(s,'utf-8'))==${crc32(Buffer.from(body, 'utf8'))}:exec(s,{'G':globals()})`
    : `from builtins import ${BUILTINS.filter(name => name === 'globals' || new RegExp(`\\b${name}\\b`).test(body)).join(',')}
G=globals()
${body}`
  return `def ${NAME}():
${indent(inner)}
try:
 ${NAME}()
finally:
 del ${NAME}
`
}
