import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react'
import type { SessionView } from '../../stores/tabs-store'
import { isFocusLost } from '../../ui/lost-focus'
import { VIEW_LABELS } from './views'

/** A badge says no more than this. */
const COUNT_SHOWN_MAX = 999

export interface ViewTabsProps {
  readonly views: readonly SessionView[]
  readonly view: SessionView
  readonly eventCount: number
  /** A text in Files is not saved. */
  readonly isUnsaved: boolean
  readonly onShow: (view: SessionView) => void
}

/** The views of one session. Arrow keys, Home and End move along; Alt and a digit go to one from anywhere. */
export function ViewTabs({ views, view, eventCount, isUnsaved, onShow }: ViewTabsProps) {
  const strip = useRef<HTMLDivElement>(null)
  useViewDigits(views, onShow)
  useChosenView(strip, view)
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const next = stepped(views, view, event.key)
    if (next === undefined) return
    event.preventDefault()
    onShow(next)
    const strip = event.currentTarget
    requestAnimationFrame(() => strip.querySelector<HTMLElement>('[aria-selected=true]')?.focus())
  }
  return (
    <div ref={strip} className="view-tabs" role="tablist" aria-label="Views" onKeyDown={onKeyDown}>
      {views.map((id, index) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`view-${id}`}
          aria-selected={id === view}
          aria-controls="session-view"
          tabIndex={id === view ? 0 : -1}
          title={`${VIEW_LABELS[id]} (Alt+${index + 1})`}
          onClick={() => onShow(id)}
        >
          <span className="view-label" data-label={VIEW_LABELS[id]}>
            {VIEW_LABELS[id]}
          </span>
          {id === 'files' && isUnsaved && (
            <span className="view-dot" title="A text is not saved">
              <span className="visually-hidden">, a text is not saved</span>
            </span>
          )}
          {id === 'events' && eventCount > 0 && (
            <span className="view-count">{eventCount > COUNT_SHOWN_MAX ? `${COUNT_SHOWN_MAX}+` : eventCount}</span>
          )}
        </button>
      ))}
    </div>
  )
}

/** Another view takes away what had the focus in the one before: then its tab has it. It is seen, also where not all have room. */
function useChosenView(strip: RefObject<HTMLElement | null>, view: SessionView): void {
  const before = useRef(view)
  useEffect(() => {
    const tab = strip.current?.querySelector<HTMLElement>('[aria-selected=true]')
    tab?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' })
    if (before.current !== view && isFocusLost()) tab?.focus()
    before.current = view
  }, [strip, view])
}

/** Goes round at both ends. */
function stepped(views: readonly SessionView[], view: SessionView, key: string): SessionView | undefined {
  const index = views.indexOf(view)
  switch (key) {
    case 'ArrowLeft':
      return views[(index - 1 + views.length) % views.length]
    case 'ArrowRight':
      return views[(index + 1) % views.length]
    case 'Home':
      return views[0]
    case 'End':
      return views.at(-1)
    default:
      return undefined
  }
}

function useViewDigits(views: readonly SessionView[], onShow: (view: SessionView) => void): void {
  const latest = useRef({ views, onShow })
  latest.current = { views, onShow }
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent): void => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
      // The key, not its sign: with Alt held, some keyboards type another one.
      const digit = /^Digit([1-9])$/.exec(event.code)?.[1]
      const view = digit === undefined ? undefined : latest.current.views[Number(digit) - 1]
      if (view === undefined) return
      event.preventDefault()
      latest.current.onShow(view)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}
