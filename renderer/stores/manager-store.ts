import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AppInfo, ManagerStatus } from '../../shared/model'

export interface ManagerStoreState {
  readonly status: ManagerStatus | null
  readonly app: AppInfo | null
}

export type ManagerStore = StoreApi<ManagerStoreState>

export function createManagerStore(): ManagerStore {
  return createStore<ManagerStoreState>(() => ({ status: null, app: null }))
}
