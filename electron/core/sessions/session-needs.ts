import type { CloseResult, DisconnectReason, SessionSnapshot } from '../../../shared/model'
import type { Clock } from '../base/clock'
import type { Logger } from '../base/logger'
import type { BoardProtocolFactory } from '../micropython/board-protocol'
import type { TransportFactory } from '../transport/transport'
import type { PortReservation } from './port-reservations'
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
}

export interface SessionNeeds {
  readonly clock: Clock
  readonly logger: Logger
  readonly transports: TransportFactory
  readonly createProtocol: BoardProtocolFactory
  readonly reservation: PortReservation
  readonly host: SessionHost
}

export interface CloseOptions {
  /** `flush` lets the running execution finish; neither lets those begin that wait. */
  readonly mode: 'flush' | 'now'
  readonly reason: Extract<DisconnectReason, 'client-close' | 'gateway-shutdown'>
}
