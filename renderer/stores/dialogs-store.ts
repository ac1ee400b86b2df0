import { createStore, type StoreApi } from 'zustand/vanilla'

/** What is asked before something is done. One at a time. */
export type DialogRequest =
  | { readonly kind: 'force-close'; readonly sessionId: string }
  | { readonly kind: 'hard-reset'; readonly sessionId: string }
  | { readonly kind: 'bootloader'; readonly sessionId: string }
  | { readonly kind: 'port-settings'; readonly path: string }
  | { readonly kind: 'close-group'; readonly sessionId: string }
  | { readonly kind: 'new-group' }
  | { readonly kind: 'edit-group'; readonly sessionId: string }

export interface DialogsState {
  readonly dialog: DialogRequest | null
}

export type DialogsStore = StoreApi<DialogsState>

export function createDialogsStore(): DialogsStore {
  return createStore<DialogsState>(() => ({ dialog: null }))
}

export function openDialog(store: DialogsStore, dialog: DialogRequest): void {
  store.setState({ dialog })
}

export function closeDialog(store: DialogsStore): void {
  store.setState({ dialog: null })
}
