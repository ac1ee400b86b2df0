import { type MemoryMap, SCHEDULER_IDLE, SCHEDULER_PENDING, TRACEBACK_OFFSET } from './memory-map'

interface InterruptAccess {
  readonly memory: SharedArrayBuffer
  readonly map: MemoryMap
}

/** The byte that interrupts the code that runs now; null while none runs, or none does (`micropython.kbd_intr(-1)`). */
export function readInterruptChar({ memory, map }: InterruptAccess): number | null {
  const char = Atomics.load(new Int32Array(memory), map.interruptChar / 4)
  return char < 0 ? null : char
}

/** What `mp_sched_keyboard_interrupt` does in the firmware's receive interrupt, done from another thread. */
export function interruptBoard({ memory, map }: InterruptAccess): void {
  const words = new Int32Array(memory)
  Atomics.store(words, (map.keyboardInterrupt + TRACEBACK_OFFSET) / 4, 0)
  Atomics.store(words, map.pendingException / 4, map.keyboardInterrupt)
  Atomics.compareExchange(new Int16Array(memory), map.schedulerState / 2, SCHEDULER_IDLE, SCHEDULER_PENDING)
}
