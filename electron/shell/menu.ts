import { dialog, Menu, nativeTheme, shell } from 'electron'
import type { AppInfo, MenuAction } from '../../shared/model'
import type { Logger } from '../core/base/logger'
import { menuTemplate } from './menu-template'
import type { SettingsStore } from './settings-store'

export interface InstallMenuOptions {
  readonly info: AppInfo
  readonly settings: SettingsStore
  readonly logger: Logger
  readonly logsFolder: string
  readonly onAction: (action: MenuAction) => void
  readonly onNewWindow: () => void
}

/** The app's menu, and with it the theme that it chooses. */
export function installMenu({ info, settings, logger, logsFolder, onAction, onNewWindow }: InstallMenuOptions): void {
  nativeTheme.themeSource = settings.current.theme
  const template = menuTemplate({
    platform: process.platform,
    isDevelopment: !info.packaged,
    theme: settings.current.theme,
    onAction,
    onNewWindow,
    onTheme(theme) {
      nativeTheme.themeSource = theme
      settings.update({ theme })
    },
    onOpenLogs() {
      void shell.openPath(logsFolder).then(problem => {
        if (problem !== '') logger.warn('The logs folder could not be opened', { problem })
      })
    },
    onAbout: () => void showAbout(info),
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

async function showAbout(info: AppInfo): Promise<void> {
  const versions = [`Electron ${info.electron}`, `Chromium ${info.chromium}`, `Node ${info.node}`]
  const detail = [...versions, ...(info.runtimeNote === null ? [] : ['', info.runtimeNote])].join('\n')
  await dialog.showMessageBox({ type: 'info', title: 'About Muster', message: `Muster ${info.version}`, detail, buttons: ['Close'] })
}
