import { X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, type WheelEvent } from 'react'
import { usePortName, usePortState, useServices, useTabsState } from '../../stores/context'
import { activateTab, stepTab } from '../../stores/tabs-store'
import { useAction } from '../../ui/actions'
import { StateDot } from '../../ui/state-dot'

/** A tab a session. Arrow keys move along, Delete and the middle button close. */
export function TabStrip() {
  const { stores } = useServices()
  const tabs = useTabsState(state => state.tabs)
  const active = useTabsState(state => state.active)
  const strip = useRef<HTMLDivElement>(null)
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
      {tabs.map(port => (
        <Tab key={port} port={port} isActive={port === active} />
      ))}
    </div>
  )
}

function Tab({ port, isActive }: { readonly port: string; readonly isActive: boolean }) {
  const { stores, commands } = useServices()
  const name = usePortName(port)
  const state = usePortState(port)
  const element = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isActive) element.current?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' })
  }, [isActive])
  return (
    <div className={isActive ? 'tab tab-active' : 'tab'} role="presentation" title={port}>
      <button
        ref={element}
        type="button"
        role="tab"
        id={`tab-${port}`}
        aria-selected={isActive}
        aria-controls="session-panel"
        aria-label={`${name}, ${state.word}`}
        tabIndex={isActive ? 0 : -1}
        onClick={() => activateTab(stores.tabs, port)}
        onAuxClick={event => {
          if (event.button === 1) void commands.close(port)
        }}
        onKeyDown={event => {
          if (event.key === 'Delete') void commands.close(port)
        }}
      >
        <StateDot kind={state.kind} />
        <span className="tab-name">{name}</span>
      </button>
      {/* For the mouse; a tab list holds tabs only. The keyboard has Delete and Ctrl+W. */}
      <button
        type="button"
        className="icon-button tab-close"
        aria-hidden
        tabIndex={-1}
        title={`Close ${name} (Ctrl+W)`}
        onClick={() => void commands.close(port)}
      >
        <X size={12} strokeWidth={1.75} aria-hidden />
      </button>
    </div>
  )
}
