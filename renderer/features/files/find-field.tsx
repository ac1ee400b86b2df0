import { X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { IconButton } from '../../ui/icon-button'

export interface FindFieldProps {
  readonly label: string
  readonly value: string
  readonly count: string
  readonly onChange: (text: string) => void
  /** To the rows. */
  readonly onLeave: () => void
  readonly onClose: () => void
}

/** Narrows a folder to the names that hold a text. */
export function FindField({ label, value, count, onChange, onLeave, onClose }: FindFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose()
    else if (event.key === 'ArrowDown' || event.key === 'Enter') onLeave()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: Chromium knows that element from 118 on.
    <div role="search" className="find-field">
      <input
        ref={input}
        type="search"
        className="input"
        aria-label={label}
        placeholder="Find in this folder"
        value={value}
        spellCheck={false}
        onChange={event => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className="find-count" role="status">
        {count}
      </span>
      <IconButton icon={X} label="Close the search" shortcut="Esc" onClick={onClose} />
    </div>
  )
}
