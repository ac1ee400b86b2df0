import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { sessionName } from '../../stores/board-names'
import { usePortsState, usePreference, useServices, useSessionsState, useTabsState } from '../../stores/context'
import { useAction } from '../../ui/actions'
import { isFocusLost } from '../../ui/lost-focus'
import { SearchField } from '../../ui/search-field/search-field'
import { AddPort } from './add-port'
import { FleetEmpty } from './fleet-empty'
import { FleetFilters } from './fleet-filters'
import { FleetHeader } from './fleet-header'
import { FleetList } from './fleet-list'
import {
  countByFilter,
  type FilterId,
  type FleetEntry,
  fleetEntries,
  fleetRows,
  groupRows,
  matchesFilter,
  matchesSearch,
} from './fleet-rows'
import { SimulateMenu } from './simulate-menu'
import './fleet.css'

/** The list of all sessions and ports: figures, search, filters, rows, and the ways to get more of them. */
export function FleetPanel() {
  const { commands } = useServices()
  const entries = useFleetEntries()
  const loaded = usePortsState(state => state.loaded)
  const stale = usePortsState(state => state.stale)
  const [query, setQuery] = useState('')
  const [filter, setFilter] = useState<FilterId>('all')
  const [collapsed, setCollapsed] = usePreference('collapsedGroups')
  const [isAdding, setAdding] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const panel = useRef<HTMLElement>(null)
  const [nextFocus, setNextFocus] = useState<'list' | 'footer' | null>(null)
  // The form had the focus: it goes to what was added, or back to where it came from.
  useEffect(() => {
    if (nextFocus === null) return
    setNextFocus(null)
    if (isFocusLost()) panel.current?.querySelector<HTMLElement>(nextFocus === 'list' ? '[role=tree]' : '.fleet-footer button')?.focus()
  }, [nextFocus])
  const groups = useGroupRows(entries, collapsed, query)

  const shown = useMemo(
    () => entries.filter(entry => matchesSearch(entry, query) && matchesFilter(entry, filter)),
    [entries, query, filter],
  )
  const rows = useMemo(
    () => [...(filter === 'all' ? groups.rows : []), ...fleetRows(shown, collapsed)],
    [groups.rows, shown, collapsed, filter],
  )
  const endAdding = (added: boolean): void => {
    setAdding(false)
    setNextFocus(added ? 'list' : 'footer')
  }
  const clear = (): void => {
    setQuery('')
    setFilter('all')
  }

  useAction('focus-search', () => {
    search.current?.focus()
    search.current?.select()
  })
  useAction('refresh-ports', () => void commands.refreshPorts())
  useAction('add-port', () => setAdding(true))

  return (
    <aside ref={panel} className="fleet" aria-label="Fleet list">
      <FleetHeader ports={loaded ? entries.length : null} />
      <SearchField
        ref={search}
        className="fleet-search"
        label="Search the fleet"
        placeholder="Search name, board, port"
        value={query}
        onChange={setQuery}
        hint={<kbd aria-hidden>/</kbd>}
      />
      <FleetFilters counts={countByFilter(entries)} active={filter} onChange={setFilter} />
      {stale !== null && (
        <p className="fleet-stale" role="status">
          {stale.message}
        </p>
      )}
      {entries.length === 0 && groups.rows.length === 0 && loaded && <FleetEmpty />}
      {entries.length > 0 && rows.length === 0 && (
        <div className="fleet-none" role="status">
          <span>0 of {entries.length} match, </span>
          <button type="button" className="link" onClick={clear}>
            clear filter
          </button>
        </div>
      )}
      {rows.length > 0 && (
        <FleetList
          rows={rows}
          onToggleSection={id => setCollapsed(collapsed.includes(id) ? collapsed.filter(other => other !== id) : [...collapsed, id])}
          onToggleGroup={groups.toggle}
        />
      )}
      <div className="fleet-footer">{isAdding ? <AddPort onDone={endAdding} /> : <SimulateMenu onAddPort={() => setAdding(true)} />}</div>
    </aside>
  )
}

function useFleetEntries(): readonly FleetEntry[] {
  const ports = usePortsState(state => state.ports)
  const sessions = useListedSessions()
  const failures = useTabsState(state => state.failures)
  const opening = useTabsState(state => state.opening)
  return useMemo(() => fleetEntries({ ports, sessions, failures, opening }), [ports, sessions, failures, opening])
}

/** The sessions as they were when something other than a counter moved. */
function useListedSessions() {
  const { stores } = useServices()
  const listed = useSessionsState(state => state.listed)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new list is what makes the state worth another look.
  return useMemo(() => stores.sessions.getState(), [stores, listed])
}

/** Which groups are folded is remembered as long as the window lives: their sessions live no longer either. */
function useGroupRows(entries: readonly FleetEntry[], collapsed: readonly string[], query: string) {
  const sessions = useListedSessions()
  const ports = usePortsState(state => state.ports)
  const [closedGroups, setClosedGroups] = useState<ReadonlySet<string>>(new Set())
  const rows = useMemo(
    () => groupRows({ sessions, entries, collapsed, closedGroups, query, nameOf: session => sessionName(session, ports) }),
    [sessions, entries, collapsed, closedGroups, query, ports],
  )
  const toggle = useCallback((sessionId: string) => {
    setClosedGroups(before => {
      const after = new Set(before)
      if (!after.delete(sessionId)) after.add(sessionId)
      return after
    })
  }, [])
  return { rows, toggle }
}
