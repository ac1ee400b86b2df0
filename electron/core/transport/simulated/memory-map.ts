import type { InterpreterExports } from './interpreter-module'

/**
 * Where the interpreter keeps the few words that the shim reads and writes, as byte offsets into its memory.
 *
 * The build has no hook through which a Ctrl-C could reach running code and exports no addresses. They are found by
 * looking at what known calls change, and the neighbours by the order of the fields (MicroPython py/mpstate.h, py/nlr.h).
 */
export interface MemoryMap {
  /** `mp_interrupt_char`: the byte that interrupts, or -1 while no Python code runs. */
  readonly interruptChar: number
  /** `mp_pending_exception`: what the virtual machine raises at its next backward jump. */
  readonly pendingException: number
  /** `sched_state`, 16 bits: 1 idle, 0 something is pending, negative locked. */
  readonly schedulerState: number
  /** The one KeyboardInterrupt instance. */
  readonly keyboardInterrupt: number
  readonly data: StaticData
}

/** Where the interpreter keeps its queue of scheduled calls (py/scheduler.c) and the depth of calls from outside (main.c). */
export interface CollectorMap {
  /** Eight pairs of function and argument. */
  readonly queue: number
  /** One byte each. */
  readonly queueLength: number
  readonly queueStart: number
  readonly callDepth: number
  /** `time.sleep_ms`: scheduled with 0 it asks for the time and does nothing else. */
  readonly callback: number
}

/** All that another thread needs to reach running code, see `reach-in.ts`. */
export interface InterpreterAccess {
  readonly memory: SharedArrayBuffer
  readonly map: MemoryMap
  readonly collectorMap: CollectorMap
}

export const SCHEDULER_IDLE = 1
export const SCHEDULER_PENDING = 0
/** And below, for locks within locks. */
export const SCHEDULER_LOCKED = -1

/** MicroPython's small integer 0 as an object. */
export const SMALL_INT_ZERO = 1

/** Distances within `mp_state_thread_t`, from `mp_pending_exception`. */
export const JUMP_CALLBACKS_OFFSET = -4
export const NLR_TOP_OFFSET = -8
export const PYSTACK_CURRENT_OFFSET = -24
const PYSTACK_END_OFFSET = -28
const PYSTACK_START_OFFSET = -32
/** Within `mp_obj_exception_t`. */
export const TRACEBACK_OFFSET = 8
/** Within `nlr_buf_t`: previous buffer, value, jump buffer, Python stack pointer. */
export const NLR_VALUE_OFFSET = 4
export const NLR_JUMP_BUFFER_OFFSET = 8
export const NLR_PYSTACK_OFFSET = 164

/** Static data lies between the C stack and the first block of `malloc`. */
export interface StaticData {
  readonly start: number
  readonly end: number
}

const PROBES = [77, 101, 46]

/** Must be asked before anything else is allocated. */
export function findStaticData(exports: InterpreterExports): StaticData {
  const firstBlock = exports.malloc(4)
  exports.free(firstBlock)
  return { start: exports.emscripten_stack_get_base(), end: firstBlock }
}

/** `runPython` runs a source at the top level. Leaves the interpreter as it was. */
export function findMemoryMap(
  exports: InterpreterExports,
  data: StaticData,
  pystackWords: number,
  runPython: (source: string) => void,
): MemoryMap {
  const words = (): Int32Array => new Int32Array(exports.memory.buffer)
  const interruptChar = findInterruptChar(exports, data, runPython)

  const before = staticWords(exports, data)
  exports.mp_sched_keyboard_interrupt()
  const after = staticWords(exports, data)
  const changed = findIndexes(before, index => before[index] !== after[index])
  const [pendingIndex, schedulerIndex] = changed
  if (changed.length !== 2 || pendingIndex === undefined || schedulerIndex === undefined) throw unknownBuild('a pending interrupt')
  if (before[pendingIndex] !== 0 || before[schedulerIndex] !== SCHEDULER_IDLE) throw unknownBuild('the scheduler')
  const pendingException = data.start + pendingIndex * 4
  const keyboardInterrupt = after[pendingIndex] ?? 0
  for (const index of changed) words()[data.start / 4 + index] = before[index] ?? 0

  const wordAt = (address: number): number => words()[address / 4] ?? 0
  const pystackStart = wordAt(pendingException + PYSTACK_START_OFFSET)
  const pystackBytes = wordAt(pendingException + PYSTACK_END_OFFSET) - pystackStart
  if (pystackBytes !== pystackWords * 4 || wordAt(pendingException + PYSTACK_CURRENT_OFFSET) !== pystackStart)
    throw unknownBuild('the Python stack')
  if (wordAt(pendingException + NLR_TOP_OFFSET) !== 0) throw unknownBuild('the exception handlers')

  return { interruptChar, pendingException, schedulerState: data.start + schedulerIndex * 4, keyboardInterrupt, data }
}

function findInterruptChar(exports: InterpreterExports, data: StaticData, runPython: (source: string) => void): number {
  const states = PROBES.map(value => {
    runPython(`import micropython\nmicropython.kbd_intr(${value})\ndel micropython`)
    return { value, words: staticWords(exports, data) }
  })
  const places = findIndexes(staticWords(exports, data), index => states.every(({ value, words }) => words[index] === value))
  const [place] = places
  if (place === undefined || places.length !== 1) throw unknownBuild('the interrupt character')
  const address = data.start + place * 4
  new Int32Array(exports.memory.buffer)[address / 4] = -1
  if (exports.mp_hal_get_interrupt_char() !== -1) throw unknownBuild('the interrupt character')
  return address
}

/** A copy of the static data as it is now. */
export function staticWords(exports: InterpreterExports, data: StaticData): Int32Array {
  return new Int32Array(exports.memory.buffer).slice(data.start / 4, data.end / 4)
}

export function findIndexes(words: Int32Array, isFound: (index: number) => boolean): number[] {
  const found: number[] = []
  for (let index = 0; index < words.length; index++) if (isFound(index)) found.push(index)
  return found
}

export function unknownBuild(what: string): Error {
  return new Error(`The interpreter is not the build this simulated board was made for: ${what} was not found where it should be.`)
}
