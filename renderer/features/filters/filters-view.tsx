import { ChevronDown, Plus } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { Fragment, type RefObject, useEffect, useRef, useState } from 'react'
import type { Result } from '../../../shared/contract'
import { FILTERS_MAX } from '../../../shared/limits'
import type { FilterInfo, FilterPlace, FilterSpec, FilterType, SessionSnapshot } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { Button } from '../../ui/button'
import { ErrorNote } from '../../ui/error-note'
import { FactSection } from '../../ui/facts/facts'
import { formatPlural } from '../../ui/format'
import { useAttempt } from '../../ui/use-attempt'
import { type ChainRow, chainLinks } from './chain-rows'
import { FilterEditor } from './filter-editor'
import { FILTER_FORMS, FILTER_TYPES, freeName } from './filter-forms'
import { FilterRow } from './filter-row'
import { useFilters } from './use-filters'
import './filters.css'

/** What is being written: a new filter, or what an existing one is to become. */
type Editing = { readonly type: FilterType } | { readonly replaces: string }

/** What every message of this session goes through, from the port to the readers. */
export function FiltersView({ session }: { readonly session: SessionSnapshot }) {
  const { client } = useServices()
  const { sessionId } = session
  const { filters, error, take } = useFilters(sessionId)
  const [editing, setEditing] = useState<Editing | null>(null)
  /** The filter that the last attempt was about, so that its error stands there. */
  const [subject, setSubject] = useState<string | null>(null)
  const attempt = useAttempt()
  const chain = useRef<HTMLOListElement>(null)
  const addButton = useRef<HTMLButtonElement>(null)
  /** Where the keyboard goes on once a form or a row's place has gone; the button to add, where no name is given. */
  const [nextFocus, setNextFocus] = useState<{ readonly name: string | null } | null>(null)
  // Only after the form has left the page does the keyboard stand nowhere: a frame of the display may come before that.
  useEffect(() => {
    if (nextFocus === null || document.activeElement !== document.body) return
    const { name } = nextFocus
    const row = name === null ? null : chain.current?.querySelector<HTMLElement>(`[data-filter="${CSS.escape(name)}"]`)
    ;(row ?? addButton.current)?.focus()
  }, [nextFocus])
  if (filters === null) return <div className="filters">{error !== null && <ErrorNote error={error} />}</div>

  const names = filters.map(({ name }) => name)
  const change = async (about: string | null, action: () => Promise<Result<readonly FilterInfo[]>>): Promise<boolean> => {
    if (attempt.isBusy) return false
    setSubject(about)
    const result = await attempt.run(action)
    take(result)
    return result.ok
  }
  const edit = (next: Editing | null): void => {
    attempt.clear()
    setSubject(null)
    setEditing(next)
  }
  const focusRow = (name: string | null): void => setNextFocus({ name })
  const leave = (name: string | null): void => {
    edit(null)
    focusRow(name)
  }
  const add = async (filter: FilterSpec): Promise<void> => {
    if (await change(null, () => client.call('filters:add', { sessionId, filter, place: placeFor(filter.type) }))) leave(filter.name)
  }
  const replace = async (name: string, filter: FilterSpec): Promise<void> => {
    if (await change(name, () => client.call('filters:replace', { sessionId, name, filter }))) leave(filter.name)
  }
  const move = async (index: number, step: -1 | 1): Promise<void> => {
    const name = names[index]
    const neighbour = names[index + step]
    if (name === undefined || neighbour === undefined) return
    const place: FilterPlace = step < 0 ? { before: neighbour } : { after: neighbour }
    await change(name, () => client.call('filters:move', { sessionId, name, place }))
    focusRow(name)
  }
  const remove = async (name: string, next: string | null): Promise<void> => {
    if (await change(name, () => client.call('filters:remove', { sessionId, name }))) focusRow(next)
  }

  const renderRow = (link: ChainRow) => {
    if (link.row !== 'filter') return <FixedRow row={link.row} session={session} />
    const { filter, index } = link
    const isEdited = editing !== null && 'replaces' in editing && editing.replaces === filter.name
    if (isEdited) {
      return (
        <FilterEditor
          filter={filter}
          taken={names.filter(name => name !== filter.name)}
          submitLabel="Replace"
          isBusy={attempt.isBusy}
          error={attempt.error}
          onSubmit={spec => void replace(filter.name, spec)}
          onCancel={() => leave(filter.name)}
        />
      )
    }
    return (
      <FilterRow
        filter={filter}
        isFirst={index === 0}
        isLast={index === filters.length - 1}
        error={subject === filter.name ? attempt.error : null}
        onMove={step => void move(index, step)}
        onEdit={() => edit({ replaces: filter.name })}
        onRemove={() => void remove(filter.name, names[index + 1] ?? names[index - 1] ?? null)}
      />
    )
  }

  return (
    <div className="filters">
      <FactSection
        title="Filters"
        note={
          filters.length === 0
            ? 'none: bytes go straight through'
            : `${formatPlural(filters.length, 'filter')}, changed from the next message on`
        }
        action={<AddMenu button={addButton} isFull={filters.length >= FILTERS_MAX} onPick={type => edit({ type })} />}
      >
        {error !== null && <ErrorNote error={error} />}
        {editing !== null && 'type' in editing && (
          <FilterEditor
            key={editing.type}
            filter={{ name: freeName(editing.type, names), type: editing.type }}
            taken={names}
            submitLabel="Add"
            isBusy={attempt.isBusy}
            error={attempt.error}
            onSubmit={filter => void add(filter)}
            onCancel={() => leave(null)}
          />
        )}
        <ol className="chain" aria-label="Filter chain, from the port to the readers" ref={chain}>
          {chainLinks(filters).map(({ link, flow }) => (
            <Fragment key={link.row === 'filter' ? `filter ${link.filter.name}` : link.row}>
              <li>{renderRow(link)}</li>
              {flow !== null && (
                <li className="chain-flow">
                  <span className="chain-flow-line" aria-hidden />
                  {flow}
                </li>
              )}
            </Fragment>
          ))}
        </ol>
      </FactSection>
    </div>
  )
}

