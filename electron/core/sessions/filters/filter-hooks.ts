import { FILTER_LEAVE_MS } from '../../../../shared/limits'
import { type Clock, settlesWithin } from '../../base/clock'
import type { Logger } from '../../base/logger'
import type { Filter } from './filter'
import { type ChainSubject, hookFailed } from './filter-errors'

type Hook = (filter: Filter) => void | Promise<void>

/** Calls what a filter may do at its coming, its going and in between. None of it can hold up a session for ever. */
export class FilterHooks {
  private readonly ending = new AbortController()

  constructor(
    private readonly subject: ChainSubject,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly limitMs: () => number,
  ) {}

  /** Rejects with `FilterError` (`hook-failed`) when the hook does, when it takes too long, or when the chain ends meanwhile. */
  async run(filter: Filter, doing: string, hook: Hook): Promise<void> {
    try {
      const going = hook(filter)
      if (going === undefined) return
      const limitMs = this.limitMs()
      if (!(await this.settles(going, limitMs))) throw new Error(`It did not end within ${limitMs} ms`)
      await going
    } catch (error) {
      throw hookFailed(this.subject, filter.spec.name, doing, error)
    }
  }

  /** For what happens in any case: a failure is logged, and a hook that takes too long is left alone. Without waiting where it can be. */
  runLast(filter: Filter, doing: string, hook: Hook): void | Promise<void> {
    const failed = (error: unknown): void => {
      this.logger.warn('A filter failed.', { ...hookFailed(this.subject, filter.spec.name, doing, error).info })
    }
    try {
      const going = hook(filter)
      if (going === undefined) return
      return settlesWithin(this.clock, FILTER_LEAVE_MS, going.catch(failed)).then(() => {})
    } catch (error) {
      failed(error)
    }
  }

  /** Resolves when the work has settled, or when it took too long or the chain ends: then with false. */
  settles(work: Promise<unknown>, limitMs: number): Promise<boolean> {
    return settlesWithin(this.clock, limitMs, work, this.ending.signal)
  }

  /** Nothing is waited for any more, but for what `runLast` does. */
  end(): void {
    this.ending.abort()
  }
}
