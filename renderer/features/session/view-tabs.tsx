import type { KeyboardEvent } from 'react'
import { useServices } from '../../stores/context'
import { type SessionView, showView } from '../../stores/tabs-store'

const VIEWS: readonly { readonly id: SessionView; readonly label: string }[] = [
  { id: 'console', label: 'Console' },
  { id: 'metrics', label: 'Metrics' },
]

export function ViewTabs({ port, view }: { readonly port: string; readonly view: SessionView }) {
  const { stores } = useServices()
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    showView(stores.tabs, port, view === 'console' ? 'metrics' : 'console')
    const strip = event.currentTarget
    requestAnimationFrame(() => strip.querySelector<HTMLElement>('[aria-selected=true]')?.focus())
  }
  return (
    <div className="view-tabs" role="tablist" aria-label="Views" onKeyDown={onKeyDown}>
      {VIEWS.map(({ id, label }) => (
        <button
          key={id}
          type="button"
          role="tab"
          aria-selected={id === view}
          tabIndex={id === view ? 0 : -1}
          onClick={() => showView(stores.tabs, port, id)}
        >
          {label}
        </button>
      ))}
    </div>
  )
}
