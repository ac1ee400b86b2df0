import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { PORT_SETTINGS_FILE_MAX_BYTES } from '../../../shared/limits'
import type { PortSettingsStorage } from './port-settings'

export const PORT_SETTINGS_FILE_NAME = 'ports.json'

/**
 * The settings of ports as a file that a person can read. It is written beside itself and renamed, so that a crash leaves the
 * old one or the new one; one that can't be understood is kept aside when the next is written.
 */
export function portSettingsFile(folder: string): PortSettingsStorage {
  const file = path.join(folder, PORT_SETTINGS_FILE_NAME)
  let isUnreadable = false
  return {
    async load() {
      try {
        const { size } = await fs.stat(file)
        if (size > PORT_SETTINGS_FILE_MAX_BYTES) throw new Error(`${file} is larger than ${PORT_SETTINGS_FILE_MAX_BYTES} bytes.`)
        return JSON.parse(await fs.readFile(file, 'utf8'))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
        isUnreadable = true
        throw error
      }
    },
    async save(settings) {
      const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`
      try {
        await fs.mkdir(folder, { recursive: true })
        if (isUnreadable) await fs.rename(file, `${file}.unreadable`).catch(() => undefined)
        isUnreadable = false
        await fs.writeFile(temporary, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 })
        await fs.rename(temporary, file)
      } catch (error) {
        await fs.rm(temporary, { force: true }).catch(() => undefined)
        throw error
      }
    },
  }
}
