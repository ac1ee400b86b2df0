import type { PortInfo, SessionSnapshot } from '../../../shared/model'
import { shortPortName } from '../../../shared/port-name'
import { boardLine, portName, sessionName } from '../../stores/board-names'
import { type Place, portOf, sessionAt } from '../../stores/places'
import { describePort, type PortState, type PortStateKind } from '../../stores/port-state'
import type { SessionsState } from '../../stores/sessions-store'
import type { OpenFailure } from '../../stores/tabs-store'
import { formatUniqueId } from '../../ui/format'

export type SectionId = 'groups' | 'open' | 'simulated' | 'other'

export const SECTION_TITLES: Readonly<Record<SectionId, string>> = {
  groups: 'Groups',
  open: 'Boards open',
  simulated: 'Simulated',
  other: 'Other ports',
}

const SECTION_ORDER: readonly Exclude<SectionId, 'groups'>[] = ['open', 'simulated', 'other']

export type FilterId = 'all' | 'running' | 'ready' | 'lost' | 'available' | 'problem'

export const FILTERS: readonly { readonly id: FilterId; readonly label: string; readonly kinds: readonly PortStateKind[] }[] = [
  { id: 'all', label: 'All', kinds: [] },
  { id: 'running', label: 'Running', kinds: ['running', 'watching'] },
  { id: 'ready', label: 'Ready', kinds: ['ready'] },
  { id: 'lost', label: 'Lost', kinds: ['lost'] },
  { id: 'available', label: 'Not open', kinds: ['available', 'absent'] },
  { id: 'problem', label: 'Problems', kinds: ['silent', 'locked', 'inUse', 'failed'] },
]

/** A session with its port, or a port without one. */
export interface FleetEntry {
  readonly place: Place
  /** Where the session is, or was. */
  readonly path: string
  readonly section: Exclude<SectionId, 'groups'>
  readonly name: string
  readonly board: string
  readonly port: PortInfo | undefined
  readonly session: SessionSnapshot | undefined
  readonly state: PortState
}

export type FleetRow =
  | { readonly type: 'section'; readonly key: string; readonly id: SectionId; readonly count: number; readonly collapsed: boolean }
  | { readonly type: 'port'; readonly key: string; readonly entry: FleetEntry }
  | GroupRow
  | MemberRow

/** A session that others belong to. */
export interface GroupRow {
  readonly type: 'group'
  readonly key: string
  /** 2 for a group of its own, more for one within another. */
  readonly level: number
  readonly session: SessionSnapshot
  readonly name: string
  /** `2 ready, 1 lost`. */
  readonly summary: string
  readonly members: number
  readonly collapsed: boolean
}

/** A session below a group it belongs to. Its own row stands further down. */
export interface MemberRow {
  readonly type: 'member'
  readonly key: string
  readonly level: number
  readonly parent: SessionSnapshot
  readonly entry: FleetEntry
}

export interface FleetFacts {
  readonly ports: ReadonlyMap<string, PortInfo>
  readonly sessions: SessionsState
  readonly failures: ReadonlyMap<string, OpenFailure>
  readonly opening: ReadonlySet<string>
}

/** All sessions with a board, and all ports that are listed or being opened without one, in an order that data does not change. */
export function fleetEntries(facts: FleetFacts): readonly FleetEntry[] {
  const { ports, sessions, failures, opening } = facts
  const boards = [...sessions.listed.values()].filter(session => session.backend !== 'none')
  const free = [...new Set([...ports.keys(), ...opening])].filter(path => sessionAt(sessions, ports, path) === undefined)
  const ofSessions = boards.map(session => {
    const { sessionId, port: path } = session
    const port = portOf(ports, session)
    const state = describePort({ port, session, failure: undefined, isOpening: false })
    const name = sessionName(session, ports)
    const entry = {
      place: sessionId,
      path,
      section: sectionOf(path, port, session),
      name,
      board: boardLine(port, session),
      port,
      session,
      state,
    }
    return { order: sessions.homes.get(sessionId) ?? path, entry }
  })
  const ofPorts = free.map(path => {
    const port = ports.get(path)
    const state = describePort({ port, session: undefined, failure: failures.get(path), isOpening: opening.has(path) })
    const section = sectionOf(path, port, undefined)
    const entry = {
      place: path,
      path,
      section,
      name: portName(path, port),
      board: boardLine(port, undefined),
      port,
      session: undefined,
      state,
    }
    return { order: path, entry }
  })
  return [...ofSessions, ...ofPorts].sort((one, other) => compareNatural(one.order, other.order)).map(({ entry }) => entry)
}

/** What the entry says in the list, and what its board and plug are known by, for the search. */
export function matchesSearch(entry: FleetEntry, query: string): boolean {
  return query.trim() === '' || containsWords(searchText(entry), query)
}

function searchText({ name, board, path, state, session, port }: FleetEntry): string {
  const shown = [name, board, path, state.word, state.detail, session?.pool]
  const plug =
    port?.usb === undefined || port.usb === null
      ? []
      : [port.usb.serialNumber, `${port.usb.vendorId}:${port.usb.productId}`, port.usb.manufacturer]
  const uniqueId = session?.board?.uniqueId ?? null
  const known = [
    session?.board?.machine,
    uniqueId,
    uniqueId === null ? null : formatUniqueId(uniqueId),
    session?.metadata.identifier,
    session?.metadata.dataSource,
  ]
  return [...shown, ...plug, ...known].filter(text => text != null && text !== '').join(' ')
}

