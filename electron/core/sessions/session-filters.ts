import type { FilterInfo, FilterPlace, FilterSpec } from '../../../shared/model'
import type { FilterChain } from './filters/filter-chain'
import type { SessionFilters } from './session-io'

export interface FilterListener {
  /** Throws `SessionNotReady` when the chain can't be changed any more. */
  assertOpen(): void
  onChanged(): void
}

/** A session's filter chain as its users see it: every change counts as use of the session, and is told. */
export class ObservedFilters implements SessionFilters {
  constructor(
    private readonly chain: FilterChain,
    private readonly listener: FilterListener,
  ) {}

  list(): readonly FilterInfo[] {
    return this.chain.list()
  }

  add(filter: FilterSpec, place: FilterPlace): Promise<void> {
    return this.change(() => this.chain.add(filter, place))
  }

  remove(name: string): Promise<void> {
    return this.change(() => this.chain.remove(name))
  }

  replace(name: string, filter: FilterSpec): Promise<void> {
    return this.change(() => this.chain.replace(name, filter))
  }

  move(name: string, place: FilterPlace): Promise<void> {
    return this.change(() => this.chain.move(name, place))
  }

  clear(): Promise<void> {
    return this.change(() => this.chain.clear())
  }

  private async change(make: () => Promise<unknown>): Promise<void> {
    this.listener.assertOpen()
    await make()
    this.listener.onChanged()
  }
}
