import type { Result } from '../../shared/contract'
import type { ErrorInfo } from '../../shared/errors'
import { DEFAULT_BAUD_RATE } from '../../shared/limits'
import type { ExecutionResult, PortInfo } from '../../shared/model'
import type { Client } from '../bridge/client'
import type { AppStores } from './app-stores'
import { addNotice } from './notices-store'
import { addPorts, applyPortList } from './ports-store'
import { baudRateOf } from './preferences-store'
import { sessionOfPort } from './sessions-store'
import { activateTab, addTab, removeTab, selectPort, setFailure, setOpening } from './tabs-store'

/** What the user can do, in terms of ports. Errors without a place of their own become notices. */
export interface Commands {
  refreshPorts(): Promise<void>
  /** Opens a port, or shows its tab when it is open. A lost session is replaced. */
  open(port: string): Promise<void>
  /** Closes what is left of a lost session and opens the port anew. */
  reopen(port: string): Promise<void>
  /** Ends the port's session; the tab goes with it. Without a session, only the tab goes. */
  close(port: string): Promise<void>
  /** Gives up waiting for the board; for a close that hangs. */
  forceClose(port: string): Promise<void>
  /** The caller shows the error: it has a text field to show it at. */
  addPort(path: string): Promise<Result<PortInfo>>
  removePort(path: string): Promise<void>
  /** `open`: also opens the first of them, for the shortest way to a result. */
  simulate(count: number, options?: { readonly open: boolean }): Promise<void>
  stopSimulated(path: string): Promise<void>
  /** The caller shows the error next to the code. */
  execute(sessionId: string, code: string, timeoutMs: number): Promise<Result<ExecutionResult>>
  stop(sessionId: string): Promise<void>
}

/** Reasons for which a failed open has nothing to tell: the user ended it. */
const UNTOLD: ReadonlySet<ErrorInfo['reason']> = new Set(['closed-during-open', 'cancelled', 'shutdown'])

export function createCommands(client: Client, stores: AppStores): Commands {
  const tell = (result: Result<unknown>): void => {
    if (!result.ok) addNotice(stores.notices, result.error)
  }
  const sessionIdOf = (port: string): string | undefined => sessionOfPort(stores.sessions.getState(), port)?.sessionId

  const reopen = async (port: string): Promise<void> => {
    if (stores.tabs.getState().opening.has(port)) return
    const sessionId = sessionIdOf(port)
    setOpening(stores.tabs, port, true)
    if (sessionId !== undefined) {
      const closed = await client.call('sessions:close', { sessionId, mode: 'now' })
      if (!closed.ok && closed.error.code !== 'SessionNotFound' && closed.error.code !== 'CloseFailed') {
        setOpening(stores.tabs, port, false)
        tell(closed)
        return
      }
    }
    await openNow(port)
  }

  const openNow = async (port: string): Promise<void> => {
    setFailure(stores.tabs, port, null)
    setOpening(stores.tabs, port, true)
    addTab(stores.tabs, port)
    activateTab(stores.tabs, port)
    const baudRate = baudRateOf(stores.preferences.getState(), port)
    const result = await client.call('sessions:open', baudRate === DEFAULT_BAUD_RATE ? { port } : { port, baudRate })
    setOpening(stores.tabs, port, false)
    if (result.ok) return
    if (UNTOLD.has(result.error.reason)) removeTab(stores.tabs, port)
    else setFailure(stores.tabs, port, { error: result.error, at: Date.now() })
  }

  return {
    async refreshPorts() {
      const result = await client.call('ports:list', { refresh: true })
      if (result.ok) applyPortList(stores.ports, result.value)
      else tell(result)
    },
    async open(port) {
      selectPort(stores.tabs, port)
      if (stores.tabs.getState().opening.has(port)) return
      const session = sessionOfPort(stores.sessions.getState(), port)
      if (session?.state === 'Error') await reopen(port)
      else if (session === undefined) await openNow(port)
    },
    reopen,
    async close(port) {
      const sessionId = sessionIdOf(port)
      if (sessionId === undefined) {
        if (!stores.tabs.getState().opening.has(port)) removeTab(stores.tabs, port)
        return
      }
      // Whoever closes a board that runs something wants it to stop, not to wait for its end.
      const result = await client.call('sessions:close', { sessionId, mode: 'now' })
      if (!result.ok && result.error.code !== 'SessionNotFound') tell(result)
    },
    async forceClose(port) {
      const sessionId = sessionIdOf(port)
      if (sessionId !== undefined) tell(await client.call('sessions:kill', { sessionId }))
    },
    async addPort(path) {
      const result = await client.call('ports:add', { path })
      if (result.ok) {
        addPorts(stores.ports, [result.value])
        selectPort(stores.tabs, result.value.path)
      }
      return result
    },
    async removePort(path) {
      const result = await client.call('ports:remove', { path })
      tell(result)
      if (!result.ok) return
      setFailure(stores.tabs, path, null)
      if (sessionIdOf(path) === undefined) removeTab(stores.tabs, path)
    },
    async simulate(count, options) {
      const result = await client.call('simulated:start', { count })
      tell(result)
      if (!result.ok) return
      addPorts(stores.ports, result.value.ports)
      const first = result.value.ports[0]
      if (first === undefined) return
      selectPort(stores.tabs, first.path)
      if (options?.open === true) await openNow(first.path)
    },
    async stopSimulated(path) {
      tell(await client.call('simulated:stop', { path }))
    },
    execute: (sessionId, code, timeoutMs) => client.call('sessions:exec', { sessionId, code, timeoutMs }),
    async stop(sessionId) {
      const result = await client.call('sessions:cancel', { sessionId })
      tell(result)
    },
  }
}
