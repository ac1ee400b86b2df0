import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ErrorInfo } from '../../shared/errors'
import type { Page, Place } from './places'

export type SessionView = 'console' | 'files' | 'metrics' | 'events' | 'details' | 'metadata' | 'attributes' | 'filters'

/** Why the last attempt to open a port failed. Kept until the next attempt, also when its tab is closed. */
export interface OpenFailure {
  readonly error: ErrorInfo
  readonly at: number
}

export interface TabsState {
  /** In the order they were opened. */
  readonly tabs: readonly Place[]
  readonly active: Place | null
  /** What is marked in the fleet list. */
  readonly selected: Place | null
  readonly views: ReadonlyMap<Place, SessionView>
  /** Ports whose `sessions:open` has not been answered yet: their tab stays whatever becomes of the session. */
  readonly opening: ReadonlySet<string>
  /** By port. */
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

export function addTab(store: TabsStore, place: Place): void {
  store.setState(state => (state.tabs.includes(place) ? {} : { tabs: [...state.tabs, place], active: state.active ?? place }))
}

export function activateTab(store: TabsStore, place: Place): void {
  store.setState(state => (state.tabs.includes(place) ? { active: place, selected: place } : {}))
}

export function selectPlace(store: TabsStore, place: Place | null): void {
  store.setState(state => ({
    selected: place,
    active: place !== null && state.tabs.includes(place) ? place : state.active,
  }))
}

/** The neighbour takes over: the next tab, or the one before when the last was closed. */
export function removeTab(store: TabsStore, place: Place): void {
  store.setState(state => {
    const index = state.tabs.indexOf(place)
    if (index < 0) return {}
    const tabs = state.tabs.filter(other => other !== place)
    const active = state.active === place ? (tabs[Math.min(index, tabs.length - 1)] ?? null) : state.active
    const views = new Map(state.views)
    views.delete(place)
    return { tabs, active, views }
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

export function showView(store: TabsStore, place: Place, view: SessionView): void {
  store.setState(state => ({ views: new Map(state.views).set(place, view) }))
}

/** A port got a session, or lost it: tab, selection and view go on under the new name. Without a tab, only the selection does. */
export function renamePlace(store: TabsStore, from: Place, to: Place): void {
  store.setState(state => {
    const views = new Map(state.views)
    const view = views.get(from)
    views.delete(from)
    if (view !== undefined) views.set(to, view)
    return {
      tabs: state.tabs.includes(to) ? state.tabs.filter(place => place !== from) : state.tabs.map(place => (place === from ? to : place)),
      active: state.active === from ? to : state.active,
      selected: state.selected === from ? to : state.selected,
      views,
    }
  })
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

/** Shows a page in a tab of its own; there is one of each. */
export function showPage(store: TabsStore, page: Page): void {
  addTab(store, page)
  activateTab(store, page)
}
