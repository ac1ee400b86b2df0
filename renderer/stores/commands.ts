import type { Result } from '../../shared/contract'
import type { ErrorInfo } from '../../shared/errors'
import type { ExecutionResult, PortInfo, SamplerInfo, SessionOptions, SessionSnapshot } from '../../shared/model'
import type { Client } from '../bridge/client'
import { type ActivityCommands, createActivityCommands } from './activity-commands'
import type { AppStores } from './app-stores'
import { type ControlCommands, createControlCommands } from './control-commands'
import { openDialog } from './dialogs-store'
import { addNotice } from './notices-store'
import { type Place, sessionOf } from './places'
import { addPorts, applyPortList } from './ports-store'
import { followRuns } from './ran-code'
import { activateTab, addTab, removeTab, selectPlace, setFailure, setOpening } from './tabs-store'

/** What the user can do, in terms of places: a session by its id, or whatever is on a port. Errors without a place of their own become notices. */
export interface Commands extends ActivityCommands, ControlCommands {
  refreshPorts(): Promise<void>
  /** Opens a port, or shows its tab when it is open. A lost session is connected again; one that can't be is replaced. `attach`: how a new session begins, where it differs from the configuration. */
  open(place: Place, attach?: SessionOptions['attach']): Promise<void>
  /** Closes what is left of a lost session and opens the port anew. */
  reopen(place: Place): Promise<void>
  /** Connects a lost session now; a ready one is dropped and connected anew. */
  reconnect(sessionId: string): Promise<void>
  setAutoReconnect(sessionId: string, autoReconnect: boolean): Promise<void>
  /**
   * Ends the session; the tab goes with it. Without a session, only the tab goes. `cascade`: with all that belong to a
   * group; a group with members asks, where nothing is said of it.
   */
  close(place: Place, options?: { readonly cascade: boolean }): Promise<void>
  /** Gives up waiting for the board; for a close that hangs. */
  forceClose(place: Place): Promise<void>
  /** Null when it was refused; the reason is a notice. */
  createGroup(group: NewGroup): Promise<SessionSnapshot | null>
  renameGroup(sessionId: string, identifier: string): Promise<void>
  /** Says who belongs to a session. The set is replaced. */
  setMembers(sessionId: string, members: readonly string[]): Promise<void>
  /** The caller shows the error: it has a text field to show it at. */
  addPort(path: string): Promise<Result<PortInfo>>
  removePort(path: string): Promise<void>
  /** `open`: also opens the first of them, for the shortest way to a result. */
  simulate(count: number, options?: { readonly open: boolean }): Promise<void>
  stopSimulated(path: string): Promise<void>
  /** The caller shows the error next to the code. */
  execute(sessionId: string, code: string, timeoutMs: number): Promise<Result<ExecutionResult>>
  stop(sessionId: string): Promise<void>
  /** Runs code now and again every so often; the caller shows the error. */
  repeat(sessionId: string, code: string, intervalMs: number, retryMs: number): Promise<Result<SamplerInfo>>
  stopRepeating(sessionId: string): Promise<void>
  /** To the board as it is; the caller shows the error. */
  send(sessionId: string, text: string): Promise<Result<{ readonly bytes: number }>>
}

export interface NewGroup {
  readonly name: string
  readonly dataSource: string
  /** Session ids. */
  readonly members: readonly string[]
}

/** Reasons for which a failed open has nothing to tell: the user ended it. */
const UNTOLD: ReadonlySet<ErrorInfo['reason']> = new Set(['closed-during-open', 'cancelled', 'shutdown'])

