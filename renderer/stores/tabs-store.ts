import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ErrorInfo } from '../../shared/errors'

export type SessionView = 'console' | 'metrics'

/** Why the last attempt to open a port failed. Kept until the next attempt, also when its tab is closed. */
export interface OpenFailure {
  readonly error: ErrorInfo
  readonly at: number
}

export interface TabsState {
  /** Ports with a tab, in the order they were opened. */
  readonly tabs: readonly string[]
  readonly active: string | null
  /** The port that is marked in the fleet list. */
  readonly selected: string | null
  readonly views: ReadonlyMap<string, SessionView>
  /** Ports whose `sessions:open` has not been answered yet: their tab stays whatever becomes of the session. */
  readonly opening: ReadonlySet<string>
  readonly failures: ReadonlyMap<string, OpenFailure>
}

export type TabsStore = StoreApi<TabsState>

export function createTabsStore(): TabsStore {
  return createStore<TabsState>(() => ({
    tabs: [],
    active: null,
    selected: null,
    views: new Map(),
    opening: new Set(),
    failures: new Map(),
  }))
}

export function addTab(store: TabsStore, port: string): void {
  store.setState(state => (state.tabs.includes(port) ? {} : { tabs: [...state.tabs, port], active: state.active ?? port }))
}

export function activateTab(store: TabsStore, port: string): void {
  store.setState(state => (state.tabs.includes(port) ? { active: port, selected: port } : {}))
}

export function selectPort(store: TabsStore, port: string | null): void {
  store.setState(state => ({
    selected: port,
    active: port !== null && state.tabs.includes(port) ? port : state.active,
  }))
}

/** The neighbour takes over: the next tab, or the one before when the last was closed. */
export function removeTab(store: TabsStore, port: string): void {
  store.setState(state => {
    const index = state.tabs.indexOf(port)
    if (index < 0) return {}
    const tabs = state.tabs.filter(other => other !== port)
    const active = state.active === port ? (tabs[Math.min(index, tabs.length - 1)] ?? null) : state.active
    return { tabs, active }
  })
}

/** Goes round at both ends. */
export function stepTab(store: TabsStore, step: 1 | -1): void {
  const { tabs, active } = store.getState()
  if (tabs.length === 0) return
  const index = active === null ? 0 : tabs.indexOf(active)
  const next = tabs[(index + step + tabs.length) % tabs.length]
  if (next !== undefined) activateTab(store, next)
}

export function showView(store: TabsStore, port: string, view: SessionView): void {
  store.setState(state => ({ views: new Map(state.views).set(port, view) }))
}

export function setOpening(store: TabsStore, port: string, opening: boolean): void {
  store.setState(state => {
    const ports = new Set(state.opening)
    if (opening) ports.add(port)
    else ports.delete(port)
    return { opening: ports }
  })
}

export function setFailure(store: TabsStore, port: string, failure: OpenFailure | null): void {
  store.setState(state => {
    const failures = new Map(state.failures)
    if (failure === null) failures.delete(port)
    else failures.set(port, failure)
    return { failures }
  })
}
