import { type ReactNode, useDeferredValue } from 'react'
import type { HistoryEntry, SessionSnapshot } from '../../../shared/model'
import { boardKey } from '../../stores/board-names'
import { useHasUnsavedText, useServices, useSession, useTabsState } from '../../stores/context'
import { isPage, type Page, type Place } from '../../stores/places'
import { describeSession } from '../../stores/port-state'
import { type SessionView, showView } from '../../stores/tabs-store'
import { useHistory } from '../../stores/use-history'
import { useAction } from '../../ui/actions'
import { FailureView } from './failure-view'
import { LostBanner } from './lost-banner'
import { NoSession } from './no-session'
import { OpeningView } from './opening-view'
import { SessionHeader } from './session-header'
import { TabStrip } from './tab-strip'
import { ViewTabs } from './view-tabs'
import { shownView, viewsOf } from './views'
import './session.css'

export type RenderSession = (session: SessionSnapshot) => ReactNode

export interface SessionAreaProps {
  readonly renderConsole: RenderSession
  readonly renderFiles: RenderSession
  readonly renderMetrics: RenderSession
  readonly renderEvents: (session: SessionSnapshot, history: readonly HistoryEntry[]) => ReactNode
  readonly renderDetails: RenderSession
  readonly renderMetadata: RenderSession
  readonly renderAttributes: RenderSession
  readonly renderFilters: RenderSession
  /** A tab that shows no session. */
  readonly renderPage: (page: Page) => ReactNode
}

/** The tabs, and the session of the active one in the state it is in. */
export function SessionArea(props: SessionAreaProps) {
  const { commands } = useServices()
  const active = useTabsState(state => state.active)
  // Tab and header answer at once; the view below, which takes longer to build, comes a moment later. Until then there is none: what is
  // typed for one board must not run on the one that was shown before.
  const built = useDeferredValue(active)
  const isBuilt = built === active
  const isOpen = useTabsState(state => active !== null && state.tabs.includes(active))
  useAction('close-session', () => {
    if (active !== null) void commands.close(active)
  })
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
        {isOpen &&
          (isPage(active) ? isBuilt && props.renderPage(active) : <ActivePlace key={active} place={active} isBuilt={isBuilt} {...props} />)}
      </div>
    </main>
  )
}

interface PlaceProps extends SessionAreaProps {
  readonly place: Place
  /** Whether its view may be drawn already. */
  readonly isBuilt: boolean
}

function ActivePlace({ place, ...props }: PlaceProps) {
  const session = useSession(place)
  const failure = useTabsState(state => state.failures.get(place))
  if (session === undefined) return failure === undefined ? <OpeningView place={place} /> : <FailureView place={place} failure={failure} />
  // A session that never got as far as the prompt has nothing to show yet.
  if (session.connectedAt === null) return <OpeningView place={place} />
  return <ActiveSession place={place} session={session} {...props} />
}

function ActiveSession({ place, session, isBuilt, ...props }: PlaceProps & { readonly session: SessionSnapshot }) {
  const { stores } = useServices()
  const remembered = useTabsState(state => state.views.get(place))
  const history = useHistory(session.sessionId)
  const views = viewsOf(session)
  const view = shownView(views, remembered)
  const show = (asked: SessionView): void => {
    if (views.includes(asked)) showView(stores.tabs, place, asked)
  }
  useAction('show-console', () => show('console'))
  useAction('show-files', () => show('files'))
  useAction('show-metrics', () => show('metrics'))
  useAction('show-events', () => show('events'))
  useAction('show-details', () => show('details'))
  useAction('show-metadata', () => show('metadata'))
  useAction('show-attributes', () => show('attributes'))
  useAction('show-filters', () => show('filters'))
  const isUnsaved = useHasUnsavedText(boardKey(session))
  const { kind } = describeSession(session)
  return (
    <>
      <SessionHeader session={session} />
      {(kind === 'lost' || kind === 'silent') && <LostBanner session={session} />}
      <ViewTabs views={views} view={view} eventCount={history.length} isUnsaved={isUnsaved} onShow={show} />
      <div className="session-view" id="session-view" role="tabpanel" aria-labelledby={`view-${view}`}>
        {isBuilt && renderView(view, session, history, props)}
      </div>
    </>
  )
}

function renderView(view: SessionView, session: SessionSnapshot, history: readonly HistoryEntry[], props: SessionAreaProps): ReactNode {
  switch (view) {
    case 'console':
      return props.renderConsole(session)
    case 'files':
      return props.renderFiles(session)
    case 'metrics':
      return props.renderMetrics(session)
    case 'events':
      return props.renderEvents(session, history)
    case 'details':
      return props.renderDetails(session)
    case 'metadata':
      return props.renderMetadata(session)
    case 'attributes':
      return props.renderAttributes(session)
    case 'filters':
      return props.renderFilters(session)
  }
}
