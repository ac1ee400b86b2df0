import type { Result } from '../../shared/contract'
import type { PortInfo, PortSettings, ResetKind } from '../../shared/model'
import type { Client } from '../bridge/client'
import type { AppStores } from './app-stores'
import { addNotice } from './notices-store'
import { addPorts } from './ports-store'

/** Control over the board of an open session. What is refused becomes a notice. */
export interface ControlCommands {
  /** Leaves the interrupt on its rung, or climbs at once. */
  interrupt(sessionId: string, step: 'hold' | 'next'): Promise<void>
  reset(sessionId: string, kind: ResetKind): Promise<void>
  /** Interrupts the program of a board that was only watched. */
  takeOver(sessionId: string): Promise<void>
  watch(sessionId: string): Promise<void>
  /** The caller shows the error: it has the fields to show it at. */
  configurePort(path: string, settings: Partial<PortSettings>): Promise<Result<PortInfo>>
}

export function createControlCommands(client: Client, stores: AppStores): ControlCommands {
  const tell = (result: Result<unknown>): void => {
    if (!result.ok && result.error.reason !== 'cancelled') addNotice(stores.notices, result.error)
  }
  return {
    async interrupt(sessionId, step) {
      tell(await client.call('sessions:interrupt', { sessionId, step }))
    },
    async reset(sessionId, kind) {
      tell(await client.call('sessions:reset', { sessionId, kind }))
    },
    async takeOver(sessionId) {
      tell(await client.call('sessions:takeOver', { sessionId }))
    },
    async watch(sessionId) {
      tell(await client.call('sessions:watch', { sessionId }))
    },
    async configurePort(path, settings) {
      const result = await client.call('ports:configure', { path, settings })
      if (result.ok) addPorts(stores.ports, [result.value])
      return result
    },
  }
}
