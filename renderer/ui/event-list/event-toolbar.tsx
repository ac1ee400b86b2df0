import { Check, Copy, Download } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import type { HistoryEntry } from '../../../shared/model'
import { Button } from '../button'
import { ErrorNote } from '../error-note'
import { formatCount, formatPlural } from '../format'
import { IconButton } from '../icon-button'
import { SearchField } from '../search-field/search-field'
import { useAttempt } from '../use-attempt'
import type { SaveHistory } from './event-list'
import { copyEntry } from './event-text'
import type { EventType, TypeCount } from './event-types'

export interface EventToolbarProps {
  readonly total: number
  readonly counts: readonly TypeCount[]
  readonly types: ReadonlySet<EventType>
  readonly search: string
  /** The marked row, if it is shown. */
  readonly current: HistoryEntry | undefined
  readonly onTypes: (types: ReadonlySet<EventType>) => void
  readonly onSearch: (search: string) => void
  readonly onSave: SaveHistory
}

export function EventToolbar({ total, counts, types, search, current, onTypes, onSearch, onSave }: EventToolbarProps) {
  const attempt = useAttempt()
  const [said, setSaid] = useState('')
  const save = async (format: 'jsonl' | 'csv'): Promise<void> => {
    setSaid('')
    const result = await attempt.run(() => onSave(format))
    if (result.ok && result.value.saved) setSaid(`${formatPlural(result.value.entries, 'event')} saved to ${result.value.file ?? 'a file'}`)
  }
  const toggle = (type: EventType): void => {
    const next = new Set(types)
    if (!next.delete(type)) next.add(type)
    onTypes(next)
  }
  return (
    <>
      <div className="event-bar">
        <SearchField
          className="event-search"
          label="Search the events"
          placeholder="Search the events"
          value={search}
          onChange={onSearch}
        />
        <span className="event-said" role="status" title={said}>
          {said}
        </span>
        <IconButton
          icon={Copy}
          label="Copy the marked event"
          shortcut="Ctrl+C"
          disabled={current === undefined}
          onClick={() => {
            if (current === undefined) return
            void copyEntry(current).then(() => setSaid('Copied'))
          }}
        />
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger asChild>
            <Button icon={Download} disabled={total === 0 || attempt.isBusy}>
              Export
            </Button>
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content className="menu" align="end" sideOffset={2}>
              <DropdownMenu.Label className="menu-label">All {formatPlural(total, 'event')}, whatever is shown</DropdownMenu.Label>
              <DropdownMenu.Item className="menu-item" onSelect={() => void save('csv')}>
                CSV…
              </DropdownMenu.Item>
              <DropdownMenu.Item className="menu-item" onSelect={() => void save('jsonl')}>
                JSON lines…
              </DropdownMenu.Item>
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would take part in no form here. */}
      <div className="event-chips" role="group" aria-label="Types">
        <button type="button" className="event-chip" aria-pressed={types.size === 0} onClick={() => onTypes(new Set())}>
          All <b>{formatCount(total)}</b>
        </button>
        {counts.map(({ type, label, count }) => (
          <button key={type} type="button" className="event-chip" aria-pressed={types.has(type)} onClick={() => toggle(type)}>
            {types.has(type) && <Check size={11} strokeWidth={2.25} aria-hidden />}
            {label} <b>{formatCount(count)}</b>
          </button>
        ))}
      </div>
      {attempt.error !== null && <ErrorNote error={attempt.error} />}
    </>
  )
}
