import { type KeyboardEvent, useId } from 'react'
import type { Result } from '../../../shared/contract'
import { formatPeriod, parsePeriod } from '../periods'
import { FieldNotes } from './field-notes'
import { useDraft } from './use-draft'

export interface PeriodFieldProps {
  /** Accessible name. */
  readonly label: string
  /** Null is shown as `noneWord`. */
  readonly valueMs: number | null
  /** What no period is called: `off`, `never`. */
  readonly noneWord: string
  readonly minMs: number
  readonly disabled?: boolean
  readonly onSave: (valueMs: number | null) => Promise<Result<unknown>>
}

/** A length of time, in units a person writes. Empty or the word for none takes it away. */
export function PeriodField({ label, valueMs, noneWord, minMs, disabled, onSave }: PeriodFieldProps) {
  const isNone = (text: string): boolean => ['', '0', noneWord].includes(text.trim().toLowerCase())
  const read = (text: string): number | null => (isNone(text) ? null : parsePeriod(text))
  const draft = useDraft({
    value: valueMs === null ? noneWord : formatPeriod(valueMs),
    check(text) {
      if (isNone(text)) return null
      const parsed = parsePeriod(text)
      if (parsed === null) return `Write it as 90 s or 5 min, or “${noneWord}”.`
      return parsed < minMs ? `The shortest is ${formatPeriod(minMs)}; “${noneWord}” takes it away.` : null
    },
    isSame: text => read(text) === valueMs,
    onSave: text => onSave(read(text)),
  })
  const notes = useId()
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') draft.save()
    else if (event.key === 'Escape') draft.cancel()
  }
  return (
    <div className="field">
      <input
        type="text"
        className="field-input field-short"
        aria-label={label}
        aria-invalid={draft.problem !== null}
        aria-describedby={notes}
        disabled={disabled}
        value={draft.text}
        onChange={event => draft.change(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={draft.leave}
      />
      <FieldNotes id={notes} draft={draft} theirs={valueMs === null ? noneWord : formatPeriod(valueMs)} />
    </div>
  )
}
