/** What the host does to a running interpreter from outside, through the memory they share. */
import { type InterpreterAccess, SCHEDULER_IDLE, SCHEDULER_PENDING, SMALL_INT_ZERO, TRACEBACK_OFFSET } from './memory-map'

/** The byte that interrupts the code that runs now; null while none runs, or none does (`micropython.kbd_intr(-1)`). */
export function readInterruptChar({ memory, map }: InterpreterAccess): number | null {
  const char = Atomics.load(new Int32Array(memory), map.interruptChar / 4)
  return char < 0 ? null : char
}

/** What `mp_sched_keyboard_interrupt` does in the firmware's receive interrupt. */
export function interruptCode({ memory, map }: InterpreterAccess): void {
  const words = new Int32Array(memory)
  Atomics.store(words, (map.keyboardInterrupt + TRACEBACK_OFFSET) / 4, 0)
  Atomics.store(words, map.pendingException / 4, map.keyboardInterrupt)
  markPending(memory, map.schedulerState)
}

/** Has garbage collected at the next chance, see `Collector`. Does nothing while the program's own scheduled calls wait. */
export function requestCollection({ memory, map, collectorMap }: InterpreterAccess): void {
  const bytes = new Uint8Array(memory)
  const words = new Int32Array(memory)
  if (Atomics.load(bytes, collectorMap.queueLength) !== 0) return
  const item = collectorMap.queue / 4 + Atomics.load(bytes, collectorMap.queueStart) * 2
  Atomics.store(words, item, collectorMap.callback)
  Atomics.store(words, item + 1, SMALL_INT_ZERO)
  Atomics.store(bytes, collectorMap.queueLength, 1)
  markPending(memory, map.schedulerState)
}

function markPending(memory: SharedArrayBuffer, schedulerState: number): void {
  Atomics.compareExchange(new Int16Array(memory), schedulerState / 2, SCHEDULER_IDLE, SCHEDULER_PENDING)
}
