import type { MenuItemConstructorOptions } from 'electron'
import type { MenuAction } from '../../shared/model'
import type { Settings } from './settings-store'

export interface MenuOptions {
  readonly platform: NodeJS.Platform
  /** Adds reloading and Chromium's tools. */
  readonly isDevelopment: boolean
  readonly theme: Settings['theme']
  readonly onAction: (action: MenuAction) => void
  readonly onNewWindow: () => void
  readonly onTheme: (theme: Settings['theme']) => void
  readonly onOpenLogs: () => void
  readonly onAbout: () => void
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' }

/** The menu of each system, with its own roles where it has them. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin'
  return [
    ...(isMac ? [appMenu(options)] : []),
    fileMenu(options),
    editMenu(options),
    sessionMenu(options),
    viewMenu(options),
    windowMenu(options),
    helpMenu(options),
  ]
}

function action({ onAction }: MenuOptions, name: MenuAction, label: string, accelerator?: string): MenuItemConstructorOptions {
  return { id: name, label, click: () => onAction(name), ...(accelerator === undefined ? {} : { accelerator }) }
}

function appMenu(options: MenuOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { label: 'About Muster', click: options.onAbout },
      SEPARATOR,
      settingsItem(options),
      SEPARATOR,
      { role: 'services' },
      SEPARATOR,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      SEPARATOR,
      { role: 'quit' },
    ],
  }
}

function settingsItem(options: MenuOptions): MenuItemConstructorOptions {
  return action(options, 'show-settings', 'S&ettings…', 'CmdOrCtrl+,')
}

function fileMenu(options: MenuOptions): MenuItemConstructorOptions {
  return {
    label: '&File',
    submenu: [
      { id: 'new-window', label: '&New Window', accelerator: 'CmdOrCtrl+Shift+N', click: options.onNewWindow },
      SEPARATOR,
      action(options, 'add-port', 'Add &Port…', 'CmdOrCtrl+Shift+A'),
      action(options, 'refresh-ports', '&Refresh Ports', 'CmdOrCtrl+Shift+R'),
      SEPARATOR,
      action(options, 'simulate-one', 'Start &Simulated Board'),
      action(options, 'simulate-sixteen', 'Start 1&6 Simulated Boards'),
      ...(options.platform === 'darwin' ? [] : [SEPARATOR, settingsItem(options), SEPARATOR, { role: 'quit' } as const]),
    ],
  }
}

function editMenu(options: MenuOptions): MenuItemConstructorOptions {
  return {
    label: '&Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      SEPARATOR,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
      SEPARATOR,
      action(options, 'focus-search', '&Find Port', 'CmdOrCtrl+F'),
    ],
  }
}

function sessionMenu(options: MenuOptions): MenuItemConstructorOptions {
  return {
    label: '&Session',
    submenu: [
      action(options, 'run', '&Run', 'CmdOrCtrl+Enter'),
      action(options, 'stop', '&Stop', 'CmdOrCtrl+.'),
      action(options, 'soft-reset', 'Soft Rese&t', 'CmdOrCtrl+Shift+D'),
      SEPARATOR,
      action(options, 'reconnect', 'Re&connect', 'CmdOrCtrl+Shift+E'),
      SEPARATOR,
      action(options, 'next-tab', '&Next Session', 'Ctrl+Tab'),
      action(options, 'previous-tab', '&Previous Session', 'Ctrl+Shift+Tab'),
      action(options, 'close-session', 'C&lose Session', 'CmdOrCtrl+W'),
    ],
  }
}

function viewMenu(options: MenuOptions): MenuItemConstructorOptions {
  const { theme, onTheme, isDevelopment } = options
  const themes = [
    ['system', 'Like the &System'],
    ['light', '&Light'],
    ['dark', '&Dark'],
  ] as const
  return {
    label: '&View',
    submenu: [
      action(options, 'show-console', '&Console', 'Alt+1'),
      action(options, 'show-files', 'Fi&les', 'Alt+2'),
      action(options, 'show-metrics', '&Metrics', 'Alt+3'),
      action(options, 'show-events', 'E&vents', 'Alt+4'),
      action(options, 'show-details', '&Details', 'Alt+5'),
      action(options, 'show-metadata', 'M&etadata', 'Alt+6'),
      action(options, 'show-attributes', '&Attributes', 'Alt+7'),
      action(options, 'show-filters', '&Filters', 'Alt+8'),
      SEPARATOR,
      action(options, 'show-activity', 'Act&ivity', 'CmdOrCtrl+Shift+Y'),
      SEPARATOR,
      {
        label: '&Theme',
        submenu: themes.map(([value, label]) => ({
          id: `theme-${value}`,
          label,
          type: 'radio',
          checked: theme === value,
          click: () => onTheme(value),
        })),
      },
      SEPARATOR,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      SEPARATOR,
      { role: 'togglefullscreen' },
      ...(isDevelopment ? [SEPARATOR, { role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
    ],
  }
}

/** Elsewhere than on macOS the role closes the window with the keys that close a session here. */
function windowMenu({ platform }: MenuOptions): MenuItemConstructorOptions {
  if (platform === 'darwin') return { role: 'windowMenu' }
  return {
    label: '&Window',
    submenu: [{ role: 'minimize' }, { role: 'close', accelerator: 'Alt+F4' }],
  }
}

function helpMenu(options: MenuOptions): MenuItemConstructorOptions {
  return {
    role: 'help',
    label: '&Help',
    submenu: [
      action(options, 'show-shortcuts', '&Keyboard Shortcuts', 'CmdOrCtrl+/'),
      { id: 'open-logs', label: 'Open &Logs Folder', click: options.onOpenLogs },
      ...(options.platform === 'darwin' ? [] : [SEPARATOR, { id: 'about', label: '&About Muster', click: options.onAbout }]),
    ],
  }
}
