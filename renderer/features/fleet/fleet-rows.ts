import type { PortInfo, SessionSnapshot } from '../../../shared/model'
import { shortPortName } from '../../../shared/port-name'
import { boardLine, portName } from '../../stores/board-names'
import { describePort, type PortState, type PortStateKind } from '../../stores/port-state'
import type { OpenFailure } from '../../stores/tabs-store'

export type GroupId = 'open' | 'simulated' | 'other'

export const GROUP_TITLES: Readonly<Record<GroupId, string>> = {
  open: 'Boards open',
  simulated: 'Simulated',
  other: 'Other ports',
}

const GROUP_ORDER: readonly GroupId[] = ['open', 'simulated', 'other']

export type FilterId = 'all' | 'running' | 'ready' | 'lost' | 'available' | 'problem'

export const FILTERS: readonly { readonly id: FilterId; readonly label: string; readonly kinds: readonly PortStateKind[] }[] = [
  { id: 'all', label: 'All', kinds: [] },
  { id: 'running', label: 'Running', kinds: ['running'] },
  { id: 'ready', label: 'Ready', kinds: ['ready'] },
  { id: 'lost', label: 'Lost', kinds: ['lost'] },
  { id: 'available', label: 'Not open', kinds: ['available', 'absent'] },
  { id: 'problem', label: 'Problems', kinds: ['silent', 'locked', 'inUse', 'failed'] },
]

/** One port of the list, with what is known of it. */
export interface FleetEntry {
  readonly path: string
  readonly group: GroupId
  readonly name: string
  readonly board: string
  readonly port: PortInfo | undefined
  readonly session: SessionSnapshot | undefined
  readonly state: PortState
}

export type FleetRow =
  | { readonly type: 'group'; readonly id: GroupId; readonly count: number; readonly collapsed: boolean }
  | { readonly type: 'port'; readonly entry: FleetEntry }

export interface FleetFacts {
  readonly ports: ReadonlyMap<string, PortInfo>
  readonly sessions: ReadonlyMap<string, SessionSnapshot>
  readonly byPort: ReadonlyMap<string, string>
  readonly failures: ReadonlyMap<string, OpenFailure>
  readonly opening: ReadonlySet<string>
}

/** All ports that are listed, open, or being opened, in an order that data does not change. */
export function fleetEntries(facts: FleetFacts): readonly FleetEntry[] {
  const paths = new Set([...facts.ports.keys(), ...facts.byPort.keys(), ...facts.opening])
  return [...paths].sort(compareNatural).map(path => {
    const port = facts.ports.get(path)
    const session = facts.sessions.get(facts.byPort.get(path) ?? '')
    const state = describePort({ port, session, failure: facts.failures.get(path), isOpening: facts.opening.has(path) })
    return {
      path,
      group: groupOf(path, port, session),
      name: portName(path, port, session),
      board: boardLine(port, session),
      port,
      session,
      state,
    }
  })
}

/** What the entry says in the list, for the search: name, board, port and state. */
export function matchesSearch(entry: FleetEntry, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const { state } = entry
  const text = `${entry.name} ${entry.board} ${entry.path} ${state.word} ${state.detail ?? ''}`.toLowerCase()
  return words.every(word => text.includes(word))
}

export function matchesFilter(entry: FleetEntry, filter: FilterId): boolean {
  return filter === 'all' || (FILTERS.find(({ id }) => id === filter)?.kinds.includes(entry.state.kind) ?? false)
}

export function countByFilter(entries: readonly FleetEntry[]): ReadonlyMap<FilterId, number> {
  return new Map(FILTERS.map(({ id }) => [id, entries.filter(entry => matchesFilter(entry, id)).length]))
}

/** Groups without a port are left out; a collapsed one is its heading alone. */
export function fleetRows(entries: readonly FleetEntry[], collapsed: readonly string[]): readonly FleetRow[] {
  return GROUP_ORDER.flatMap((id): readonly FleetRow[] => {
    const members = entries.filter(entry => entry.group === id)
    if (members.length === 0) return []
    const isCollapsed = collapsed.includes(id)
    const heading: FleetRow = { type: 'group', id, count: members.length, collapsed: isCollapsed }
    return isCollapsed ? [heading] : [heading, ...members.map((entry): FleetRow => ({ type: 'port', entry }))]
  })
}

/** What stands on the right of a row's first line. */
export function portText(entry: FleetEntry): string {
  const path = shortPortName(entry.path)
  return entry.state.kind === 'lost' && entry.port?.backend !== 'simulated' ? `was ${path}` : path
}

function groupOf(path: string, port: PortInfo | undefined, session: SessionSnapshot | undefined): GroupId {
  if ((port?.backend ?? session?.backend) === 'simulated' || path.startsWith('simulated:')) return 'simulated'
  return session === undefined ? 'other' : 'open'
}

const naturalOrder = new Intl.Collator('en', { numeric: true })

function compareNatural(one: string, other: string): number {
  return naturalOrder.compare(one, other)
}
