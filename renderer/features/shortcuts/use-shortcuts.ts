import { useEffect } from 'react'
import { useServices } from '../../stores/context'
import { activateTab, showPage } from '../../stores/tabs-store'
import { useAction, useActions } from '../../ui/actions'
import { matchesShortcut } from '../../ui/use-shortcut'
import { SHORTCUTS } from './shortcuts'

/** Listens for shortcuts and for what the menu asks, for the whole page. */
export function useShortcuts(): void {
  const actions = useActions()
  const { client, stores } = useServices()
  useAction('show-settings', () => showPage(stores.tabs, 'page:settings'))
  useAction('show-activity', () => showPage(stores.tabs, 'page:activity'))
  useEffect(() => client.subscribe('menu:invoked', {}, ({ action }) => void actions.run(action)), [client, actions])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const isPlain = !event.ctrlKey && !event.metaKey && event.key.length === 1
      // A key that types a sign is left to fields.
      if (isPlain && isField(event.target)) return
      const tab = tabNumber(event)
      const port = tab === null ? undefined : stores.tabs.getState().tabs[tab - 1]
      if (port !== undefined) {
        event.preventDefault()
        activateTab(stores.tabs, port)
        return
      }
      const shortcut = SHORTCUTS.find(({ keys }) => keys.some(key => matchesShortcut(event, key)))
      // Prevented also when nobody answers: the menu would ask a second time, or Chromium do something of its own.
      if (shortcut === undefined) return
      event.preventDefault()
      actions.run(shortcut.action)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [actions, stores])
}

function tabNumber(event: KeyboardEvent): number | null {
  const isAsked = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && /^[1-9]$/.test(event.key)
  return isAsked ? Number(event.key) : null
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea:not([readonly]), select, [contenteditable=true]') !== null
}
