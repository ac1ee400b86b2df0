import type { Logger } from '../../../electron/core/base/logger'
import { SessionManager, type SessionManagerOptions } from '../../../electron/core/sessions/manager'
import type { OpenInput } from '../../../shared/contract'
import { MusterError } from '../../../shared/errors'
import type { ManagerStatus, PortInfo, SessionEvent, SessionSnapshot } from '../../../shared/model'
import { FakeClock } from '../../fakes/fake-clock'
import { FakeProtocols } from '../../fakes/fake-protocol'
import { FakeTransportFactory } from '../../fakes/fake-transport'

/** A session manager on a clock and boards that the test holds in its hands. */
export class SessionBench {
  readonly clock = new FakeClock()
  readonly transports = new FakeTransportFactory()
  readonly protocols = new FakeProtocols()
  readonly ports = new Map<string, PortInfo>()
  readonly events: SessionEvent[] = []
  readonly statuses: ManagerStatus[] = []
  readonly logged: string[] = []
  readonly manager: SessionManager

  constructor(options: Partial<Pick<SessionManagerOptions, 'limit' | 'newId' | 'platform'>> = {}) {
    const log = (message: string): void => void this.logged.push(message)
    const logger: Logger = { debug: log, info: log, warn: log, error: log }
    this.manager = new SessionManager({
      clock: this.clock,
      logger,
      transports: this.transports,
      createProtocol: this.protocols.create,
      lookUpPort: path => this.ports.get(path),
      platform: 'linux',
      ...options,
    })
    this.manager.onEvent(event => this.events.push(event))
    this.manager.onStatus(status => this.statuses.push(status))
  }

  open(port = '/dev/ttyACM0', input: Omit<OpenInput, 'port'> = {}): Promise<SessionSnapshot> {
    return this.manager.open({ port, ...input })
  }

  /** What happened to a session, without its counters. */
  story(sessionId?: string): readonly string[] {
    return this.events
      .filter(event => event.type !== 'infoUpdated' && (sessionId === undefined || event.sessionId === sessionId))
      .map(event => {
        if (event.type === 'stateChanged') return `${event.previous} > ${event.snapshot.state}`
        if (event.type === 'phaseChanged') return `phase ${event.snapshot.phase}`
        return event.reason === undefined ? event.type : `${event.type} ${event.reason}`
      })
  }

  /** The id of the session that was created last. */
  get latestId(): string {
    const created = this.events.filter(event => event.type === 'created').at(-1)
    if (created === undefined) throw new Error('No session was created.')
    return created.sessionId
  }

  /** Everything that lives on although it should not: listeners on transports and protocols, timers besides the ticker. */
  get leftovers(): { readonly listeners: number; readonly timers: number } {
    const nodes = [...this.transports.made, ...this.protocols.made]
    const listeners = nodes.reduce((sum, node) => sum + node.listenerCount, 0)
    const ticker = this.manager.state === 'Active' || this.manager.state === 'Shutdown' ? 1 : 0
    return { listeners, timers: this.clock.pendingTimers - ticker }
  }

  /** Also lets the throttled figures out. */
  async quiet(): Promise<void> {
    await this.clock.advance(250)
  }
}

/** The error that a call is to end with. */
export async function failureOf(call: Promise<unknown>): Promise<MusterError> {
  try {
    await call
  } catch (error) {
    if (error instanceof MusterError) return error
    throw error
  }
  throw new Error('The call was to fail, and did not.')
}
