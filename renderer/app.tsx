import { Tooltip } from 'radix-ui'
import { useEffect } from 'react'
import { Group, Panel, Separator, usePanelRef } from 'react-resizable-panels'
import { ConsoleView } from './features/console/console-view'
import { FleetPanel } from './features/fleet/fleet-panel'
import { GlanceColumn } from './features/metrics/glance-column'
import { MetricsView } from './features/metrics/metrics-view'
import { SessionArea } from './features/session/session-area'
import { ShortcutSheet } from './features/shortcuts/shortcut-sheet'
import { useShortcuts } from './features/shortcuts/use-shortcuts'
import { Notices } from './features/status/notices'
import { StatusBar } from './features/status/status-bar'
import { type AppServices, ServicesProvider, useManagerState, usePortsState, usePreference, useSessionsState } from './stores/context'
import { type Actions, ActionsProvider } from './ui/actions'
import { useCompact } from './ui/use-compact'

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
              renderConsole={session => <ConsoleView session={session} />}
              renderMetrics={session => <MetricsView key={session.sessionId} session={session} />}
            />
            <GlanceColumn />
          </div>
        </Panel>
      </Group>
      <StatusBar />
      <ShortcutSheet />
    </div>
  )
}

/** Says on the document that the first data has been painted: two frames after it was there. */
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
      })
    })
    return () => cancelAnimationFrame(frame)
  }, [isReady])
}
