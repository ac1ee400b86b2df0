import type { LogData, Logger } from '../../../electron/core/base/logger'
import type { Settings } from '../../../electron/core/config/settings'
import { SessionManager } from '../../../electron/core/sessions/manager/manager'
import type { SessionManagerOptions } from '../../../electron/core/sessions/manager/manager-options'
import type { OpenInput } from '../../../shared/contract'
import { MusterError } from '../../../shared/errors'
import type { ManagerState, ManagerStatus, PortInfo, SessionEvent, SessionSnapshot } from '../../../shared/model'
import { FakeAttributeStores } from '../../fakes/fake-attributes'
import { FakeClock } from '../../fakes/fake-clock'
import { FakeDevices } from '../../fakes/fake-devices'
import { CountingClients } from '../../fakes/fake-protocol'
import { FakeSettings } from '../../fakes/fake-settings'
import { RecordingMetrics } from '../../fakes/recording-metrics'
import { RecordingFactory } from '../../fakes/transport-factories'

interface BenchOptions extends Partial<Pick<SessionManagerOptions, 'newId' | 'platform' | 'ports' | 'attributeStores' | 'transports'>> {
  readonly limit?: number
  readonly settings?: Partial<Settings>
}

/** A session manager on a clock and boards that the test holds in its hands. */
export class SessionBench {
  readonly clock = new FakeClock()
  readonly transports = new RecordingFactory()
  readonly protocols = new CountingClients()
  readonly settings: FakeSettings
  readonly devices = new FakeDevices()
  readonly attributes = new FakeAttributeStores()
  readonly metrics = new RecordingMetrics()
  readonly ports = new Map<string, PortInfo>()
  /** Ports that may not be opened, with the sentence that says so. */
  readonly refusals = new Map<string, string>()
  readonly events: SessionEvent[] = []
  readonly statuses: ManagerStatus[] = []
  readonly managerStates: ManagerState[] = []
  readonly logged: string[] = []
  readonly logData: LogData[] = []
  readonly manager: SessionManager

  constructor({ limit, settings, ...options }: BenchOptions = {}) {
    const log = (message: string, data: LogData = {}): void => {
      this.logged.push(message)
      this.logData.push(data)
    }
    const logger: Logger = { debug: log, info: log, warn: log, error: log }
    this.settings = new FakeSettings({ ...settings, ...(limit !== undefined && { maxConcurrentSessions: limit }) })
    this.manager = new SessionManager({
      clock: this.clock,
      logger,
      settings: this.settings,
      metrics: this.metrics,
      transports: this.transports,
      createProtocol: this.protocols.create,
      attributeStores: this.attributes,
      devices: this.devices,
      ports: {
        find: path => this.ports.get(path),
        locate: deviceKey => this.devices.locate(deviceKey),
        refusal: ({ path }) => this.refusals.get(path) ?? null,
      },
      platform: 'linux',
      ...options,
    })
    this.manager.onEvent(event => this.events.push(event))
    this.manager.onStatus(status => this.statuses.push(status))
    this.manager.onStateChanged(state => this.managerStates.push(state))
  }

  open(port = '/dev/ttyACM0', input: Omit<OpenInput, 'port'> = {}): Promise<SessionSnapshot> {
    return this.manager.open({ port, ...input })
  }

  /** What happened to a session, without its counters. */
  story(sessionId?: string): readonly string[] {
    return this.events
      .filter(
        event => event.type !== 'statistics' && event.type !== 'infoUpdated' && (sessionId === undefined || event.sessionId === sessionId),
      )
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

  /**
   * Everything that lives on although it should not: listeners on transports, protocols and devices, close watches, and
   * timers besides the ticker and the sweep of leases.
   */
  get leftovers(): { readonly listeners: number; readonly timers: number } {
    const nodes = [...this.transports.made, ...this.protocols.made, this.devices]
    const listeners = nodes.reduce((sum, node) => sum + node.listenerCount, 0) + this.devices.closeWatches
    const tickers = this.manager.state === 'Active' || this.manager.state === 'Shutdown' ? 2 : 0
    return { listeners, timers: this.clock.pendingTimers - tickers }
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