function containsWords(text: string, query: string): boolean {
  const lower = text.toLowerCase()
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return words.every(word => lower.includes(word))
}

export function matchesFilter(entry: FleetEntry, filter: FilterId): boolean {
  return filter === 'all' || (FILTERS.find(({ id }) => id === filter)?.kinds.includes(entry.state.kind) ?? false)
}

export function countByFilter(entries: readonly FleetEntry[]): ReadonlyMap<FilterId, number> {
  return new Map(FILTERS.map(({ id }) => [id, entries.filter(entry => matchesFilter(entry, id)).length]))
}

/** Sections without a row are left out; a collapsed one is its heading alone. */
export function fleetRows(entries: readonly FleetEntry[], collapsed: readonly string[]): readonly FleetRow[] {
  return SECTION_ORDER.flatMap(id =>
    section(
      id,
      entries.filter(entry => entry.section === id).map(entry => ({ type: 'port', key: `place:${entry.place}`, entry })),
      collapsed,
    ),
  )
}

export interface GroupFacts {
  readonly sessions: SessionsState
  readonly entries: readonly FleetEntry[]
  readonly collapsed: readonly string[]
  /** Ids of groups whose members are put away. */
  readonly closedGroups: ReadonlySet<string>
  readonly query: string
  readonly nameOf: (session: SessionSnapshot) => string
}

/** The groups as a tree: each with the sessions that belong to it, which may be groups themselves. */
export function groupRows(facts: GroupFacts): readonly FleetRow[] {
  const all = [...facts.sessions.listed.values()].filter(isGroup)
  const below = new Set(all.flatMap(session => session.metadata.associateSessionKeys))
  const tops = all
    .filter(({ sessionId }) => !below.has(sessionId))
    .sort((one, other) => compareNatural(facts.nameOf(one), facts.nameOf(other)))
  const rows = tops.filter(session => matchesGroup(facts, session)).flatMap(session => branch(facts, session, 2, []))
  const count = rows.filter(row => row.type === 'group').length
  return rows.length === 0 ? [] : section('groups', rows, facts.collapsed, count)
}

/** A board's session may have others belong to it too. */
function isGroup({ backend, metadata }: SessionSnapshot): boolean {
  return backend === 'none' || metadata.associateSessionKeys.length > 0
}

function branch(facts: GroupFacts, session: SessionSnapshot, level: number, above: readonly string[]): readonly (GroupRow | MemberRow)[] {
  const { sessionId } = session
  const path = [...above, sessionId]
  const members = membersOf(facts.sessions, session).filter(member => !path.includes(member.sessionId))
  const collapsed = facts.closedGroups.has(sessionId)
  const row: GroupRow = {
    type: 'group',
    key: `group:${path.join('/')}`,
    level,
    session,
    name: facts.nameOf(session),
    summary: summaryOf(facts.entries, members),
    members: members.length,
    collapsed,
  }
  if (collapsed) return [row]
  return [
    row,
    ...members.flatMap((member): readonly (GroupRow | MemberRow)[] => {
      if (isGroup(member)) return branch(facts, member, level + 1, path)
      const entry = facts.entries.find(({ place }) => place === member.sessionId)
      if (entry === undefined) return []
      return [{ type: 'member', key: `member:${path.join('/')}/${member.sessionId}`, level: level + 1, parent: session, entry }]
    }),
  ]
}

/** The sessions that belong to one and are still there, as they were given. */
export function membersOf(sessions: SessionsState, { metadata }: SessionSnapshot): readonly SessionSnapshot[] {
  return metadata.associateSessionKeys.flatMap(key => sessions.listed.get(key) ?? [])
}

function matchesGroup(facts: GroupFacts, session: SessionSnapshot): boolean {
  const members = membersOf(facts.sessions, session).map(facts.nameOf)
  return containsWords([facts.nameOf(session), session.metadata.dataSource, ...members].join(' '), facts.query)
}

/** How many members are in which state, most first. */
function summaryOf(entries: readonly FleetEntry[], members: readonly SessionSnapshot[]): string {
  const counts = new Map<string, number>()
  for (const member of members) {
    const word = entries.find(({ place }) => place === member.sessionId)?.state.word
    if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return [...counts].map(([word, count]) => `${count} ${word.toLowerCase().replace('…', '')}`).join(', ')
}

function section(id: SectionId, rows: readonly FleetRow[], collapsed: readonly string[], count = rows.length): readonly FleetRow[] {
  if (rows.length === 0) return []
  const isCollapsed = collapsed.includes(id)
  const heading: FleetRow = { type: 'section', key: `section:${id}`, id, count, collapsed: isCollapsed }
  return isCollapsed ? [heading] : [heading, ...rows]
}

/** What stands on the right of a row's first line. */
export function portText({ path, port, state }: FleetEntry): string {
  const short = shortPortName(path)
  return state.kind === 'lost' && port?.backend !== 'simulated' ? `was ${short}` : short
}

function sectionOf(path: string, port: PortInfo | undefined, session: SessionSnapshot | undefined): FleetEntry['section'] {
  if ((port?.backend ?? session?.backend) === 'simulated' || path.startsWith('simulated:')) return 'simulated'
  return session === undefined ? 'other' : 'open'
}

const naturalOrder = new Intl.Collator('en', { numeric: true })

function compareNatural(one: string, other: string): number {
  return naturalOrder.compare(one, other)
}
