import type { InterpreterExports } from './interpreter-module'

export interface PythonException {
  readonly type: string
  /** With traceback, as the REPL would print it. */
  readonly text: string
}

const KIND_EXCEPTION = -1
/** What `malloc` gives where there is none; `free` takes it. */
const NO_MEMORY = 0
/** Between the type and the text of an exception that the interpreter hands out. */
const EXCEPTION_SEPARATOR = '\x04'

/** Runs a source in the namespace of the REPL, outside of it. Gives the exception that ended it, if one did. */
export function execute(exports: InterpreterExports, source: string): PythonException | null {
  const bytes = Buffer.from(source)
  const code = exports.malloc(bytes.length + 1)
  const out = exports.malloc(12)
  if (code === NO_MEMORY || out === NO_MEMORY) {
    exports.free(code)
    exports.free(out)
    return { type: 'MemoryError', text: 'MemoryError: \r\n' }
  }
  new Uint8Array(exports.memory.buffer).set(bytes, code)
  exports.mp_js_do_exec(code, bytes.length, out)
  const [kind = 0, length = 0, pointer = 0] = new Int32Array(exports.memory.buffer, out, 3)
  let exception: PythonException | null = null
  if (kind === KIND_EXCEPTION) {
    const text = Buffer.from(new Uint8Array(exports.memory.buffer, pointer, length)).toString()
    const end = text.indexOf(EXCEPTION_SEPARATOR)
    exception = { type: text.slice(0, end), text: text.slice(end + 1) }
    exports.free(pointer)
  }
  exports.free(out)
  exports.free(code)
  return exception
}

/** The value of an integer expression. An exception is the one way out for values that needs nothing of the JavaScript bridge. */
export function integerOf(exports: InterpreterExports, preparation: string, expression: string): number {
  const exception = execute(exports, `${preparation}\nraise ValueError(${expression})`)
  return Number(/ValueError: (-?\d+)/.exec(exception?.text ?? '')?.[1] ?? Number.NaN)
}