/** What needs bytes goes where they surely are; lines are made at the readers' end. */
function placeFor(type: FilterType): FilterPlace {
  return { at: type === 'rateLimit' ? 'first' : 'last' }
}

interface AddMenuProps {
  readonly button: RefObject<HTMLButtonElement | null>
  readonly isFull: boolean
  readonly onPick: (type: FilterType) => void
}

function AddMenu({ button, isFull, onPick }: AddMenuProps) {
  const hasPicked = useRef(false)
  const pick = (type: FilterType): void => {
    hasPicked.current = true
    onPick(type)
  }
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button ref={button} icon={Plus} disabled={isFull} title={isFull ? `A chain has at most ${FILTERS_MAX} filters` : undefined}>
          Add filter
          <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu filter-menu"
          align="end"
          sideOffset={2}
          // The form that was asked for takes the focus.
          onCloseAutoFocus={event => {
            if (hasPicked.current) event.preventDefault()
            hasPicked.current = false
          }}
        >
          {FILTER_TYPES.map(type => (
            <DropdownMenu.Item key={type} className="menu-item" onSelect={() => pick(type)}>
              <b>{FILTER_FORMS[type].label}</b>
              <span>{FILTER_FORMS[type].does}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

const FIXED = {
  port: { name: 'Port', does: 'counts bytes' },
  protocol: { name: 'MicroPython protocol', does: 'finds prompts, runs code, tells output from answers' },
  readers: { name: 'Readers', does: 'console, results, event readers; counts messages' },
} as const

function FixedRow({ row, session }: { readonly row: keyof typeof FIXED; readonly session: SessionSnapshot }) {
  const { name, does } = FIXED[row]
  return (
    <div className="chain-row chain-fixed">
      <div className="chain-what">
        <b>{name}</b>
        {row === 'port' && <span className="chain-type mono">{session.port}</span>}
        <span className="chain-settings">{does}</span>
      </div>
      <span className="chain-fixed-word">fixed</span>
    </div>
  )
}
