import type { InterpreterAccess } from './memory-map'

/** What a simulated board's worker is started with. */
export interface BoardWorkerData {
  readonly linkMemory: SharedArrayBuffer
  readonly module: WebAssembly.Module
  readonly packageFolder: string
  readonly uniqueId: string
}

/** What it tells its host. Bytes travel in shared memory, see `BoardLink`. */
export type BoardMessage =
  | { readonly type: 'ready'; readonly access: InterpreterAccess }
  | { readonly type: 'look' }
  /** The interpreter is broken; the worker ends. */
  | { readonly type: 'failed'; readonly message: string }
