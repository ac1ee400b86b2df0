import type { MusterError } from '../../../../shared/errors'
import type { FilterInfo, FilterPlace, FilterSpec, IdleKind } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import type { Logger } from '../../base/logger'
import type { Settings } from '../../config/settings'
import { tailFlowOf } from './chain-ways'
import type { Filter, Message } from './filter'
import type { FilterContext } from './filter-context'
import { type ChainSubject, chainBusy, chainEnded, filterThrew } from './filter-errors'
import { FilterHooks } from './filter-hooks'
import { checkFilters, indexOfFilter, inserted } from './filter-list'
import { createFilter, FILTER_TYPES, type FilterTypes } from './filter-types'
import { type ChainEnds, MessageFlow } from './message-flow'

export interface FilterChainOptions {
  readonly sessionId: string
  /** Board and port as a person says them. */
  readonly name: string
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: () => Settings
  readonly ends: ChainEnds
  readonly types?: FilterTypes
}

/**
 * The filters of one session, from the port (head) to the readers (tail).
 *
 * Up to the first filter that makes text of bytes the chain is its bytes part; there, in the middle, sits the protocol,
 * which a codec therefore never disturbs. Messages of one direction go one after the other; where no filter waits, each goes
 * all of its way within the call that brought it.
 *
 * A change takes effect from the next message. Changes wait for each other.
 */
export class FilterChain {
  private readonly subject: ChainSubject
  private readonly context: FilterContext
  private readonly hooks: FilterHooks
  private readonly types: FilterTypes
  private readonly flow: MessageFlow
  private filters: readonly Filter[] = []
  private changes: Promise<void> = Promise.resolve()
  private hasEnded = false
  private disposing: Promise<void> | null = null

  constructor(private readonly options: FilterChainOptions) {
    const { sessionId, name, clock, logger, settings, types, ends } = options
    this.subject = { sessionId, name }
    this.types = types ?? FILTER_TYPES
    this.hooks = new FilterHooks(this.subject, clock, logger, () => settings().session.connectionTimeoutMs)
    this.flow = new MessageFlow({
      ends,
      failed: (filter, error) => this.filterFailed(filter, error),
      endFailed: error => this.exception(error),
    })
    this.context = { sessionId, sessionName: name, clock, logger, settings, holdPort: () => this.flow.holdPort() }
  }

  // Messages.

  /** Bytes from the port. */
  receive(bytes: Uint8Array): void {
    if (!this.hasEnded) this.flow.receive(bytes)
  }

  /** The protocol's bytes, from the end of the bytes part. Rejects with what the port says, or with why a filter failed. */
  sendBytes(bytes: Uint8Array): Promise<void> {
    return this.hasEnded ? Promise.reject(chainEnded(this.subject)) : this.flow.send(bytes, 'protocol')
  }

  /** From the tail. Text goes as UTF-8; through a codec, as a line of its own. Rejects like `sendBytes`. */
  send(message: Message): Promise<void> {
    return this.hasEnded ? Promise.reject(chainEnded(this.subject)) : this.flow.send(message, 'tail')
  }

  /** Messages that have not left the chain, and their bytes. */
  get pendingWrites(): number {
    return this.flow.pendingWrites
  }

  get pendingWriteBytes(): number {
    return this.flow.pendingWriteBytes
  }

  /** Whether the port is to rest. A connection that is made meanwhile begins like this. */
  get isPaused(): boolean {
    return this.flow.isPaused
  }

  /** The connection is gone: what came from it goes no further, and what has not been sent rejects with this error. */
  abandon(error: Error): void {
    const unsent = this.flow.drop()
    this.tell('letting go of what is on its way', filter => filter.abandoned?.())
    for (const sending of unsent) sending.reject(error)
  }

  // Events, from head to tail.

  /** Rejects with `FilterError` (`hook-failed`): the session can't be opened then. */
  created(): Promise<void> {
    return this.begin('the session was made', filter => filter.created?.())
  }

  /** Rejects like `created`. */
  opened(): Promise<void> {
    return this.begin('the session was opened', filter => filter.opened?.())
  }

  inputClosed(): void {
    this.tell('hearing of a lost board', filter => filter.inputClosed?.())
  }

  /** From tail to head. */
  closing(): void {
    for (const filter of [...this.filters].reverse()) void this.hooks.runLast(filter, 'hearing of the close', () => filter.closing?.())
  }

  /** Never rejects. */
  async closed(): Promise<void> {
    for (const filter of this.filters) {
      const going = this.hooks.runLast(filter, 'the session was closed', () => filter.closed?.())
      if (going !== undefined) await going
    }
  }

  idle(kind: IdleKind, count: number): void {
    this.tell('hearing of an idle session', filter => filter.idle?.(kind, count))
  }

  exception(error: unknown): void {
    this.tell('hearing of an exception', filter => filter.exceptionCaught?.(error))
    const { ends, logger } = this.options
    try {
      ends.onException?.(error)
    } catch (failure) {
      logger.error('A session failed on hearing of an exception.', { ...this.subject, error: failure })
    }
  }

  // Changes. All of them reject with `FilterError` or `InvalidArgument`, and with `SessionNotReady` after the end.

  list(): readonly FilterInfo[] {
    return this.filters.map(filter => ({ ...filter.spec, accepts: filter.accepts, produces: filter.produces, report: filter.report() }))
  }

  /** The filters that a session begins with. Stops at the first that can't be added, or that can't begin. */
  async install(specs: readonly FilterSpec[]): Promise<void> {
    for (const spec of specs) await this.add(spec)
    await this.created()
  }

