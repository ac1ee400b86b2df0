import type { SessionEvent, SessionSnapshot, SessionsChange } from '../../shared/model'
import type { Client } from '../bridge/client'
import { createActivityCommands } from './activity-commands'
import { takeNotice } from './activity-store'
import type { AppStores } from './app-stores'
import { boardKey, sessionName } from './board-names'
import { eventSentence } from './event-sentences'
import { tellClosed, tellEvent } from './notices-store'
import { isUnsaved } from './open-document'
import { applyPortList } from './ports-store'
import { applySessionsChange } from './sessions-store'
import { addTab, removeTab, renamePlace, setFailure } from './tabs-store'

/** Feeds the stores from the bridge. Returns the function that ends every subscription. */
export function connectStores(client: Client, stores: AppStores): () => void {
  const subscriptions = [
    client.subscribe('ports:changed', {}, list => applyPortList(stores.ports, list)),
    client.subscribe('sessions:changed', {}, change => takeSessions(stores, change)),
    client.subscribe('manager:changed', {}, status => stores.manager.setState({ status })),
    client.subscribe('notify:notice', {}, notice => takeNotice(stores.activity, notice)),
    client.subscribe('config:changed', {}, config => stores.manager.setState({ config })),
  ]
  let ended = false
  void createActivityCommands(client, stores).restoreStreams()
  void client.call('app:info', {}).then(result => {
    if (result.ok && !ended) stores.manager.setState({ app: result.value })
  })
  return () => {
    ended = true
    for (const end of subscriptions) end()
  }
}

function takeSessions(stores: AppStores, change: SessionsChange): void {
  applySessionsChange(stores.sessions, change)
  if (change.kind === 'all') {
    for (const session of change.sessions) if (session.state !== 'Disposed') showTab(stores, session)
    return
  }
  for (const event of change.events) {
    if (event.type === 'statistics') continue
    followEvent(stores, event)
    stores.sessionEvents.tell(event)
  }
}

function followEvent(stores: AppStores, event: SessionEvent): void {
  const { snapshot } = event
  const name = sessionName(snapshot, stores.ports.getState().ports)
  const sentence = eventSentence(event, name)
  if (sentence !== null) tellEvent(stores.notices, { ...sentence, at: event.at })
  if (event.type === 'disconnected' && snapshot.connectedAt !== null) tellClosed(stores.notices, event, name)
  if (event.type === 'connected') setFailure(stores.tabs, snapshot.port, null)
  if (snapshot.state !== 'Disposed') showTab(stores, snapshot)
  else {
    leaveTab(stores, event)
    tellKeptText(stores, event, name)
  }
}

/** The tab from which a port was opened becomes the session's; one that was opened elsewhere gets a new tab. */
function showTab({ tabs }: AppStores, { sessionId, port, backend }: SessionSnapshot): void {
  if (tabs.getState().tabs.includes(sessionId)) return
  if (backend !== 'none') renamePlace(tabs, port, sessionId)
  addTab(tabs, sessionId)
}

/** The editor goes with its session, its text does not. */
function tellKeptText({ files, notices }: AppStores, { snapshot, at }: SessionEvent, name: string): void {
  const { document } = files.of(boardKey(snapshot))
  if (!isUnsaved(document)) return
  const text = `${document.path} is not saved on ${name}: its text is kept, and is in Files when the board is open again.`
  tellEvent(notices, { at, tone: 'warn', text })
}

/** A tab that waits for an answer, or has a failure to show, outlives its session. */
function leaveTab(stores: AppStores, event: SessionEvent): void {
  const { sessionId, port, backend } = event.snapshot
  rememberFailedOpen(stores, event)
  const { opening, failures } = stores.tabs.getState()
  if (!opening.has(port) && !failures.has(port)) removeTab(stores.tabs, sessionId)
  if (backend !== 'none') renamePlace(stores.tabs, sessionId, port)
}

/** An open that failed elsewhere is shown like one's own; one's own is told by its answer, which says more. */
function rememberFailedOpen(stores: AppStores, { snapshot, at }: SessionEvent): void {
  const { fault, port } = snapshot
  if (fault === null || snapshot.connectedAt !== null || stores.tabs.getState().opening.has(port)) return
  if (fault.reason === 'closed-during-open' || fault.reason === 'cancelled' || fault.reason === 'shutdown') return
  setFailure(stores.tabs, port, {
    at,
    error: {
      code: fault.code,
      message: fault.message,
      ...(fault.reason === null ? {} : { reason: fault.reason }),
      ...(fault.hint === null ? {} : { hint: fault.hint }),
    },
  })
}
