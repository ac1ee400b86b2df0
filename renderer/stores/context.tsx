import { createContext, type ReactNode, use } from 'react'
import { useStore } from 'zustand'
import type { PortInfo, SessionSnapshot } from '../../shared/model'
import type { Client } from '../bridge/client'
import type { ActivityState } from './activity-store'
import type { AppStores } from './app-stores'
import { portName, sessionName } from './board-names'
import type { Commands } from './commands'
import type { DialogsState } from './dialogs-store'
import type { BoardFilesState } from './files-store'
import type { ManagerStoreState } from './manager-store'
import type { NoticesState } from './notices-store'
import { isUnsaved } from './open-document'
import { type Place, portOf, sessionOf } from './places'
import { describePort, type PortState } from './port-state'
import type { PortsState } from './ports-store'
import type { Preferences } from './preferences-store'
import type { SessionsState } from './sessions-store'
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

export function useActivityState<U>(selector: (state: ActivityState) => U): U {
  return useStore(useServices().stores.activity, selector)
}

export function useDialogsState<U>(selector: (state: DialogsState) => U): U {
  return useStore(useServices().stores.dialogs, selector)
}

/** What the window knows of a board's files, by board key. */
export function useBoardFiles(board: string): BoardFilesState {
  const { files } = useServices().stores
  return useStore(files, state => state.boards.get(board) ?? files.of(board))
}

/** Whether a board's text in the editor is not saved. */
export function useHasUnsavedText(board: string): boolean {
  const { files } = useServices().stores
  return useStore(files, ({ boards }) => isUnsaved(boards.get(board)?.document ?? null))
}

/** Whether that text is too large to be kept for later. */
export function useIsUnkept(board: string): boolean {
  return useStore(useServices().stores.files, ({ unkept }) => unkept.has(board))
}

/** Of a session by its id, or by the port it is on. */
export function useSession(place: Place): SessionSnapshot | undefined {
  const ports = usePortsState(state => state.ports)
  return useSessionsState(state => sessionOf(state, ports, place))
}

/** The listed port of a session, or the port itself. */
export function usePort(place: Place): PortInfo | undefined {
  const session = useSession(place)
  return usePortsState(state => (session === undefined ? state.ports.get(place) : portOf(state.ports, session)))
}

export function usePortName(place: Place): string {
  const session = useSession(place)
  const port = usePort(place)
  const ports = usePortsState(state => state.ports)
  return session === undefined ? portName(place, port) : sessionName(session, ports)
}

export function usePortState(place: Place): PortState {
  const port = usePort(place)
  const session = useSession(place)
  const failure = useTabsState(state => state.failures.get(place))
  const isOpening = useTabsState(state => state.opening.has(place))
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