  add(spec: FilterSpec, place: FilterPlace = { at: 'last' }): Promise<void> {
    return this.change(async () => {
      const filter = createFilter(spec, this.context, this.types)
      await this.bringIn(filter, inserted(this.filters, filter, place, this.subject), null)
    })
  }

  replace(name: string, spec: FilterSpec): Promise<void> {
    return this.change(async () => {
      const index = indexOfFilter(this.filters, name, this.subject)
      const filter = createFilter(spec, this.context, this.types)
      await this.bringIn(filter, [...this.filters.slice(0, index), filter, ...this.filters.slice(index + 1)], this.filters[index] ?? null)
    })
  }

  remove(name: string): Promise<void> {
    return this.change(() => this.takeOut(name))
  }

  clear(): Promise<void> {
    return this.change(async () => {
      for (const { spec } of [...this.filters].reverse()) await this.takeOut(spec.name)
    })
  }

  move(name: string, place: FilterPlace): Promise<void> {
    return this.change(async () => {
      const index = indexOfFilter(this.filters, name, this.subject)
      const filter = this.filters[index]
      if (filter === undefined || ('before' in place && place.before === name) || ('after' in place && place.after === name)) return
      const list = inserted(
        this.filters.filter(other => other !== filter),
        filter,
        place,
        this.subject,
      )
      checkFilters(list, this.subject)
      this.apply(list)
    })
  }

  /** Ends the chain: what waits to be sent rejects, and the filters go, from tail to head. Never rejects; idempotent. */
  dispose(): Promise<void> {
    this.disposing ??= this.takeDown()
    return this.disposing
  }

  private async takeDown(): Promise<void> {
    const { hooks } = this
    this.hasEnded = true
    hooks.end()
    const unsent = this.flow.drop()
    for (const filter of [...this.filters].reverse()) {
      const going = hooks.runLast(filter, 'the session was ended', () => filter.preRemove?.(rest => this.logRest(filter, rest)))
      if (going !== undefined) await going
      const gone = hooks.runLast(filter, 'the session was ended', () => filter.postRemove?.())
      if (gone !== undefined) await gone
    }
    this.filters = []
    for (const sending of unsent) sending.reject(chainEnded(this.subject))
  }

  private change(work: () => Promise<void>): Promise<void> {
    const changed = this.changes.then(() => {
      if (this.hasEnded) throw chainEnded(this.subject)
      return work()
    })
    this.changes = changed.catch(() => {})
    return changed
  }

  /** Puts a filter into its list, in the place of another or in addition, or leaves everything as it was. */
  private async bringIn(filter: Filter, list: readonly Filter[], replaced: Filter | null): Promise<void> {
    const { hooks } = this
    checkFilters(list, this.subject)
    await hooks.run(filter, 'it was about to be added', () => filter.preAdd?.())
    await this.whenQuiet(list, replaced, async () => {
      const before = this.filters
      const flush = replaced === null ? null : this.flow.flushFor(replaced)
      this.apply(list)
      try {
        await hooks.run(filter, 'it was added', () => filter.postAdd?.())
        if (replaced !== null && flush !== null) await hooks.run(replaced, 'it was about to be replaced', () => replaced.preRemove?.(flush))
      } catch (error) {
        this.apply(before)
        await hooks.runLast(filter, 'it was taken out again', () => filter.postRemove?.())
        throw error
      }
      if (replaced !== null) await hooks.runLast(replaced, 'it was replaced', () => replaced.postRemove?.())
    })
  }

  private async takeOut(name: string): Promise<void> {
    const filter = this.filters[indexOfFilter(this.filters, name, this.subject)]
    if (filter === undefined) return
    const list = this.filters.filter(other => other !== filter)
    checkFilters(list, this.subject)
    await this.whenQuiet(list, filter, async () => {
      await this.hooks.run(filter, 'it was about to be removed', () => filter.preRemove?.(this.flow.flushFor(filter)))
      this.apply(list)
      await this.hooks.runLast(filter, 'it was removed', () => filter.postRemove?.())
    })
  }

  /**
   * What flows at the tail changes between two messages, never during one: those on their way are waited for, and those
   * that come meanwhile wait. Other changes need no such care.
   */
  private async whenQuiet(list: readonly Filter[], leaving: Filter | null, work: () => Promise<void>): Promise<void> {
    const converts = leaving !== null && leaving.accepts !== leaving.produces
    if (!converts && tailFlowOf(list) === this.flow.tailFlow) {
      await work()
      return
    }
    try {
      const limitMs = this.options.settings().session.connectionTimeoutMs
      if (!(await this.hooks.settles(this.flow.hold(), limitMs))) throw chainBusy(this.subject)
      await work()
    } finally {
      this.flow.release()
    }
  }

  private logRest(filter: Filter, rest: Message): void {
    const { logger, settings } = this.options
    const what = settings().logging.snippets ? { rest: String(rest) } : { length: rest.length }
    logger.info('A filter held a remainder when its session ended.', { ...this.subject, filter: filter.spec.name, ...what })
  }

  private apply(list: readonly Filter[]): void {
    if (this.hasEnded) return
    this.filters = list
    this.flow.setFilters(list)
  }

  private filterFailed(filter: Filter, error: unknown): MusterError {
    const failure = filterThrew(this.subject, filter.spec.name, error)
    this.exception(failure)
    return failure
  }

  private async begin(when: string, event: (filter: Filter) => void | Promise<void>): Promise<void> {
    for (const filter of this.filters) {
      await this.hooks.run(filter, when, event).catch(error => {
        this.exception(error)
        throw error
      })
    }
  }

  private tell(doing: string, event: (filter: Filter) => void): void {
    for (const filter of this.filters) void this.hooks.runLast(filter, doing, event)
  }
}
