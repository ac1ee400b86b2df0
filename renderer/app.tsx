import { Tooltip } from 'radix-ui'
import { Suspense, useEffect } from 'react'
import { Group, Panel, Separator, usePanelRef } from 'react-resizable-panels'
import { Dialogs } from './features/dialogs/dialogs'
import { FleetPanel } from './features/fleet/fleet-panel'
import { SessionArea } from './features/session/session-area'
import { ShortcutSheet } from './features/shortcuts/shortcut-sheet'
import { useShortcuts } from './features/shortcuts/use-shortcuts'
import { ClosingSummaries } from './features/status/closing-summary'
import { Notices } from './features/status/notices'
import { StatusBar } from './features/status/status-bar'
import { type AppServices, ServicesProvider, useManagerState, usePortsState, usePreference, useSessionsState } from './stores/context'
import { type Actions, ActionsProvider } from './ui/actions'
import { lazyView } from './ui/lazy-view'
import { useCompact } from './ui/use-compact'

// The editor, the terminal and the charts are most of the code, and not needed for the first picture.
const Console = lazyView(async () => (await import('./features/console/console-view')).ConsoleView)
const Files = lazyView(async () => (await import('./features/files/files-view')).FilesView)
const Metrics = lazyView(async () => (await import('./features/metrics/metrics-view')).MetricsView)
const Events = lazyView(async () => (await import('./features/events/events-view')).EventsView)
const Details = lazyView(async () => (await import('./features/details/details-view')).DetailsView)
const Metadata = lazyView(async () => (await import('./features/metadata/metadata-view')).MetadataView)
const Attributes = lazyView(async () => (await import('./features/attributes/attributes-view')).AttributesView)
const Filters = lazyView(async () => (await import('./features/filters/filters-view')).FiltersView)
const Settings = lazyView(async () => (await import('./features/settings/settings-view')).SettingsView)
const Activity = lazyView(async () => (await import('./features/activity/activity-view')).ActivityView)
const Glance = lazyView(async () => (await import('./features/metrics/glance-column')).GlanceColumn)
const LAZY_VIEWS = [Console, Glance, Files, Metrics, Events, Details, Metadata, Attributes, Filters, Settings, Activity]

/** Loads what the first picture does without. */
export async function loadViews(): Promise<void> {
  await Promise.all(LAZY_VIEWS.map(({ load }) => load()))
}

const FLEET_WIDTH = 284
const COMPACT_FLEET_WIDTH = 236
const FLEET_WIDTH_MIN = 200
const FLEET_WIDTH_MAX = 480
const TOOLTIP_DELAY_MS = 500

export interface AppProps {
  readonly services: AppServices
  readonly actions?: Actions
}

/** The whole window. Features meet here and nowhere else. */
export function App({ services, actions }: AppProps) {
  return (
    <ServicesProvider services={services}>
      <ActionsProvider actions={actions}>
        <Tooltip.Provider delayDuration={TOOLTIP_DELAY_MS}>
          <Frame />
        </Tooltip.Provider>
      </ActionsProvider>
    </ServicesProvider>
  )
}

function Frame() {
  useShortcuts()
  useReadyMark()
  const isCompact = useCompact()
  const [remembered, remember] = usePreference('fleetWidth')
  const fleet = usePanelRef()
  const width = remembered ?? (isCompact ? COMPACT_FLEET_WIDTH : FLEET_WIDTH)
  useEffect(() => fleet.current?.resize(width), [fleet, width])
  return (
    <div className="frame">
      <Notices />
      <Group
        className="frame-body"
        onLayoutChanged={(_layout, { isUserInteraction }) => {
          if (isUserInteraction && fleet.current !== null) remember(Math.round(fleet.current.getSize().inPixels))
        }}
      >
        <Panel
          id="fleet"
          panelRef={fleet}
          defaultSize={width}
          minSize={FLEET_WIDTH_MIN}
          maxSize={FLEET_WIDTH_MAX}
          groupResizeBehavior="preserve-pixel-size"
        >
          <FleetPanel />
        </Panel>
        <Separator className="separator separator-vertical" aria-label="Resize the fleet list" />
        <Panel id="session">
          <div className="frame-session">
            <SessionArea
              renderConsole={session => (
                <Suspense key="console">
                  <Console.View session={session} />
                </Suspense>
              )}
              renderFiles={session => (
                <Suspense key="files">
                  <Files.View key={session.sessionId} session={session} />
                </Suspense>
              )}
              renderMetrics={session => (
                <Suspense key="metrics">
                  <Metrics.View key={session.sessionId} session={session} />
                </Suspense>
              )}
              renderEvents={(session, history) => (
                <Suspense key="events">
                  <Events.View key={session.sessionId} session={session} history={history} />
                </Suspense>
              )}
              renderDetails={session => (
                <Suspense key="details">
                  <Details.View key={session.sessionId} session={session} />
                </Suspense>
              )}
              renderMetadata={session => (
                <Suspense key="metadata">
                  <Metadata.View key={session.sessionId} session={session} />
                </Suspense>
              )}
              renderAttributes={session => (
                <Suspense key="attributes">
                  <Attributes.View key={session.sessionId} session={session} />
                </Suspense>
              )}
              renderFilters={session => (
                <Suspense key="filters">
                  <Filters.View key={session.sessionId} session={session} />
                </Suspense>
              )}
              renderPage={page => <Suspense key={page}>{page === 'page:settings' ? <Settings.View /> : <Activity.View />}</Suspense>}
            />
            <Suspense>
              <Glance.View />
            </Suspense>
          </div>
        </Panel>
      </Group>
      <StatusBar />
      <ShortcutSheet />
      <Dialogs />
      <ClosingSummaries />
    </div>
  )
}

/** Says on the document that the first data has been painted: two frames after it was there. Then the rest is loaded. */
function useReadyMark(): void {
  const isLoaded = usePortsState(state => state.loaded)
  const hasSessions = useSessionsState(state => state.loaded)
  const hasStatus = useManagerState(state => state.status !== null)
  const isReady = isLoaded && hasSessions && hasStatus
  useEffect(() => {
    if (!isReady) return
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        document.documentElement.dataset.ready = 'true'
        void loadViews()
      })
    })
    return () => cancelAnimationFrame(frame)
  }, [isReady])
}
