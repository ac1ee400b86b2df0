import { useMemo, useState } from 'react'
import type { CommandOutput, Result } from '../../../shared/contract'
import type { HistoryEntry } from '../../../shared/model'
import { EventRows } from './event-rows'
import { EventToolbar } from './event-toolbar'
import { countTypes, type EventType, matchingEntries } from './event-types'
import './event-list.css'

export type SaveHistory = (format: 'jsonl' | 'csv') => Promise<Result<CommandOutput<'history:save'>>>

export interface EventListProps {
  /** Accessible name. */
  readonly label: string
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[]
  /** A column for the board that each entry is of. */
  readonly showsBoard?: boolean
  /** What belongs here, while there is nothing. */
  readonly emptyText: string
  readonly onSave: SaveHistory
}

/** What happened, as typed lines: filtered by type and text, saved, copied. Stays with the newest unless scrolled up. */
export function EventList({ label, entries, showsBoard = false, emptyText, onSave }: EventListProps) {
  const [types, setTypes] = useState<ReadonlySet<EventType>>(new Set())
  const [search, setSearch] = useState('')
  const [current, setCurrent] = useState<number | null>(null)
  const counts = useMemo(() => countTypes(entries), [entries])
  const shown = useMemo(() => matchingEntries(entries, types, search), [entries, types, search])
  const clear = (): void => {
    setTypes(new Set())
    setSearch('')
  }
  return (
    <div className="event-list">
      <EventToolbar
        total={entries.length}
        counts={counts}
        types={types}
        search={search}
        current={shown.find(entry => entry.seq === current)}
        onTypes={setTypes}
        onSearch={setSearch}
        onSave={onSave}
      />
      {shown.length === 0 ? (
        <p className="event-empty">
          {entries.length === 0 ? (
            emptyText
          ) : (
            <>
              0 of {entries.length} match,{' '}
              <button type="button" className="link" onClick={clear}>
                clear filter
              </button>
            </>
          )}
        </p>
      ) : (
        <EventRows label={label} entries={shown} showsBoard={showsBoard} current={current} onCurrent={setCurrent} />
      )}
    </div>
  )
}
