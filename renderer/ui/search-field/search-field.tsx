import { Search, X } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { IconButton } from '../icon-button'
import './search-field.css'

export interface SearchFieldProps {
  /** Accessible name. */
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Stands at the end while the field is empty: its shortcut. */
  readonly hint?: ReactNode
  readonly className?: string
  readonly ref?: Ref<HTMLInputElement>
}

/** A field that narrows down what is below it. Escape and the cross empty it. */
export function SearchField({ label, placeholder, value, onChange, hint, className, ref }: SearchFieldProps) {
  return (
    <div className={className === undefined ? 'search-field' : `search-field ${className}`}>
      <Search size={14} strokeWidth={1.75} aria-hidden />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={event => onChange(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') onChange('')
        }}
      />
      {value === '' ? hint : <IconButton icon={X} label="Clear the search" onClick={() => onChange('')} />}
    </div>
  )
}