export function createCommands(client: Client, stores: AppStores): Commands {
  const tell = (result: Result<unknown>): void => {
    if (!result.ok) addNotice(stores.notices, result.error)
  }
  const isOpen = (sessionId: string): boolean => stores.sessions.getState().sessions.has(sessionId)
  const sessionAtPlace = (place: Place) => sessionOf(stores.sessions.getState(), stores.ports.getState().ports, place)

  const reopen = async (place: Place): Promise<void> => {
    const session = sessionAtPlace(place)
    const port = session?.port ?? place
    if (stores.tabs.getState().opening.has(port)) return
    const sessionId = session?.sessionId
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

  const reconnect = async (sessionId: string): Promise<void> => {
    const result = await client.call('sessions:reconnect', { sessionId })
    // A failed attempt is told where the session stands, with its reason.
    if (!result.ok && !UNTOLD.has(result.error.reason) && result.error.code !== 'OpenFailed') tell(result)
  }

  const openNow = async (port: string, attach?: SessionOptions['attach']): Promise<void> => {
    setFailure(stores.tabs, port, null)
    setOpening(stores.tabs, port, true)
    addTab(stores.tabs, port)
    activateTab(stores.tabs, port)
    const result = await client.call('sessions:open', attach === undefined ? { port } : { port, options: { attach } })
    setOpening(stores.tabs, port, false)
    if (result.ok) return
    if (UNTOLD.has(result.error.reason)) removeTab(stores.tabs, port)
    else setFailure(stores.tabs, port, { error: result.error, at: Date.now() })
  }

  return {
    ...createActivityCommands(client, stores),
    ...createControlCommands(client, stores),
    async refreshPorts() {
      const result = await client.call('ports:list', { refresh: true })
      if (result.ok) applyPortList(stores.ports, result.value)
      else tell(result)
    },
    async open(place, attach) {
      const session = sessionAtPlace(place)
      selectPlace(stores.tabs, session?.sessionId ?? place)
      if (stores.tabs.getState().opening.has(session?.port ?? place)) return
      if (session === undefined) await openNow(place, attach)
      else if (session.state === 'Error') await (session.fault?.final === true ? reopen(place) : reconnect(session.sessionId))
    },
    reopen,
    reconnect,
    async setAutoReconnect(sessionId, autoReconnect) {
      tell(await client.call('sessions:configure', { sessionId, options: { autoReconnect } }))
    },
    async close(place, options) {
      const session = sessionAtPlace(place)
      const sessionId = session?.sessionId
      if (sessionId === undefined) {
        if (!stores.tabs.getState().opening.has(place)) removeTab(stores.tabs, place)
        return
      }
      if (options === undefined && session?.backend === 'none' && session.metadata.associateSessionKeys.some(isOpen)) {
        openDialog(stores.dialogs, { kind: 'close-group', sessionId })
        return
      }
      // Whoever closes a board that runs something wants it to stop, not to wait for its end.
      const result = await client.call('sessions:close', {
        sessionId,
        mode: 'now',
        ...(options?.cascade === true ? { cascade: true } : {}),
      })
      if (!result.ok && result.error.code !== 'SessionNotFound') tell(result)
    },
    async forceClose(place) {
      const sessionId = sessionAtPlace(place)?.sessionId
      if (sessionId !== undefined) tell(await client.call('sessions:kill', { sessionId }))
    },
    async createGroup({ name, dataSource, members }) {
      const metadata = { identifier: name, associateSessionKeys: members, ...(dataSource === '' ? {} : { dataSource }) }
      const result = await client.call('sessions:open', { backend: 'none', metadata })
      tell(result)
      return result.ok ? result.value : null
    },
    async renameGroup(sessionId, identifier) {
      tell(await client.call('sessions:updateIdentifier', { sessionId, identifier }))
    },
    async setMembers(sessionId, associateSessionKeys) {
      tell(await client.call('sessions:associate', { sessionId, associateSessionKeys }))
    },
    async addPort(path) {
      const result = await client.call('ports:add', { path })
      if (result.ok) {
        addPorts(stores.ports, [result.value])
        selectPlace(stores.tabs, result.value.path)
      }
      return result
    },
    async removePort(path) {
      const result = await client.call('ports:remove', { path })
      tell(result)
      if (!result.ok) return
      setFailure(stores.tabs, path, null)
      removeTab(stores.tabs, path)
    },
    async simulate(count, options) {
      const result = await client.call('simulated:start', { count })
      tell(result)
      if (!result.ok) return
      addPorts(stores.ports, result.value.ports)
      const first = result.value.ports[0]
      if (first === undefined) return
      selectPlace(stores.tabs, first.path)
      if (options?.open === true) await openNow(first.path)
    },
    async stopSimulated(path) {
      tell(await client.call('simulated:stop', { path }))
    },
    async execute(sessionId, code, timeoutMs) {
      const runs = followRuns(stores.sessions, sessionId)
      const result = await client.call('sessions:exec', { sessionId, code, timeoutMs })
      runs.end()
      const number = result.ok ? result.value.number : runs.numberOf(result.error.executionId)
      if (number !== undefined) stores.ranCode.add(sessionId, number, code)
      return result
    },
    async stop(sessionId) {
      const result = await client.call('sessions:cancel', { sessionId })
      tell(result)
    },
    repeat: (sessionId, code, intervalMs, retryMs) => client.call('sampler:start', { sessionId, code, intervalMs, retryMs }),
    async stopRepeating(sessionId) {
      tell(await client.call('sampler:stop', { sessionId }))
    },
    send: (sessionId, data) => client.call('sessions:write', { sessionId, data }),
  }
}
