import type { MenuAction } from '../../../shared/model'

export interface Shortcut {
  /** All of them do the same; the first is the one that is shown. */
  readonly keys: readonly string[]
  readonly action: MenuAction
  readonly text: string
}

/** The shortcuts that work wherever the focus is. The sheet and the listener both read this table. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['Ctrl+Enter'], action: 'run', text: 'Run the code' },
  { keys: ['Ctrl+.'], action: 'stop', text: 'Stop what runs' },
  { keys: ['Ctrl+Shift+D'], action: 'soft-reset', text: 'Soft reset the board' },
  { keys: ['Ctrl+W'], action: 'close-session', text: 'Close the session' },
  { keys: ['Ctrl+Tab', 'Ctrl+PageDown'], action: 'next-tab', text: 'Next tab' },
  { keys: ['Ctrl+Shift+Tab', 'Ctrl+PageUp'], action: 'previous-tab', text: 'Previous tab' },
  { keys: ['Ctrl+Shift+C'], action: 'show-console', text: 'Show the console' },
  { keys: ['Ctrl+Shift+M'], action: 'show-metrics', text: 'Show the metrics' },
  { keys: ['Ctrl+Shift+Y'], action: 'show-activity', text: 'Show the activity' },
  { keys: ['Ctrl+,'], action: 'show-settings', text: 'Show the settings' },
  { keys: ['Ctrl+Shift+E'], action: 'reconnect', text: 'Reconnect the session' },
  { keys: ['Ctrl+F', '/'], action: 'focus-search', text: 'Search the fleet' },
  { keys: ['Ctrl+Shift+A'], action: 'add-port', text: 'Add a port' },
  { keys: ['F5', 'Ctrl+Shift+R'], action: 'refresh-ports', text: 'Refresh the port list' },
  { keys: ['?', 'Ctrl+/'], action: 'show-shortcuts', text: 'Show this list' },
]

/** What works where the focus is on it; for the sheet only. */
export const LOCAL_SHORTCUTS: readonly { readonly keys: string; readonly text: string }[] = [
  { keys: 'Ctrl+1 … Ctrl+9', text: 'Go to a tab' },
  { keys: 'Ctrl+Shift+F', text: 'Search the output' },
  { keys: '↑ ↓ Home End', text: 'Move in the fleet list' },
  { keys: '→ ←', text: 'In the fleet list: unfold a group or go in, fold it or go out' },
  { keys: 'F2', text: 'In the fleet list: edit a group' },
  { keys: 'Enter', text: 'Open the port in the fleet list' },
  { keys: 'Shift+Enter', text: 'Open the port and watch, without interrupting its program' },
  { keys: 'Shift+F10', text: 'What can be done with a port in the fleet list' },
  { keys: 'Delete', text: 'In the fleet list: close, take out of a group, or remove what was added' },
  { keys: 'Alt+1 … Alt+8', text: 'Go to a view of the session' },
  { keys: 'Alt+↑ Alt+↓', text: 'Move a filter in its chain' },
  { keys: 'Ctrl+C', text: 'Copy the marked event' },
  { keys: 'Ctrl+Enter', text: 'In a folder: copy what is marked to the other side' },
  { keys: 'Enter, Backspace', text: 'In a folder: open what is marked, go up' },
  { keys: 'F2, Delete', text: 'In a folder of the board: rename, remove' },
  { keys: 'F5, Ctrl+F', text: 'In a folder: list it anew, find in it' },
  { keys: 'Ctrl+S', text: 'In a file of the board: save it' },
  { keys: '↑ ↓', text: 'In the send field: what was sent before' },
  { keys: 'Esc, then Tab', text: 'Leave the code editor' },
]
