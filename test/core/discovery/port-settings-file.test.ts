import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PORT_SETTINGS_FILE_NAME, portSettingsFile } from '../../../electron/core/discovery/port-settings-file'
import { PORT_SETTINGS_FILE_MAX_BYTES } from '../../../shared/limits'

const SETTINGS = { 'usb:2e8a:0005:e66': { lines: 'lower', baudRate: 9_600 } } as const

describe('the file of port settings', () => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'muster-ports-'))
    file = path.join(folder, PORT_SETTINGS_FILE_NAME)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('gives back what it was given, is for its owner alone, and leaves nothing beside it', async () => {
    expect(await portSettingsFile(folder).load()).toEqual({})
    await portSettingsFile(folder).save(SETTINGS)
    expect(await portSettingsFile(folder).load()).toEqual(SETTINGS)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual([PORT_SETTINGS_FILE_NAME])
  })

  it('makes its folder', async () => {
    await portSettingsFile(path.join(folder, 'new')).save(SETTINGS)
    expect(await portSettingsFile(path.join(folder, 'new')).load()).toEqual(SETTINGS)
  })

  it.each([
    ['no JSON', '{"usb:'],
    ['too much', ' '.repeat(PORT_SETTINGS_FILE_MAX_BYTES + 1)],
  ])('with %s is kept aside, and written anew', async (_, text) => {
    await writeFile(file, text)
    const storage = portSettingsFile(folder)
    await expect(storage.load()).rejects.toThrow()
    expect(await readFile(file, 'utf8')).toBe(text)
    await storage.save(SETTINGS)
    expect(await storage.load()).toEqual(SETTINGS)
    expect(await readFile(`${file}.unreadable`, 'utf8')).toBe(text)
  })

  it('that cannot be written stays as it was', async () => {
    await writeFile(path.join(folder, 'taken'), '')
    await expect(portSettingsFile(path.join(folder, 'taken')).save(SETTINGS)).rejects.toThrow()
    expect(await readFile(path.join(folder, 'taken'), 'utf8')).toBe('')
  })
})
