import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import type { Logger } from '../../base/logger'
import type { Settings } from '../../config/settings'

/** What a filter may use of its session. */
export interface FilterContext {
  readonly sessionId: string
  /** Board and port as a person says them. */
  readonly sessionName: string
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: () => Settings
  /** Stops the reading of the port until the result is disposed, which holds the board back. */
  holdPort(): Disposable
}
