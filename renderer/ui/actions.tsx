import { createContext, type ReactNode, use, useEffect, useMemo, useRef } from 'react'
import type { MenuAction } from '../../shared/model'

/** Carries out what the menu and the shortcuts ask for. The view that can do it registers itself while it is there. */
export interface Actions {
  /** False when no view on the page can do it now. */
  run(action: MenuAction): boolean
  /** The latest to register answers. Returns the function that takes it back. */
  register(action: MenuAction, handler: () => void): () => void
}

export function createActions(): Actions {
  const handlers = new Map<MenuAction, (() => void)[]>()
  return {
    run(action) {
      const handler = handlers.get(action)?.at(-1)
      handler?.()
      return handler !== undefined
    },
    register(action, handler) {
      const entry = (): void => handler()
      handlers.set(action, [...(handlers.get(action) ?? []), entry])
      return () => {
        const left = (handlers.get(action) ?? []).filter(other => other !== entry)
        if (left.length === 0) handlers.delete(action)
        else handlers.set(action, left)
      }
    },
  }
}

const ActionsContext = createContext<Actions | null>(null)

export function ActionsProvider({ actions, children }: { readonly actions?: Actions; readonly children: ReactNode }) {
  const own = useMemo(createActions, [])
  return <ActionsContext value={actions ?? own}>{children}</ActionsContext>
}

export function useActions(): Actions {
  const actions = use(ActionsContext)
  if (actions === null) throw new Error('ActionsProvider is missing above this view.')
  return actions
}

/** Registers this view for an action while it is on the page. */
export function useAction(action: MenuAction, handler: () => void): void {
  const actions = useActions()
  const latest = useRef(handler)
  latest.current = handler
  useEffect(() => actions.register(action, () => latest.current()), [actions, action])
}
