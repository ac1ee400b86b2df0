import type { Clock } from '../../base/clock'
import type { Logger } from '../../base/logger'
import type { SettingsSource } from '../../config/settings'
import type { SessionMetrics } from '../../metrics/session-metrics'
import type { BoardProtocolFactory } from '../../micropython/board-protocol'
import type { TransportFactory } from '../../transport/transport'
import type { AttributeStoreFactory } from '../attributes/attribute-store'
import type { PortSource } from '../requests/port-lookup'
import type { DeviceLocator } from '../session-needs'

/** What the session manager is given to work with. */
export interface SessionManagerOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: SettingsSource
  readonly metrics: SessionMetrics
  readonly transports: TransportFactory
  readonly createProtocol: BoardProtocolFactory
  readonly attributeStores: AttributeStoreFactory
  readonly devices: DeviceLocator
  readonly ports: PortSource
  /** 32 hex digits, never the same twice. */
  readonly newId?: () => string
  readonly platform?: NodeJS.Platform
}
