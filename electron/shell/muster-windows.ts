import { BrowserWindow, dialog } from 'electron'
import { MusterError } from '../../shared/errors'
import type { AppInfo, MenuAction } from '../../shared/model'
import type { Clock } from '../core/base/clock'
import type { Logger } from '../core/base/logger'
import { attachBridge } from '../ipc/bridge'
import type { Services } from '../ipc/services'
import type { PageAddress } from './app-origin'
import { AppWindows } from './app-windows'
import { guardPage } from './crash'
import { openExternally } from './external'
import { keepOnPage } from './navigation'
import { denyBluetooth } from './permissions'
import type { SettingsStore } from './settings-store'
import { createShellService, type DesktopService } from './shell-service'
import { guardUnsavedText } from './unsaved-text'
import { createWindow, loadPage, watchVisibility } from './window'

export interface MusterWindowsOptions {
  /** The same for all windows. */
  readonly services: Omit<Services, 'shell'>
  readonly info: AppInfo
  readonly preload: string
  readonly address: PageAddress
  readonly settings: SettingsStore
  readonly clock: Clock
  readonly logger: Logger
  /** Whether any window can be seen, whenever that may have changed. */
  readonly onVisibility: (anyVisible: boolean) => void
  /** True once nothing may be waited for any more. */
  readonly isQuitting: () => boolean
}

export interface MusterWindows {
  readonly opened: AppWindows<BrowserWindow>
  /** Asks the page of the window in front, or of the one that was there last, to carry out what the menu says. */
  onAction(action: MenuAction): void
  /** Opens one more, or says why not. */
  onNewWindow(): void
}

/** Windows with all that belongs to one: its bridge and its desktop, what guards its page, and its page. */
export function musterWindows(options: MusterWindowsOptions): MusterWindows {
  const { services, info, preload, address, settings, clock, logger, onVisibility, isQuitting } = options
  const desktops = new Map<BrowserWindow, DesktopService>()
  const create = (identity: string, beside: BrowserWindow | null): BrowserWindow => {
    const window = createWindow({ preload, settings, beside })
    const desktop = createShellService({ info, window, openWindow: () => void opened.open() })
    desktops.set(window, desktop)
    window.once('closed', () => desktops.delete(window))
    const load = (): void => void loadPage(window, address)
    keepOnPage(window.webContents, { pageUrl: address.url, onRefused: url => openExternally(url, logger), onLeft: load })
    denyBluetooth(window.webContents)
    guardPage(window, { clock, logger, reload: load })
    guardUnsavedText(window, { isQuitting, ask: () => askAboutText(window), logger })
    const bridge = attachBridge(window.webContents, {
      services: { ...services, shell: desktop },
      client: identity,
      origin: address.origin,
      clock,
      logger,
    })
    watchVisibility(window, visible => {
      bridge.setWindowVisible(visible)
      opened.setVisible(window, visible)
    })
    load()
    return window
  }
  const opened = new AppWindows({ create, onVisibility })
  return {
    opened,
    onAction(action) {
      const window = BrowserWindow.getFocusedWindow() ?? opened.latest
      if (window !== null) desktops.get(window)?.menu.fire(action)
    },
    onNewWindow() {
      try {
        opened.open()
      } catch (error) {
        if (!(error instanceof MusterError)) throw error
        void dialog.showMessageBox({ type: 'info', title: 'Muster', message: error.message, detail: error.info.hint, buttons: ['Close'] })
      }
    },
  }
}

/** True when the text may be lost. */
async function askAboutText(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    title: 'Muster',
    message: 'A text in this window is not saved, and too large to be kept.',
    detail: 'Go back and save it on its board: it is in Files.',
    buttons: ['Go Back', 'Lose the Text'],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1
}
