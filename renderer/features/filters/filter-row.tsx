import { ArrowDown, ArrowUp, Settings2, Trash2 } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import type { FilterInfo } from '../../../shared/model'
import { ErrorNote } from '../../ui/error-note'
import { formatCount } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'
import { reportGroups } from './chain-rows'
import { FILTER_FORMS, settingTexts } from './filter-forms'

export interface FilterRowProps {
  readonly filter: FilterInfo
  readonly isFirst: boolean
  readonly isLast: boolean
  /** Why the last change to this filter was refused. */
  readonly error: ErrorInfo | null
  readonly onMove: (step: -1 | 1) => void
  readonly onEdit: () => void
  readonly onRemove: () => void
}

/** One filter. Alt and an arrow key move it, Delete removes it. */
export function FilterRow({ filter, isFirst, isLast, error, onMove, onEdit, onRemove }: FilterRowProps) {
  const { name, type } = filter
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const isMove = event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')
    if (isMove) {
      event.preventDefault()
      const step = event.key === 'ArrowUp' ? -1 : 1
      if (!(step < 0 ? isFirst : isLast)) onMove(step)
    } else if (event.key === 'Delete') {
      onRemove()
    }
  }
  return (
    <article className="chain-row" aria-label={`${name}, ${FILTER_FORMS[type].label}`} onKeyDown={onKeyDown}>
      <div className="chain-what">
        <button
          type="button"
          className="chain-name"
          data-filter={name}
          title="Enter changes it, Alt+↑ and Alt+↓ move it, Delete removes it"
          onClick={onEdit}
        >
          {name}
        </button>
        <span className="chain-type">{FILTER_FORMS[type].label}</span>
        <span className="chain-settings">{settingsText(filter)}</span>
      </div>
      <div className="chain-buttons">
        <IconButton icon={ArrowUp} label={`Move ${name} towards the port`} shortcut="Alt+↑" disabled={isFirst} onClick={() => onMove(-1)} />
        <IconButton
          icon={ArrowDown}
          label={`Move ${name} towards the readers`}
          shortcut="Alt+↓"
          disabled={isLast}
          onClick={() => onMove(1)}
        />
        <IconButton icon={Settings2} label={`Change ${name}`} onClick={onEdit} />
        <IconButton icon={Trash2} label={`Remove ${name}`} shortcut="Delete" onClick={onRemove} />
      </div>
      <Report filter={filter} />
      {error !== null && <ErrorNote error={error} />}
    </article>
  )
}

function Report({ filter }: { readonly filter: FilterInfo }) {
  if (filter.report.length === 0) return null
  return (
    <div className="chain-report">
      {reportGroups(filter.report).map(({ title, figures }) => (
        <p key={title}>
          {title !== '' && <span className="chain-report-title">{title}</span>}
          {figures.map(({ label, value }) => (
            <span key={label} className="chain-figure">
              {label} <b>{grouped(value)}</b>
            </span>
          ))}
        </p>
      ))}
    </div>
  )
}

function settingsText(filter: FilterInfo): string {
  const texts = settingTexts(filter)
  return FILTER_FORMS[filter.type].fields
    .filter(({ key }) => texts[key] !== '')
    .map(field =>
      field.kind === 'integer'
        ? `${field.label.toLowerCase()} ${grouped(texts[field.key] ?? '')} ${field.unit}`
        : `${field.label.toLowerCase()} ${texts[field.key]}`,
    )
    .join(' · ')
}

/** `11520 B/s` → `11,520 B/s`. */
function grouped(figure: string): string {
  return figure.replace(/^\d+(?= |$)/, digits => formatCount(Number(digits)))
}
