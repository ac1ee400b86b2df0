import path from 'node:path'
import { app, type BrowserWindow, clipboard, dialog } from 'electron'
import type { AppInfo, MenuAction } from '../../shared/model'
import { Emitter } from '../core/base/emitter'
import type { ShellService } from '../ipc/services'
import { writeWhole } from './save-file'

export interface ShellServiceOptions {
  readonly info: AppInfo
  /** The window that dialogs belong to; null when there is none. */
  readonly window: () => BrowserWindow | null
}

/** What the bridge needs of the desktop. */
export interface DesktopService extends ShellService {
  readonly menu: Emitter<MenuAction>
}

export function createShellService({ info, window }: ShellServiceOptions): DesktopService {
  const menu = new Emitter<MenuAction>()
  return {
    info,
    menu,
    onMenu: menu.event,
    writeClipboard: text => clipboard.writeText(text),
    async saveFile(suggestedName, chunks) {
      const options = {
        defaultPath: path.join(app.getPath('documents'), suggestedName),
        filters: [{ name: 'Output', extensions: ['log', 'txt'] }],
      }
      const parent = window()
      const { canceled, filePath } = await (parent === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(parent, options))
      if (canceled || filePath === undefined || filePath === '') return null
      await writeWhole(filePath, chunks)
      return filePath
    },
  }
}
