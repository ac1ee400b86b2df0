import { History, type LucideIcon, Settings, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, type WheelEvent } from 'react'
import { usePortName, usePortState, useServices, useSession, useTabsState } from '../../stores/context'
import { isPage, type Page, type Place } from '../../stores/places'
import { activateTab, stepTab } from '../../stores/tabs-store'
import { useAction } from '../../ui/actions'
import { isFocusLost } from '../../ui/lost-focus'
import { StateDot } from '../../ui/state-dot'

/** A tab a session, or a page. Arrow keys move along, Delete and the middle button close. */
export function TabStrip() {
  const { stores } = useServices()
  const tabs = useTabsState(state => state.tabs)
  const active = useTabsState(state => state.active)
  const strip = useRef<HTMLDivElement>(null)
  useKeptFocus(strip, tabs)
  useAction('next-tab', () => stepTab(stores.tabs, 1))
  useAction('previous-tab', () => stepTab(stores.tabs, -1))

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    stepTab(stores.tabs, event.key === 'ArrowRight' ? 1 : -1)
    requestAnimationFrame(() => strip.current?.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus())
  }

  // A wheel turns in one direction only; the strip is as long as the fleet.
  const onWheel = (event: WheelEvent<HTMLDivElement>): void => {
    event.currentTarget.scrollLeft += event.deltaY
  }

  return (
    <div className="tab-strip" role="tablist" aria-label="Sessions" ref={strip} onKeyDown={onKeyDown} onWheel={onWheel}>
      {tabs.map(place =>
        isPage(place) ? (
          <PageTab key={place} page={place} isActive={place === active} />
        ) : (
          <SessionTab key={place} place={place} isActive={place === active} />
        ),
      )}
    </div>
  )
}

/** Where a tab has gone and the focus with it, the tab that is shown now has it. */
function useKeptFocus(strip: RefObject<HTMLElement | null>, tabs: readonly Place[]): void {
  const before = useRef(tabs)
  useEffect(() => {
    const hasGone = before.current.some(place => !tabs.includes(place))
    before.current = tabs
    if (hasGone && isFocusLost()) strip.current?.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus()
  }, [strip, tabs])
}

const PAGES: Readonly<Record<Page, { readonly label: string; readonly icon: LucideIcon }>> = {
  'page:activity': { label: 'Activity', icon: History },
  'page:settings': { label: 'Settings', icon: Settings },
}

function PageTab({ page, isActive }: { readonly page: Page; readonly isActive: boolean }) {
  const { label, icon: Icon } = PAGES[page]
  return (
    <Tab place={page} name={label} label={label} isActive={isActive}>
      <Icon size={14} strokeWidth={1.75} aria-hidden />
    </Tab>
  )
}

function SessionTab({ place, isActive }: { readonly place: Place; readonly isActive: boolean }) {
  const name = usePortName(place)
  const state = usePortState(place)
  const session = useSession(place)
  return (
    <Tab place={place} name={name} label={`${name}, ${state.word}`} title={session?.port ?? place} isActive={isActive}>
      <StateDot kind={state.kind} />
    </Tab>
  )
}

interface TabProps {
  readonly place: Place
  readonly name: string
  /** What it is called where its shape can't be seen. */
  readonly label: string
  readonly title?: string
  readonly isActive: boolean
  readonly children: ReactNode
}

function Tab({ place, name, label, title, isActive, children }: TabProps) {
  const { stores, commands } = useServices()
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!isActive) return
    const show = (): void => element.current?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' })
    show()
    window.addEventListener('resize', show)
    return () => window.removeEventListener('resize', show)
  }, [isActive])
  return (
    <div ref={element} className={isActive ? 'tab tab-active' : 'tab'} role="presentation" title={title}>
      <button
        type="button"
        role="tab"
        id={`tab-${place}`}
        aria-selected={isActive}
        aria-controls="session-panel"
        aria-label={label}
        tabIndex={isActive ? 0 : -1}
        onClick={() => activateTab(stores.tabs, place)}
        onAuxClick={event => {
          if (event.button === 1) void commands.close(place)
        }}
        onKeyDown={event => {
          if (event.key === 'Delete') void commands.close(place)
        }}
      >
        {children}
        <span className="tab-name">{name}</span>
      </button>
      {/* For the mouse; a tab list holds tabs only. The keyboard has Delete and Ctrl+W. */}
      <button
        type="button"
        className="icon-button tab-close"
        aria-hidden
        tabIndex={-1}
        title={`Close ${name} (Ctrl+W)`}
        onClick={() => void commands.close(place)}
      >
        <X size={12} strokeWidth={1.75} aria-hidden />
      </button>
    </div>
  )
}
