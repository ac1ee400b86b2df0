import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, Copy } from 'lucide-react'
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import type { HistoryEntry } from '../../../shared/model'
import { formatMomentFull, formatMomentShort } from '../moments'
import { copyEntry } from './event-text'
import { EVENT_LABELS } from './event-types'

const ROW_HEIGHT = 24

export interface EventRowsProps {
  readonly label: string
  /** Never empty. */
  readonly entries: readonly HistoryEntry[]
  readonly showsBoard: boolean
  /** The marked row, by its number. */
  readonly current: number | null
  readonly onCurrent: (seq: number) => void
}

/** The rows that fit. Arrow keys mark one, Ctrl+C copies it. */
export function EventRows({ label, entries, showsBoard, current, onCurrent }: EventRowsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: index => entries[index]?.seq ?? index,
    overscan: 12,
    // Rows are there at once, before the first measurement.
    initialRect: { width: 600, height: 600 },
  })
  const [isFollowing, setFollowing] = useState(true)
  const place = usePlace(scroller, entries, isFollowing)
  const index = entries.findIndex(entry => entry.seq === current)

  const onScroll = (): void => {
    const element = scroller.current
    if (element === null) return
    setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < ROW_HEIGHT)
    place.remember()
  }
  const goTo = (next: number): void => {
    const entry = entries[Math.max(0, Math.min(entries.length - 1, next))]
    if (entry === undefined) return
    onCurrent(entry.seq)
    virtualizer.scrollToIndex(entries.indexOf(entry))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const marked = entries[index]
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && marked !== undefined) {
      event.preventDefault()
      void copyEntry(marked)
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const next = stepped(event.key, index < 0 ? entries.length : index, entries.length)
    if (next === undefined) return
    event.preventDefault()
    goTo(next)
  }

  return (
    <div className="event-rows-frame">
      <div
        ref={scroller}
        className={showsBoard ? 'event-rows event-rows-board' : 'event-rows'}
        role="listbox"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={index < 0 ? undefined : `${id}${current}`}
        onKeyDown={onKeyDown}
        onScroll={onScroll}
      >
        <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {virtualizer.getVirtualItems().map(item => {
            const entry = entries[item.index]
            if (entry === undefined) return null
            return (
              <EventRow
                key={item.key}
                id={`${id}${entry.seq}`}
                entry={entry}
                top={item.start}
                place={item.index + 1}
                total={entries.length}
                isCurrent={entry.seq === current}
                showsBoard={showsBoard}
                onCurrent={onCurrent}
              />
            )
          })}
        </div>
      </div>
      {!isFollowing && (
        <button type="button" className="event-newest" onClick={() => virtualizer.scrollToIndex(entries.length - 1)}>
          <ArrowDown size={12} strokeWidth={1.75} aria-hidden />
          Newest
        </button>
      )}
    </div>
  )
}

interface EventRowProps {
  readonly id: string
  readonly entry: HistoryEntry
  readonly top: number
  /** From 1. */
  readonly place: number
  readonly total: number
  readonly isCurrent: boolean
  readonly showsBoard: boolean
  readonly onCurrent: (seq: number) => void
}

function EventRow({ id, entry, top, place, total, isCurrent, showsBoard, onCurrent }: EventRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the list has the focus and the keys.
    <div
      id={id}
      role="option"
      aria-selected={isCurrent}
      aria-posinset={place}
      aria-setsize={total}
      className={`event-row event-${entry.tone}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onCurrent(entry.seq)}
    >
      <time className="event-time" dateTime={new Date(entry.at).toISOString()} title={formatMomentFull(entry.at)}>
        {formatMomentShort(entry.at)}
      </time>
      <span className="event-mark" aria-hidden />
      <span className="event-type">{EVENT_LABELS[entry.type]}</span>
      {showsBoard && (
        <span className="event-board" title={entry.board}>
          {boardName(entry)}
        </span>
      )}
      <span className="event-text" title={entry.text}>
        {entry.text}
      </span>
      {/* For the mouse; the keyboard has Ctrl+C, and the bar its button. */}
      <button
        type="button"
        className="icon-button event-copy"
        aria-hidden
        tabIndex={-1}
        title="Copy this event"
        onClick={() => void copyEntry(entry)}
      >
        <Copy size={12} strokeWidth={1.75} aria-hidden />
      </button>
    </div>
  )
}

/** Without its port, which the sentence beside it has. */
function boardName({ board, port }: HistoryEntry): string {
  const suffix = ` on ${port}`
  return board.endsWith(suffix) ? board.slice(0, -suffix.length) : board
}

function stepped(key: string, index: number, count: number): number | undefined {
  const page = 20
  switch (key) {
    case 'ArrowUp':
      return index - 1
    case 'ArrowDown':
      return index + 1
    case 'PageUp':
      return index - page
    case 'PageDown':
      return index + page
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}

/** Keeps the view where it is: at the newest entry, or on the entry at its top, whatever comes or goes above that. */
function usePlace(scroller: { readonly current: HTMLElement | null }, entries: readonly HistoryEntry[], isFollowing: boolean) {
  const top = useRef<{ readonly seq: number; readonly within: number } | null>(null)
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    if (isFollowing) {
      element.scrollTop = entries.length * ROW_HEIGHT
    } else if (top.current !== null) {
      const { seq, within } = top.current
      const index = entries.findIndex(entry => entry.seq >= seq)
      if (index >= 0) element.scrollTop = index * ROW_HEIGHT + within
    }
  }, [scroller, entries, isFollowing])
  return {
    remember(): void {
      const element = scroller.current
      if (element === null) return
      const entry = entries[Math.floor(element.scrollTop / ROW_HEIGHT)]
      top.current = entry === undefined ? null : { seq: entry.seq, within: element.scrollTop % ROW_HEIGHT }
    },
  }
}
