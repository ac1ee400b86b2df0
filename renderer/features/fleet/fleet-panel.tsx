import { RefreshCw, Search, X } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { usePortsState, usePreference, useServices, useSessionsState, useTabsState } from '../../stores/context'
import { useAction } from '../../ui/actions'
import { IconButton } from '../../ui/icon-button'
import { AddPort } from './add-port'
import { FleetEmpty } from './fleet-empty'
import { FleetFilters } from './fleet-filters'
import { FleetList } from './fleet-list'
import { countByFilter, type FilterId, fleetEntries, fleetRows, matchesFilter, matchesSearch } from './fleet-rows'
import { SimulateMenu } from './simulate-menu'
import './fleet.css'

/** The list of all ports: search, filters, rows, and the ways to get more of them. */
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

  const shown = useMemo(
    () => entries.filter(entry => matchesSearch(entry, query) && matchesFilter(entry, filter)),
    [entries, query, filter],
  )
  const rows = useMemo(() => fleetRows(shown, collapsed), [shown, collapsed])
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
    <aside className="fleet" aria-label="Fleet list">
      <header className="fleet-header">
        <h1>Fleet</h1>
        <span className="fleet-count">{loaded ? `${entries.length} ${entries.length === 1 ? 'port' : 'ports'}` : ''}</span>
        <IconButton icon={RefreshCw} label="Refresh the port list" shortcut="F5" onClick={() => void commands.refreshPorts()} />
      </header>
      <div className="fleet-search">
        <Search size={14} strokeWidth={1.75} aria-hidden />
        <input
          ref={search}
          type="search"
          aria-label="Search the fleet"
          placeholder="Search name, board, port"
          value={query}
          onChange={event => setQuery(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Escape') setQuery('')
          }}
        />
        {query === '' ? <kbd aria-hidden>/</kbd> : <IconButton icon={X} label="Clear the search" onClick={() => setQuery('')} />}
      </div>
      <FleetFilters counts={countByFilter(entries)} active={filter} onChange={setFilter} />
      {stale !== null && (
        <p className="fleet-stale" role="status">
          {stale.message}
        </p>
      )}
      {entries.length === 0 && loaded && <FleetEmpty />}
      {entries.length > 0 && shown.length === 0 && (
        <div className="fleet-none" role="status">
          <span>0 of {entries.length} match, </span>
          <button type="button" className="link" onClick={clear}>
            clear filter
          </button>
        </div>
      )}
      {shown.length > 0 && (
        <FleetList
          rows={rows}
          onToggleGroup={id => setCollapsed(collapsed.includes(id) ? collapsed.filter(other => other !== id) : [...collapsed, id])}
        />
      )}
      <div className="fleet-footer">
        {isAdding ? <AddPort onDone={() => setAdding(false)} /> : <SimulateMenu onAddPort={() => setAdding(true)} />}
      </div>
    </aside>
  )
}

function useFleetEntries() {
  const ports = usePortsState(state => state.ports)
  const sessions = useSessionsState(state => state.sessions)
  const byPort = useSessionsState(state => state.byPort)
  const failures = useTabsState(state => state.failures)
  const opening = useTabsState(state => state.opening)
  return useMemo(() => fleetEntries({ ports, sessions, byPort, failures, opening }), [ports, sessions, byPort, failures, opening])
}
