import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AppInfo, ConfigReport, ManagerStatus } from '../../shared/model'

export interface ManagerStoreState {
  readonly status: ManagerStatus | null
  readonly app: AppInfo | null
  /** What the configuration file says; null until it has come. */
  readonly config: ConfigReport | null
}

export type ManagerStore = StoreApi<ManagerStoreState>

export function createManagerStore(): ManagerStore {
  return createStore<ManagerStoreState>(() => ({ status: null, app: null, config: null }))
}
