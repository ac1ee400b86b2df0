import type { LogData, Logger } from '../../../../electron/core/base/logger'
import { DEFAULT_SETTINGS } from '../../../../electron/core/config/default-settings'
import type { Settings } from '../../../../electron/core/config/settings'
import type { Filter, Message } from '../../../../electron/core/sessions/filters/filter'
import { FilterChain } from '../../../../electron/core/sessions/filters/filter-chain'
import { FILTER_TYPES, type FilterTypes } from '../../../../electron/core/sessions/filters/filter-types'
import type { FilterSpec } from '../../../../shared/model'
import { FakeClock } from '../../../fakes/fake-clock'

export interface LoggedLine {
  readonly level: keyof Logger
  readonly message: string
  readonly data: LogData
}

/** A chain whose ends write down what comes to them; text is told from bytes by its quotes. */
export class ChainBench {
  readonly clock = new FakeClock()
  settings: Settings = DEFAULT_SETTINGS
  readonly protocol: string[] = []
  readonly readers: string[] = []
  readonly port: string[] = []
  /** Everything in the order in which it came, with where it came to. */
  readonly all: string[] = []
  readonly pauses: boolean[] = []
  readonly exceptions: unknown[] = []
  readonly lines: LoggedLine[] = []
  /** What the port answers to a write. */
  onWrite: (bytes: Uint8Array) => Promise<void> = () => Promise.resolve()
  onMessage: (message: Message) => void = () => {}
  onException: (error: unknown) => void = () => {}
  /** Filters of a test's own, by name: a spec of any type with that name gets this one. */
  private readonly own = new Map<string, Partial<Filter>>()
  readonly chain: FilterChain

  constructor() {
    this.chain = new FilterChain({
      sessionId: 'session-1',
      name: 'the board on /dev/ttyTEST0',
      clock: this.clock,
      logger: this.logger,
      settings: () => this.settings,
      types: this.types,
      ends: {
        toProtocol: bytes => this.note(this.protocol, 'protocol', bytes),
        toReaders: message => {
          this.note(this.readers, 'readers', message)
          this.onMessage(message)
        },
        toPort: bytes => {
          this.note(this.port, 'port', bytes)
          return this.onWrite(bytes)
        },
        setPaused: paused => this.pauses.push(paused),
        onException: error => {
          this.exceptions.push(error)
          this.onException(error)
        },
      },
    })
  }

  /** A filter that does what the test says, and otherwise passes everything on. Its place in the table is `stats`. */
  async add(name: string, filter: Partial<Filter>, place?: Parameters<FilterChain['add']>[1]): Promise<void> {
    await this.chain.add(this.spec(name, filter), place)
  }

  spec(name: string, filter: Partial<Filter>): FilterSpec {
    this.own.set(name, filter)
    return { name, type: 'stats' }
  }

  get names(): readonly string[] {
    return this.chain.list().map(({ name }) => name)
  }

  report(name: string): Record<string, string> {
    const report = this.chain.list().find(filter => filter.name === name)?.report ?? []
    return Object.fromEntries(report.map(({ label, value }) => [label, value]))
  }

  private get types(): FilterTypes {
    return {
      ...FILTER_TYPES,
      stats: {
        ...FILTER_TYPES.stats,
        create: (spec, context) => {
          const own = this.own.get(spec.name)
          if (own === undefined) return FILTER_TYPES.stats.create(spec, context)
          return { accepts: 'message', produces: 'message', report: () => [], ...own, spec }
        },
      },
    }
  }

  private get logger(): Logger {
    const at =
      (level: keyof Logger) =>
      (message: string, data: LogData = {}): void => {
        this.lines.push({ level, message, data })
      }
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  }

  private note(list: string[], where: string, message: Message): void {
    const text = typeof message === 'string' ? `'${message}'` : Buffer.from(message).toString('latin1')
    list.push(text)
    this.all.push(`${where} ${text}`)
  }
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text)
}

/** A promise whose end the test decides. */
export class Gate {
  open: () => void = () => {}
  readonly opened = new Promise<void>(resolve => {
    this.open = resolve
  })
}
