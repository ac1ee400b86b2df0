import { type KeyboardEvent, useId, useLayoutEffect, useRef } from 'react'
import type { Result } from '../../../shared/contract'
import { FieldNotes } from './field-notes'
import { useDraft } from './use-draft'

/** Longer texts scroll. */
const ROWS_MAX = 8

export interface EditableTextProps {
  /** Accessible name. */
  readonly label: string
  readonly value: string
  readonly onSave: (text: string) => Promise<Result<unknown>>
  readonly check?: (text: string) => string | null
  /** Another way to write what it says already. */
  readonly isSame?: (text: string) => boolean
  readonly placeholder?: string
  readonly disabled?: boolean
  readonly isCode?: boolean
  /** Several lines, with Shift and Enter. */
  readonly isMultiline?: boolean
}

/** A value that is changed where it stands. Enter or leaving it saves, Escape takes the change back. */
export function EditableText(props: EditableTextProps) {
  const { label, value, placeholder, disabled, isCode = false, isMultiline = false } = props
  const draft = useDraft(props)
  const notes = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  // A long line wraps: the field is as high as what it holds.
  useLayoutEffect(() => {
    if (isMultiline) fitHeight(area.current, draft.text)
  }, [isMultiline, draft.text])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      draft.save()
    } else if (event.key === 'Escape') {
      draft.cancel()
    }
  }
  const common = {
    className: isCode ? 'field-input mono' : 'field-input',
    value: draft.text,
    placeholder,
    disabled,
    spellCheck: false,
    'aria-label': label,
    'aria-invalid': draft.problem !== null,
    'aria-describedby': notes,
    onKeyDown,
    onBlur: draft.leave,
  }
  return (
    <div className="field">
      {isMultiline ? (
        <textarea {...common} ref={area} rows={1} onChange={event => draft.change(event.target.value)} />
      ) : (
        <input {...common} type="text" onChange={event => draft.change(event.target.value)} />
      )}
      <FieldNotes id={notes} draft={draft} theirs={value} />
    </div>
  )
}

function fitHeight(area: HTMLTextAreaElement | null, text: string): void {
  if (area === null) return
  area.rows = Math.min(ROWS_MAX, text.split('\n').length)
  while (area.rows < ROWS_MAX && area.scrollHeight > area.clientHeight) area.rows++
}
