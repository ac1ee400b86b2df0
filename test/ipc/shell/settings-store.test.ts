import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../electron/core/base/logger'
import { writeWhole } from '../../../electron/shell/save-file'
import { SettingsStore } from '../../../electron/shell/settings-store'
import { MusterError } from '../../../shared/errors'
import { SETTINGS_SAVE_DELAY_MS } from '../../../shared/limits'
import { FakeClock } from '../../fakes/fake-clock'

const defaults = { window: null, theme: 'system', typedPorts: [] }
const place = { bounds: { x: -10, y: 20, width: 900, height: 700 }, maximized: false }

let folder: string
let clock: FakeClock

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'muster-settings-'))
  clock = new FakeClock()
})
afterEach(() => fs.rm(folder, { recursive: true, force: true }))

const load = (): Promise<SettingsStore> => SettingsStore.load({ folder, clock, logger: silentLogger })
const write = (text: string): Promise<void> => fs.writeFile(path.join(folder, 'settings.json'), text)

describe('settings', () => {
  it('are the defaults at first', async () => {
    expect((await load()).current).toEqual(defaults)
  })

  it('last', async () => {
    const store = await load()
    store.update({ theme: 'dark' })
    store.update({ window: place, typedPorts: ['/dev/ttyV0'] })
    await store.flush()
    expect((await load()).current).toEqual({ window: place, theme: 'dark', typedPorts: ['/dev/ttyV0'] })
  })

  it('are written once for many changes, and need no timer after', async () => {
    const store = await load()
    for (let x = 0; x < 100; x++) store.update({ window: { ...place, bounds: { ...place.bounds, x } } })
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(SETTINGS_SAVE_DELAY_MS)
    await store.flush()
    expect(clock.pendingTimers).toBe(0)
    expect(await fs.readdir(folder)).toEqual(['settings.json'])
  })

  it('keep the parts that can be understood', async () => {
    await write(JSON.stringify({ theme: 'dark', window: { bounds: { x: 'left' } }, typedPorts: [7], more: true }))
    expect((await load()).current).toEqual({ ...defaults, theme: 'dark' })
  })

  it.each(['', 'not json', '[', '[]', 'null', '7', '"text"'])(
    'are the defaults when the file holds "%s", which is kept aside',
    async text => {
      await write(text)
      const store = await load()
      expect(store.current).toEqual(defaults)
      expect(await fs.readFile(path.join(folder, 'settings.json.unreadable'), 'utf8')).toBe(text)
      store.update({ theme: 'light' })
      await store.flush()
      expect((await load()).current.theme).toBe('light')
    },
  )

  it('that can not be written fail nothing and leave no half file', async () => {
    const store = await load()
    await fs.rm(folder, { recursive: true })
    await fs.writeFile(folder, 'in the way')
    store.update({ theme: 'dark' })
    await store.flush()
    expect(store.current.theme).toBe('dark')
  })
})

describe('saving a file', () => {
  it('writes every chunk, in order, over what was there', async () => {
    const file = path.join(folder, 'out.log')
    await fs.writeFile(file, 'old and longer than the new one')
    await writeWhole(file, [Buffer.from('one '), Buffer.alloc(0), new Uint8Array([0, 255])])
    expect(await fs.readFile(file)).toEqual(Buffer.from([...Buffer.from('one '), 0, 255]))
    expect(await fs.readdir(folder)).toEqual(['out.log'])
  })

  it('leaves what was there when it fails half-way, and says what to do', async () => {
    const file = path.join(folder, 'out.log')
    await fs.writeFile(file, 'old')
    function* failing(): Iterable<Uint8Array> {
      yield Buffer.from('new')
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    }
    const failure = await writeWhole(file, failing()).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(MusterError)
    expect((failure as MusterError).message).toBe(`Nothing could be saved as ${file}: the disk is full.`)
    expect(await fs.readFile(file, 'utf8')).toBe('old')
    expect(await fs.readdir(folder)).toEqual(['out.log'])
  })

  it('into a folder that is not there says so', async () => {
    await expect(writeWhole(path.join(folder, 'none', 'out.log'), [])).rejects.toThrow('the folder is not there')
  })
})
