import { useEffect, useRef } from 'react'

/** A shortcut of one view, while it is on the page. `Ctrl` means the command key on macOS. */
export function useShortcut(shortcut: string, handler: () => void): void {
  const latest = useRef(handler)
  latest.current = handler
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!matchesShortcut(event, shortcut)) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [shortcut])
}

/** `Ctrl+Shift+F`, `F5`, `/`: modifiers in this order, then the key. */
export function matchesShortcut(event: KeyboardEvent, shortcut: string): boolean {
  const parts = shortcut.split('+')
  const key = parts.at(-1) ?? ''
  const ctrl = event.ctrlKey || event.metaKey
  // What Shift gives on a key of signs is part of that key: `?` is typed with it on most keyboards.
  const isSign = key.length === 1 && !/[a-z0-9]/i.test(key)
  const isShiftRight = isSign || event.shiftKey === parts.includes('Shift')
  return event.key.toLowerCase() === key.toLowerCase() && ctrl === parts.includes('Ctrl') && !event.altKey && isShiftRight
}
