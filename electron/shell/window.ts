import { BrowserWindow, nativeTheme, screen } from 'electron'
import type { PageAddress } from './app-origin'
import type { SettingsStore } from './settings-store'
import { secureWebPreferences } from './web-preferences'
import { cascadedBounds, initialBounds, WINDOW_MIN_HEIGHT, WINDOW_MIN_WIDTH } from './window-bounds'

export interface WindowOptions {
  readonly preload: string
  readonly settings: SettingsStore
  /** The window that was used last, if there is one. */
  readonly beside: BrowserWindow | null
}

/** As the page's own background, so that nothing flashes before it has drawn. */
const BACKGROUND = { light: '#f6f7f9', dark: '#12151b' } as const

/** A window, hidden until its page has drawn: where the last one was, or beside another. */
export function createWindow({ preload, settings, beside }: WindowOptions): BrowserWindow {
  const remembered = beside === null ? settings.current.window : null
  const workAreas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(display => display.workArea)
  const window = new BrowserWindow({
    ...(beside === null ? initialBounds(remembered?.bounds ?? null, workAreas) : cascadedBounds(beside.getNormalBounds(), workAreas)),
    minWidth: WINDOW_MIN_WIDTH,
    minHeight: WINDOW_MIN_HEIGHT,
    show: false,
    title: 'Muster',
    backgroundColor: backgroundColor(),
    autoHideMenuBar: false,
    webPreferences: secureWebPreferences(preload),
  })
  window.once('ready-to-show', () => {
    if (remembered?.maximized === true) window.maximize()
    window.show()
  })
  rememberPlace(window, settings)
  followTheme(window)
  return window
}

/**
 * Resolves when the page has loaded, or could not be; the latter is the crash guard's to tell. A window may have been closed while
 * somebody was asked whether to load its page again.
 */
export async function loadPage(window: Pick<BrowserWindow, 'isDestroyed' | 'loadURL'>, address: PageAddress): Promise<void> {
  if (window.isDestroyed()) return
  await window.loadURL(address.url).catch(() => undefined)
}

export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Tells whether the window can be seen, whenever that changes. */
export function watchVisibility(window: BrowserWindow, listener: (visible: boolean) => void): void {
  const tell = (): void => listener(window.isVisible() && !window.isMinimized())
  window.on('show', tell)
  window.on('hide', tell)
  window.on('minimize', tell)
  window.on('restore', tell)
}

function rememberPlace(window: BrowserWindow, settings: SettingsStore): void {
  const remember = (): void => settings.update({ window: { bounds: window.getNormalBounds(), maximized: window.isMaximized() } })
  window.on('resize', remember)
  window.on('move', remember)
  window.on('maximize', remember)
  window.on('unmaximize', remember)
}

function followTheme(window: BrowserWindow): void {
  const follow = (): void => window.setBackgroundColor(backgroundColor())
  nativeTheme.on('updated', follow)
  window.once('closed', () => nativeTheme.off('updated', follow))
}

function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light
}
