import { execute, integerOf } from './execute'
import type { InterpreterExports } from './interpreter-module'
import {
  type CollectorMap,
  findIndexes,
  type InterpreterAccess,
  type MemoryMap,
  SCHEDULER_LOCKED,
  SMALL_INT_ZERO,
  type StaticData,
  staticWords,
  unknownBuild,
} from './memory-map'
import { requestCollection } from './reach-in'

/** Where it is not safe, it is tried again at so many of the next backward jumps: about 2 ms, of the time until the host asks again. */
const RETRIES = 1000
const RESERVED_BYTES = 16
const RESULT_OFFSET = 4

/**
 * Collects garbage while code runs.
 *
 * The build only collects when control is back at the top, because values may live in WebAssembly's own variables, where
 * no collector can see them; a loop that makes strings or floats would eat all memory. But Python's values live on the
 * Python stack, which is scanned: when nothing but byte code is being executed, from the top down to the current frame,
 * there is nothing to overlook. So the host schedules a call now and then; it happens between two byte codes; and if the
 * call stack then holds only calls from function to function that were seen while byte code alone was running, it is safe
 * to collect. (To know the functions is not enough: the REPL runs what is scheduled also while it holds an exception that
 * it is about to print.)
 */
export class Collector {
  private isSecondAsk = true
  private retriesLeft = 0
  private unsafeStack = 0

  private constructor(
    private readonly exports: InterpreterExports,
    private readonly map: MemoryMap,
    readonly collectorMap: CollectorMap,
    private readonly safeCalls: ReadonlySet<string>,
    /** Room for an empty source and its result: when memory has run out, there is none to be had. */
    private readonly reserved: number,
  ) {}

  /** `listen` makes a function hear whenever the interpreter asks for the time. `rehearse` runs the samples in all ways that code is run. */
  static prepare(exports: InterpreterExports, map: MemoryMap, listen: (onTimeAsked: () => void) => void, rehearse: () => void): Collector {
    const collectorMap = findCollectorMap(exports, map, listen)
    const safeCalls = new Set<string>()
    listen(() => {
      if (isInScheduledCall(exports, map)) for (const call of callsOnStack()) safeCalls.add(call)
    })
    rehearse()
    listen(() => {})
    return new Collector(exports, map, collectorMap, safeCalls, exports.malloc(RESERVED_BYTES))
  }

  /** Whether the interpreter is in a scheduled call, where waiting is not what it seems. */
  get isCalled(): boolean {
    return isInScheduledCall(this.exports, this.map)
  }

  /** To be called when the interpreter asks for the time in a scheduled call. Gives the milliseconds it took, if it has collected. */
  onTimeAsked(): number | null {
    // The scheduled call asks twice: when it begins to wait, and whether it has waited long enough.
    this.isSecondAsk = !this.isSecondAsk
    if (this.isSecondAsk) return null
    const isRetry = this.retriesLeft > 0
    if (!isRetry) this.retriesLeft = RETRIES + 1
    this.retriesLeft--
    const stack = this.exports.emscripten_stack_get_current()
    // As deep as it was, or deeper, it is most likely still in the call that made it unsafe.
    if ((isRetry && stack <= this.unsafeStack) || !this.isSafe()) {
      this.unsafeStack = isRetry ? Math.max(this.unsafeStack, stack) : stack
      if (this.retriesLeft > 0) requestCollection(this.access)
      return null
    }
    this.retriesLeft = 0
    const started = performance.now()
    this.collect()
    return performance.now() - started
  }

  private get access(): InterpreterAccess {
    return { memory: this.exports.memory.buffer, map: this.map, collectorMap: this.collectorMap }
  }

  private isSafe(): boolean {
    const calls = callsOnStack()
    return calls.length > 0 && calls.every(call => this.safeCalls.has(call))
  }

  /** The end of a call from the top collects if there is a reason to. For this one call, here is the top. */
  private collect(): void {
    const callDepth = this.collectorMap.callDepth / 4
    const depth = new Int32Array(this.exports.memory.buffer)[callDepth] ?? 0
    new Int32Array(this.exports.memory.buffer)[callDepth] = 0
    new Uint8Array(this.exports.memory.buffer).fill(0, this.reserved, this.reserved + RESERVED_BYTES)
    this.exports.mp_js_do_exec(this.reserved, 0, this.reserved + RESULT_OFFSET)
    new Int32Array(this.exports.memory.buffer)[callDepth] = depth
  }
}

function isInScheduledCall(exports: InterpreterExports, map: MemoryMap): boolean {
  return (new Int16Array(exports.memory.buffer)[map.schedulerState / 2] ?? 0) <= SCHEDULER_LOCKED
}

/** The present calls from one WebAssembly function to the next, by the numbers that V8 gives the functions. */
function callsOnStack(): readonly string[] {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = Number.POSITIVE_INFINITY
  const stack = new Error('stack').stack ?? ''
  Error.stackTraceLimit = limit
  const functions = Array.from(stack.matchAll(/wasm-function\[(\d+)\]/g), ([, number]) => number ?? '')
  return functions.map((name, index) => `${functions[index + 1] ?? 'top'} calls ${name}`)
}

function findCollectorMap(exports: InterpreterExports, map: MemoryMap, listen: (onTimeAsked: () => void) => void): CollectorMap {
  const data: StaticData = map.data
  const before = staticWords(exports, data)
  const states: Int32Array[] = []
  listen(() => {
    states.push(staticWords(exports, data))
    if (states.length === 1) execute(exports, 'from time import sleep_ms\nsleep_ms(0)')
  })
  const callback = integerOf(exports, 'import time', 'id(time.sleep_ms)')
  execute(exports, 'import micropython, time\nmicropython.schedule(time.sleep_ms, 0); time.sleep_ms(0)\nfor i in 0, 1: pass')
  listen(() => {})
  const [once, twice] = states
  if (once === undefined || twice === undefined) throw unknownBuild('the clock')
  const after = staticWords(exports, data)
  execute(exports, 'del micropython, time, sleep_ms, i')

  const queues = findIndexes(once, index => once[index] === callback && once[index + 1] === SMALL_INT_ZERO)
  const depths = findIndexes(once, index => before[index] === 0 && once[index] === 1 && twice[index] === 2)
  const [queue, depth] = [queues[0], depths[0]]
  if (queue === undefined || queues.length !== 1) throw unknownBuild('the scheduled calls')
  if (depth === undefined || depths.length !== 1) throw unknownBuild('the depth of calls')

  const bytes = (words: Int32Array): Uint8Array => new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  const byteAt = (words: Int32Array, address: number): number | undefined => bytes(words)[address - data.start]
  const nearby = Array.from({ length: 16 }, (_, offset) => map.schedulerState + 2 + offset)
  const queueLength = nearby.find(address => byteAt(before, address) === 0 && byteAt(once, address) === 1 && byteAt(after, address) === 0)
  if (queueLength === undefined || byteAt(before, queueLength + 1) !== 0 || byteAt(after, queueLength + 1) !== 1)
    throw unknownBuild('the number of scheduled calls')
  return { queue: data.start + queue * 4, queueLength, queueStart: queueLength + 1, callDepth: data.start + depth * 4, callback }
}
