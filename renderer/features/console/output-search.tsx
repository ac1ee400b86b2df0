import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { IconButton } from '../../ui/icon-button'

export interface OutputSearchProps {
  /** Whether something was found. */
  readonly onFind: (text: string, direction: 'next' | 'previous') => boolean
  readonly onClose: () => void
}

export function OutputSearch({ onFind, onClose }: OutputSearchProps) {
  const [text, setText] = useState('')
  const [isFound, setFound] = useState(true)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const find = (direction: 'next' | 'previous'): void => setFound(onFind(text, direction))
  return (
    // biome-ignore lint/a11y/useSemanticElements: the search element is younger than the oldest browser here.
    <div
      className="output-search"
      role="search"
      aria-label="Search the output"
      onKeyDown={event => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <input
        ref={field}
        type="text"
        aria-label="Text to find in the output"
        placeholder="Find in output"
        value={text}
        onChange={event => {
          setText(event.target.value)
          setFound(onFind(event.target.value, 'previous'))
        }}
        onKeyDown={event => {
          if (event.key === 'Enter') find(event.shiftKey ? 'next' : 'previous')
        }}
      />
      <span className="output-search-result" role="status">
        {isFound ? '' : 'No match'}
      </span>
      <IconButton icon={ArrowUp} label="Previous match" shortcut="Enter" onClick={() => find('previous')} />
      <IconButton icon={ArrowDown} label="Next match" shortcut="Shift+Enter" onClick={() => find('next')} />
      <IconButton icon={X} label="Close the search" shortcut="Esc" onClick={onClose} />
    </div>
  )
}
