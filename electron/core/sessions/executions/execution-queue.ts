import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import type { Execution } from './execution'

/**
 * The executions of one session that wait for their turn: first in, first out, up to a limit. None waits longer than it
 * may run.
 */
export class ExecutionQueue {
  private readonly waiting = new Map<Execution, Disposable | null>()

  constructor(
    private readonly clock: Clock,
    private readonly capacity: number,
    /** An execution has waited too long; it is no longer in the queue. */
    private readonly onWaitedTooLong: (execution: Execution) => void,
  ) {}

  get length(): number {
    return this.waiting.size
  }

  /** False when the queue is full. */
  push(execution: Execution): boolean {
    if (this.waiting.size >= this.capacity) return false
    const giveUp = (): void => {
      this.waiting.delete(execution)
      this.onWaitedTooLong(execution)
    }
    const limit = execution.timeoutMs === null ? null : this.clock.after(execution.timeoutMs, giveUp)
    this.waiting.set(execution, limit)
    return true
  }

  /** The one that has waited longest. */
  shift(): Execution | undefined {
    for (const execution of this.waiting.keys()) return this.take(execution)
    return undefined
  }

  remove(executionId: string): Execution | undefined {
    for (const execution of this.waiting.keys()) if (execution.executionId === executionId) return this.take(execution)
    return undefined
  }

  takeAll(): readonly Execution[] {
    return [...this.waiting.keys()].map(execution => this.take(execution))
  }

  private take(execution: Execution): Execution {
    this.waiting.get(execution)?.dispose()
    this.waiting.delete(execution)
    return execution
  }
}
