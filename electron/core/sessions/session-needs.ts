import type { CloseResult, DisconnectReason, PortInfo, SessionSnapshot } from '../../../shared/model'
import type { Clock } from '../base/clock'
import type { Event } from '../base/emitter'
import type { Logger } from '../base/logger'
import type { Settings } from '../config/settings'
import type { SessionMetrics } from '../metrics/session-metrics'
import type { BoardHabits } from '../micropython/board-habits'
import type { BoardProtocolFactory } from '../micropython/board-protocol'
import type { TransportFactory } from '../transport/transport'
import type { AttributeStoreFactory } from './attributes/attribute-store'
import type { PortReservation } from './manager/port-reservations'
import type { Happening } from './session-events'

interface RetiredSession {
  readonly sessionId: string
  readonly snapshot: SessionSnapshot
}

/** What a session needs of its manager. */
export interface SessionHost {
  /** Takes the session out of the registry; with a result, it is remembered as closed. */
  retire(session: RetiredSession, result: CloseResult | null): void
  publish(happenings: readonly Happening[]): void
  /** Awaited before a session is handed over; bounded by the session's connection time-out by the caller. */
  runConnectedHooks(snapshot: SessionSnapshot): Promise<void>
}

/** Where a device is at the moment. */
export interface DeviceLocator {
  /** The port of the device with this key; null while it is not there. A `path:` key is its own port. */
  locate(deviceKey: string): string | null
  /** Some device came or went. */
  readonly onChanged: Event<void>
  /** While anyone holds this, ports are looked for more often. */
  watchClosely(): { dispose(): void }
}

export interface SessionNeeds {
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: () => Settings
  readonly metrics: SessionMetrics
  readonly transports: TransportFactory
  readonly createProtocol: BoardProtocolFactory
  /** What is known of the board from earlier connections. */
  readonly habits: BoardHabits
  readonly attributeStores: AttributeStoreFactory
  readonly devices: DeviceLocator
  /** What the list knows of a port. */
  readonly findPort: (path: string) => PortInfo | undefined
  /** Null for a group session. */
  readonly reservation: PortReservation | null
  readonly host: SessionHost
}

export interface CloseOptions {
  /** `flush` lets the running execution finish; neither lets those begin that wait. */
  readonly mode: 'flush' | 'now'
  readonly reason: Extract<DisconnectReason, 'client-close' | 'gateway-shutdown' | 'lease-expired' | 'idle-timeout' | 'pool-evicted'>
}
