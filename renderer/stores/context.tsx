import { createContext, type ReactNode, use } from 'react'
import { useStore } from 'zustand'
import type { PortInfo, SessionSnapshot } from '../../shared/model'
import type { Client } from '../bridge/client'
import type { AppStores } from './app-stores'
import { portName } from './board-names'
import type { Commands } from './commands'
import type { ManagerStoreState } from './manager-store'
import type { NoticesState } from './notices-store'
import { describePort, type PortState } from './port-state'
import type { PortsState } from './ports-store'
import type { Preferences } from './preferences-store'
import { type SessionsState, sessionOfPort } from './sessions-store'
import type { TabsState } from './tabs-store'

/** What the views are given: no singletons. */
export interface AppServices {
  readonly client: Client
  readonly stores: AppStores
  readonly commands: Commands
}

const ServicesContext = createContext<AppServices | null>(null)

export function ServicesProvider({ services, children }: { readonly services: AppServices; readonly children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>
}

export function useServices(): AppServices {
  const services = use(ServicesContext)
  if (services === null) throw new Error('ServicesProvider is missing above this view.')
  return services
}

// One hook a store: the view is drawn again when the selected part changes.

export function usePortsState<U>(selector: (state: PortsState) => U): U {
  return useStore(useServices().stores.ports, selector)
}

export function useSessionsState<U>(selector: (state: SessionsState) => U): U {
  return useStore(useServices().stores.sessions, selector)
}

export function useManagerState<U>(selector: (state: ManagerStoreState) => U): U {
  return useStore(useServices().stores.manager, selector)
}

export function useTabsState<U>(selector: (state: TabsState) => U): U {
  return useStore(useServices().stores.tabs, selector)
}

export function useNoticesState<U>(selector: (state: NoticesState) => U): U {
  return useStore(useServices().stores.notices, selector)
}

export function useSession(port: string): SessionSnapshot | undefined {
  return useSessionsState(state => sessionOfPort(state, port))
}

export function usePort(port: string): PortInfo | undefined {
  return usePortsState(state => state.ports.get(port))
}

export function usePortName(path: string): string {
  const label = useSessionsState(state => sessionOfPort(state, path)?.portLabel ?? '')
  return portName(path, usePort(path), { portLabel: label })
}

export function usePortState(path: string): PortState {
  const port = usePort(path)
  const session = useSession(path)
  const failure = useTabsState(state => state.failures.get(path))
  const isOpening = useTabsState(state => state.opening.has(path))
  return describePort({ port, session, failure, isOpening })
}

export function usePreferences<U>(selector: (state: Preferences) => U): U {
  return useStore(useServices().stores.preferences, selector)
}

export function usePreference<K extends keyof Preferences>(key: K): [Preferences[K], (value: Preferences[K]) => void] {
  const { preferences } = useServices().stores
  const value = useStore(preferences, state => state[key])
  return [value, next => preferences.setState({ [key]: next })]
}
