import { systemClock } from '../../electron/core/base/clock'
import { silentLogger } from '../../electron/core/base/logger'
import { noMetrics } from '../../electron/core/metrics/session-metrics'
import { SessionManager } from '../../electron/core/sessions/manager/manager'
import { FakeAttributeStores } from '../fakes/fake-attributes'
import { FakeDevices } from '../fakes/fake-devices'
import { CountingClients } from '../fakes/fake-protocol'
import { FakeSettings } from '../fakes/fake-settings'
import { RecordingFactory } from '../fakes/transport-factories'

/** A session manager on the real clock, with boards that answer everything at once and say nothing by themselves. */
export class FakeFleet {
  readonly manager: SessionManager
  private readonly transports = new RecordingFactory()
  private readonly protocols = new CountingClients()
  private opened = 0

  constructor(limit: number) {
    this.protocols.prepare = protocol => {
      protocol.answer = () => ({ outcome: 'ok' })
    }
    const devices = new FakeDevices()
    this.manager = new SessionManager({
      clock: systemClock,
      logger: silentLogger,
      settings: new FakeSettings({ maxConcurrentSessions: limit }),
      metrics: noMetrics,
      transports: this.transports,
      createProtocol: this.protocols.create,
      attributeStores: new FakeAttributeStores(),
      devices,
      ports: { find: () => undefined, locate: deviceKey => devices.locate(deviceKey), refusal: () => null },
      platform: 'linux',
    })
    // As the app does: somebody hears of everything.
    this.manager.onEvent(() => {})
    this.manager.onStatus(() => {})
  }

  /** All at once. Resolves when every one is ready. */
  async open(count: number): Promise<void> {
    const ports = Array.from({ length: count }, (_, index) => `/dev/ttyFAKE${this.opened + index}`)
    this.opened += count
    await Promise.all(ports.map(port => this.manager.open({ port })))
    if (this.manager.status.open !== this.opened) throw new Error(`${this.manager.status.open} of ${this.opened} sessions are open.`)
  }

  async close(): Promise<void> {
    await this.manager.shutdown({ timeoutMs: 5_000 })
  }
}
