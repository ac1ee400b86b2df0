import { deflateRawSync } from 'node:zlib'
import { assertNever } from '../../../../shared/errors'
import { crc32 } from './checksum'

/** Names that a program on the board uses, which a snippet of the user may have given another meaning. */
const BUILTINS = [
  'AttributeError',
  'EOFError',
  'Exception',
  'ImportError',
  'MemoryError',
  'OSError',
  'ValueError',
  'bytearray',
  'bytes',
  'exec',
  'getattr',
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

/** Imports at the beginning of a line. Those within a block are left to it: they have something else to do where there is none. */
const IMPORT = /^(?:import|from) .*\n/gm

/** What a body imports, and what is left of it. */
export function splitImports(body: string): { readonly imports: string; readonly rest: string } {
  return { imports: (body.match(IMPORT) ?? []).join(''), rest: body.replace(IMPORT, '') }
}

/** A body whose builtins nobody has replaced: as attributes of their module they are always the firmware's. */
function withOwnBuiltins(body: string): string {
  return `from builtins import ${BUILTINS.filter(name => new RegExp(`\\b${name}\\b`).test(body)).join(',')}
${body}`
}

/**
 * How a program is handed over. `checked`: the board computes its CRC-32 before it runs it, and runs nothing when a byte was damaged
 * on the way: a digit of a path could have become another one. That wants `binascii.crc32`, and memory for a second copy of the
 * text. `packed`: compressed as well, which on a slow line is most of what a short operation takes. `short`: for the smallest
 * boards, whose modules nobody can put another one before.
 */
export type ProgramForm = 'short' | 'plain' | 'checked' | 'packed'

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
  switch (form) {
    case 'short':
      return withOwnBuiltins(`G=globals()\n${body}`)
    case 'plain':
      return withOwnBuiltins(`G=globals()\n${withEmptyPath(withOwnImports(body))}`)
    case 'checked': {
      const own = withOwnBuiltins(withOwnImports(body))
      return `from builtins import bytes,exec,getattr,globals,list,str
${withEmptyPath(`from binascii import crc32
s=bytes(${pythonText(own)},'utf-8')
${runChecked(own)}`)}`
    }
    case 'packed': {
      const own = withOwnBuiltins(withOwnImports(body))
      const bytes = Buffer.from(own, 'utf8')
      const packed = deflateRawSync(bytes, { windowBits: PACK_BITS, level: 9 }).toString('base64')
      return `from builtins import Exception,exec,getattr,globals,list,str
${withEmptyPath(`from binascii import a2b_base64,crc32
from deflate import DeflateIO,RAW
from io import BytesIO
try:
 s=DeflateIO(BytesIO(a2b_base64(b'${packed}')),RAW,${PACK_BITS}).read(${bytes.length})
except Exception:
 s=b''
${runChecked(own)}`)}`
    }
    default:
      return assertNever(form, 'form of a program')
  }
}

/**
 * Imports come from the firmware then: no file of the user's runs because it is called like a module, and what somebody has put into
 * `sys.modules` does not count. That is what an empty path is for (`process_import_at_level` in MicroPython's `py/builtinimport.c`).
 */
function withEmptyPath(code: string): string {
  return `import sys
_p=getattr(sys,'path',[])
_k=list(_p)
_p[:]=[]
try:
${indent(code)}
finally:
 _p[:]=_k`
}

/** A body that imports while the path is empty, and runs with the user's. What the firmware lacks is looked for as ever. */
function withOwnImports(body: string): string {
  const { imports, rest } = splitImports(body)
  if (imports === '') return `_p[:]=_k\n${body}`
  return `try:
${indent(imports)}except ImportError:
 _p[:]=_k
${indent(imports)}_p[:]=_k
${rest}`
}

function runChecked(program: string): string {
  return `if crc32(s)==${crc32(Buffer.from(program, 'utf8'))}:exec(str(s,'utf-8'),{'G':globals(),'_p':_p,'_k':_k})`
}
