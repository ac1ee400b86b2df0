import type { SessionEvent, SessionsChange } from '../../shared/model'
import type { Client } from '../bridge/client'
import type { AppStores } from './app-stores'
import { portName } from './board-names'
import { eventSentence } from './event-sentences'
import { tellEvent } from './notices-store'
import { applyPortList } from './ports-store'
import { applySessionsChange, sessionOfPort } from './sessions-store'
import { addTab, removeTab, setFailure } from './tabs-store'

/** Feeds the stores from the bridge. Returns the function that ends every subscription. */
export function connectStores(client: Client, stores: AppStores): () => void {
  const subscriptions = [
    client.subscribe('ports:changed', {}, list => applyPortList(stores.ports, list)),
    client.subscribe('sessions:changed', {}, change => takeSessions(stores, change)),
    client.subscribe('manager:changed', {}, status => stores.manager.setState({ status })),
  ]
  let ended = false
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
    for (const session of change.sessions) if (session.state !== 'Disposed') addTab(stores.tabs, session.port)
    return
  }
  for (const event of change.events) followEvent(stores, event)
}

function followEvent(stores: AppStores, event: SessionEvent): void {
  const { snapshot } = event
  const { port } = snapshot
  const sentence = eventSentence(event, portName(port, stores.ports.getState().ports.get(port), event.snapshot))
  if (sentence !== null) tellEvent(stores.notices, { ...sentence, at: event.at })
  if (snapshot.state !== 'Disposed') {
    addTab(stores.tabs, port)
    return
  }
  rememberFailedOpen(stores, event)
  const { opening, failures } = stores.tabs.getState()
  // A tab that waits for an answer, or has a failure to show, outlives its session.
  const isNeeded = opening.has(port) || failures.has(port) || sessionOfPort(stores.sessions.getState(), port) !== undefined
  if (!isNeeded) removeTab(stores.tabs, port)
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
