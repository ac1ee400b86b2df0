import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

export interface NameFieldProps {
  readonly label: string
  readonly value: string
  readonly disabled: boolean
  /** Why a name can't be taken; null where it can. */
  readonly problemOf: (name: string) => string | null
  readonly onDone: (name: string) => void
  readonly onCancel: () => void
}

/** A name where it stands in the list. Enter takes it, Escape and leaving it do not. */
export function NameField({ label, value, disabled, problemOf, onDone, onCancel }: NameFieldProps) {
  const [text, setText] = useState(value)
  const [isTried, setIsTried] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const field = input.current
    if (field === null) return
    field.focus()
    // As a rule the ending stays.
    const end = value.lastIndexOf('.')
    field.setSelectionRange(0, end > 0 ? end : value.length)
  }, [value])
  const problem = text === value && !isTried ? null : problemOf(text)
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.key === 'Escape') {
      event.preventDefault()
      onCancel()
    }
    if (event.key !== 'Enter') return
    event.preventDefault()
    if (text === value && value !== '') onCancel()
    else if (problemOf(text) === null) onDone(text)
    else setIsTried(true)
  }
  return (
    <span className="name-field">
      <input
        ref={input}
        className="input"
        aria-label={label}
        aria-invalid={problem !== null}
        aria-description={problem ?? undefined}
        value={text}
        disabled={disabled}
        spellCheck={false}
        autoComplete="off"
        onChange={event => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={onCancel}
        onClick={event => event.stopPropagation()}
        onDoubleClick={event => event.stopPropagation()}
      />
      {problem !== null && (
        <span className="name-problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  )
}
