import { type ReactNode, useDeferredValue } from 'react'
import type { SessionSnapshot } from '../../../shared/model'
import { useServices, useSession, useTabsState } from '../../stores/context'
import { describeSession } from '../../stores/port-state'
import { showView } from '../../stores/tabs-store'
import { useAction } from '../../ui/actions'
import { FailureView } from './failure-view'
import { LostBanner } from './lost-banner'
import { NoSession } from './no-session'
import { OpeningView } from './opening-view'
import { SessionHeader } from './session-header'
import { TabStrip } from './tab-strip'
import { ViewTabs } from './view-tabs'
import './session.css'

export interface SessionAreaProps {
  readonly renderConsole: (session: SessionSnapshot) => ReactNode
  readonly renderMetrics: (session: SessionSnapshot) => ReactNode
}

/** The tabs, and the session of the active one in the state it is in. */
export function SessionArea({ renderConsole, renderMetrics }: SessionAreaProps) {
  const active = useTabsState(state => state.active)
  // The tab answers at once; its console, which takes longer to build, comes a moment later.
  const shown = useDeferredValue(active)
  const isShownOpen = useTabsState(state => shown !== null && state.tabs.includes(shown))
  if (active === null) {
    return (
      <main className="session-area">
        <NoSession />
      </main>
    )
  }
  return (
    <main className="session-area">
      <TabStrip />
      <div className="session-panel" id="session-panel" role="tabpanel" aria-labelledby={`tab-${active}`}>
        {shown !== null && isShownOpen && (
          <ActiveSession key={shown} port={shown} renderConsole={renderConsole} renderMetrics={renderMetrics} />
        )}
      </div>
    </main>
  )
}

function ActiveSession({ port, renderConsole, renderMetrics }: SessionAreaProps & { readonly port: string }) {
  const { stores, commands } = useServices()
  const session = useSession(port)
  const view = useTabsState(state => state.views.get(port) ?? 'console')
  const failure = useTabsState(state => state.failures.get(port))
  useAction('close-session', () => void commands.close(port))
  useAction('show-console', () => showView(stores.tabs, port, 'console'))
  useAction('show-metrics', () => showView(stores.tabs, port, 'metrics'))

  if (session === undefined) return failure === undefined ? <OpeningView port={port} /> : <FailureView port={port} failure={failure} />
  // A session that never got as far as the prompt has no console yet.
  if (session.connectedAt === null) return <OpeningView port={port} />
  const { kind } = describeSession(session)
  return (
    <>
      <SessionHeader session={session} />
      {(kind === 'lost' || kind === 'silent') && <LostBanner session={session} />}
      <ViewTabs port={port} view={view} />
      <div className="session-view">{view === 'console' ? renderConsole(session) : renderMetrics(session)}</div>
    </>
  )
}
