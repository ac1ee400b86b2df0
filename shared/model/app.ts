/** Menu items and shortcuts that the page carries out. */
export type MenuAction =
  | 'focus-search'
  | 'add-port'
  | 'simulate-one'
  | 'simulate-sixteen'
  | 'refresh-ports'
  | 'run'
  | 'stop'
  | 'soft-reset'
  | 'close-session'
  | 'next-tab'
  | 'previous-tab'
  | 'show-console'
  | 'show-files'
  | 'show-metrics'
  | 'show-details'
  | 'show-metadata'
  | 'show-attributes'
  | 'show-filters'
  | 'show-events'
  | 'show-activity'
  | 'show-settings'
  | 'reconnect'
  | 'show-shortcuts'

export interface AppInfo {
  readonly version: string
  readonly electron: string
  readonly chromium: string
  readonly node: string
  readonly packaged: boolean
  /** Set when the runtime is older than the release pins. */
  readonly runtimeNote: string | null
}
