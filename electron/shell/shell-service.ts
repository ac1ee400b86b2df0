import path from 'node:path'
import { app, type BrowserWindow, clipboard, dialog, shell } from 'electron'
import type { AppInfo, MenuAction } from '../../shared/model'
import { Emitter } from '../core/base/emitter'
import type { ShellService } from '../ipc/services'
import { writeWhole } from './save-file'

export interface ShellServiceOptions {
  readonly info: AppInfo
  /** The window that dialogs belong to. */
  readonly window: BrowserWindow
  readonly openWindow: () => void
}

/** What one window's bridge needs of the desktop. */
export interface DesktopService extends ShellService {
  readonly menu: Emitter<MenuAction>
}

const FILE_KINDS: Readonly<Record<string, string>> = { log: 'Output', jsonl: 'JSON lines', csv: 'Comma-separated values' }

export function createShellService({ info, window, openWindow }: ShellServiceOptions): DesktopService {
  const menu = new Emitter<MenuAction>()
  return {
    info,
    menu,
    onMenu: menu.event,
    writeClipboard: text => clipboard.writeText(text),
    async saveFile(suggestedName, chunks) {
      const extension = path.extname(suggestedName).slice(1)
      const options = {
        defaultPath: path.join(app.getPath('documents'), suggestedName),
        filters: [{ name: FILE_KINDS[extension] ?? 'File', extensions: [extension] }],
      }
      const { canceled, filePath } = await dialog.showSaveDialog(window, options)
      if (canceled || filePath === undefined || filePath === '') return null
      await writeWhole(filePath, chunks)
      return filePath
    },
    async chooseFolder() {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: 'Open a folder',
        properties: ['openDirectory', 'createDirectory'],
      })
      return canceled ? null : (filePaths[0] ?? null)
    },
    moveToTrash: file => shell.trashItem(file),
    openWindow,
    quit: () => app.quit(),
  }
}
