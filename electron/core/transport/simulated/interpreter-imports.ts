import { randomBytes } from 'node:crypto'
import { MICROPYTHON_ENOSPC, toMicroPythonErrno, WASI_EINTR } from './error-numbers'
import type { Flash } from './flash'
import type { EmscriptenFiles, InterpreterImports } from './interpreter-module'

/** What the interpreter needs of the board around it. */
export interface InterpreterIo {
  /** `bytes` is only good during the call. Text gets `\r\n` for `\n`, as a board's REPL sends it. May block. */
  write(bytes: Uint8Array, kind: 'text' | 'binary'): void
  /** Blocks until there is input; null when a Ctrl-C ended the wait. */
  read(limit: number): Uint8Array | null
  hasInput(): boolean
  sleep(durationMs: number): void
  /** Garbage was collected while code ran. */
  onCollected(durationMs: number): void
}

/** What the imports need of an interpreter that only comes to life after them. */
export interface InterpreterParts {
  readonly bytes: Uint8Array
  readonly files: EmscriptenFiles
  readonly flash: Flash
  /** May not return: a Ctrl-C is raised from here. */
  onTimeAsked(): void
  /** Input, output or anything else that is no waiting. */
  onOtherCall(): void
  openReset(path: number): void
}

/** `sys.stdout.buffer` is given this number, so that binary output can be told from text. */
export const BINARY_STDOUT = 1000
const STDIN = 0
const STDOUT = 1
const STDERR = 2
const POLL_IN = 1
const POLL_OUT = 4
const POLL_ENTRY_BYTES = 8

/** The bridge to JavaScript: code on a board must not reach the process it is simulated in. */
const BRIDGE_LOOKUPS = ['has_attr', 'lookup_attr', 'proxy_js_free_obj', 'js_check_existing']
const BRIDGE_CALLS = [
  'call0',
  'call1',
  'call2',
  'calln',
  'call0_kwarg',
  'calln_kwarg',
  'create_promise',
  'js_get_error_info',
  'js_get_iter',
  'js_get_proxy_js_ref_info',
  'js_iter_next',
  'js_reflect_construct',
  'js_subscr_load',
  'js_subscr_store',
  'js_then_continue',
  'js_then_reject',
  'js_then_resolve',
  'proxy_convert_mp_to_js_then_js_to_js_then_js_to_mp_obj_jsside',
  'proxy_convert_mp_to_js_then_js_to_mp_obj_jsside',
  'store_attr',
]

/** Replaces, in place, what the interpreter calls out for. */
export function replaceImports(env: InterpreterImports, wasi: InterpreterImports, parts: InterpreterParts, io: InterpreterIo): void {
  translateErrors(env, wasi)
  const startedAt = Date.now()
  const wordAt = (address: number): number => readWord(parts.bytes, address)

  env.mp_js_ticks_ms = () => {
    parts.onTimeAsked()
    return Date.now() - startedAt
  }
  // The glue's own needs `crypto.getRandomValues`, which Node 16 has under another name.
  env.mp_js_random_u32 = () => randomBytes(4).readUInt32LE(0)

  const writeFile = imported(wasi, 'fd_write')
  wasi.fd_write = (descriptor, vectors, count, written) => {
    parts.onOtherCall()
    let total = 0
    const isOutput = descriptor === STDOUT || descriptor === STDERR || descriptor === BINARY_STDOUT
    for (let index = 0; index < count; index++) {
      const start = wordAt(vectors + index * 8)
      const length = wordAt(vectors + index * 8 + 4)
      total += length
      if (isOutput) io.write(parts.bytes.subarray(start, start + length), descriptor === BINARY_STDOUT ? 'binary' : 'text')
    }
    if (!isOutput) {
      const stream = parts.files.streams[descriptor]
      return stream && !parts.flash.hasRoom(stream, total) ? MICROPYTHON_ENOSPC : writeFile(descriptor, vectors, count, written)
    }
    writeWord(parts.bytes, written, total)
    return 0
  }

  const readFile = imported(wasi, 'fd_read')
  wasi.fd_read = (descriptor, vectors, count, read) => {
    if (descriptor !== STDIN) return readFile(descriptor, vectors, count, read)
    parts.onOtherCall()
    const input = io.read(wordAt(vectors + 4))
    if (input === null) return WASI_EINTR
    parts.bytes.set(input, wordAt(vectors))
    writeWord(parts.bytes, read, input.length)
    return 0
  }

  const pollFiles = imported(env, '__syscall_poll')
  env.__syscall_poll = (entries, count, timeout) => {
    const ready = pollFiles(entries, count, timeout)
    let change = 0
    for (let entry = entries; entry < entries + count * POLL_ENTRY_BYTES; entry += POLL_ENTRY_BYTES) {
      if (wordAt(entry) !== STDIN) continue
      const events = wordAt(entry + 4)
      const asked = events & 0xffff
      const result = asked & ((io.hasInput() ? POLL_IN : 0) | POLL_OUT)
      change += Number(result !== 0) - Number(events >>> 16 !== 0)
      writeWord(parts.bytes, entry + 4, (result << 16) | asked)
    }
    return ready + change
  }

  const open = imported(env, '__syscall_openat')
  env.__syscall_openat = (folder, path, flags, more) => {
    parts.openReset(path)
    return open(folder, path, flags, more)
  }

  for (const name of BRIDGE_LOOKUPS) env[name] = () => 0
  for (const name of BRIDGE_CALLS) {
    env[name] = () => {
      throw new Error('Its program reached for the JavaScript around it.')
    }
  }
}

function translateErrors(env: InterpreterImports, wasi: InterpreterImports): void {
  for (const [name, call] of Object.entries(env)) {
    if (!name.startsWith('__syscall_')) continue
    env[name] = (...values) => {
      const result = call(...values)
      return result < 0 ? -toMicroPythonErrno(-result) : result
    }
  }
  for (const [name, call] of Object.entries(wasi)) {
    if (name.startsWith('fd_')) wasi[name] = (...values) => toMicroPythonErrno(call(...values))
  }
}

function imported(imports: InterpreterImports, name: string): (...values: number[]) => number {
  const found = imports[name]
  if (found === undefined) throw new Error(`The interpreter's package has no ${name}.`)
  return found
}

function readWord(bytes: Uint8Array, address: number): number {
  return (
    ((bytes[address] ?? 0) | ((bytes[address + 1] ?? 0) << 8) | ((bytes[address + 2] ?? 0) << 16) | ((bytes[address + 3] ?? 0) << 24)) >>> 0
  )
}

function writeWord(bytes: Uint8Array, address: number, value: number): void {
  for (let index = 0; index < 4; index++) bytes[address + index] = (value >>> (index * 8)) & 0xff
}
