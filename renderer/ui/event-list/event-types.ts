import type { HistoryEntry } from '../../../shared/model'

export type EventType = HistoryEntry['type']

/** In the order of the chips. */
export const EVENT_LABELS: Readonly<Record<EventType, string>> = {
  created: 'Created',
  connected: 'Connected',
  disconnected: 'Disconnected',
  error: 'Error',
  disposed: 'Disposed',
  stateChanged: 'State',
  phaseChanged: 'Phase',
  idle: 'Idle',
  leaseChanged: 'Lease',
  infoUpdated: 'Info',
  filtersChanged: 'Filters',
  attributesChanged: 'Attributes',
  boardNotice: 'Board',
  managerStateChanged: 'Manager',
  portsChanged: 'Ports',
}

export interface TypeCount {
  readonly type: EventType
  readonly label: string
  readonly count: number
}

/** The types that occur. */
export function countTypes(entries: readonly HistoryEntry[]): readonly TypeCount[] {
  const counts = new Map<EventType, number>()
  for (const { type } of entries) counts.set(type, (counts.get(type) ?? 0) + 1)
  return (Object.keys(EVENT_LABELS) as EventType[])
    .filter(type => counts.has(type))
    .map(type => ({ type, label: EVENT_LABELS[type], count: counts.get(type) ?? 0 }))
}

/** No types chosen: all of them. Every word of the search must occur somewhere in the entry. */
export function matchingEntries(entries: readonly HistoryEntry[], types: ReadonlySet<EventType>, search: string): readonly HistoryEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (types.size === 0 && words.length === 0) return entries
  return entries.filter(entry => {
    if (types.size > 0 && !types.has(entry.type)) return false
    if (words.length === 0) return true
    const text = `${EVENT_LABELS[entry.type]} ${entry.board} ${entry.port} ${entry.dataSource ?? ''} ${entry.text}`.toLowerCase()
    return words.every(word => text.includes(word))
  })
}
