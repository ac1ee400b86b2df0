import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CONFIG_FILE_NAME, ConfigStore } from '../../../electron/core/config/config-store'
import { DEFAULT_SETTINGS } from '../../../electron/core/config/default-settings'
import type { Settings } from '../../../electron/core/config/settings'
import { CONFIG_FILE_MAX_BYTES, CONFIG_RELOAD_DELAY_MS } from '../../../shared/limits'
import type { ConfigReport } from '../../../shared/model'
import { FakeClock } from '../../fakes/fake-clock'

let folder: string
let file: string
const clock = new FakeClock()
const logged: string[] = []
const log = (message: string): void => void logged.push(message)
const logger = { debug: log, info: log, warn: log, error: log }
const stores: ConfigStore[] = []

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'muster-config-'))
  file = path.join(folder, CONFIG_FILE_NAME)
  logged.length = 0
})

afterEach(async () => {
  for (const store of stores.splice(0)) store.dispose()
  expect(clock.pendingTimers).toBe(0)
  await fs.rm(folder, { recursive: true, force: true })
})

async function load(text?: string | Uint8Array): Promise<ConfigStore> {
  if (text !== undefined) await fs.writeFile(file, text)
  const store = await ConfigStore.load({ folder, clock, logger })
  stores.push(store)
  return store
}

function watchStore(store: ConfigStore): { readonly settings: Settings[]; readonly reports: ConfigReport[] } {
  const seen = { settings: [] as Settings[], reports: [] as ConfigReport[] }
  store.onChanged(settings => void seen.settings.push(settings))
  store.onReport(report => void seen.reports.push(report))
  return seen
}

function openWatchers(): number {
  return process.getActiveResourcesInfo().filter(kind => kind === 'FSEventWrap').length
}

/** Root may write everywhere: for the length of a step it is nobody, whom the folder and the file belong to. */
async function asOrdinaryUser(step: () => Promise<void>): Promise<void> {
  const nobody = 65_534
  if (process.geteuid?.() !== 0) return step()
  await fs.chown(folder, nobody, nobody)
  await fs.chown(file, nobody, nobody)
  process.seteuid?.(nobody)
  try {
    await step()
  } finally {
    process.seteuid?.(0)
  }
}

/** Waits for the system to tell of a change, and then for the file to be read. */
async function untilRead(isDone: () => boolean): Promise<void> {
  await vi.waitFor(
    async () => {
      await clock.advance(CONFIG_RELOAD_DELAY_MS)
      expect(isDone()).toBe(true)
    },
    { timeout: 20_000, interval: 5 },
  )
}

describe('loading', () => {
  it('without a file, or a folder, gives the defaults and makes no file', async () => {
    await fs.rm(folder, { recursive: true })
    const store = await load()
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    expect(store.report).toMatchObject({ file, isReadOnly: false, problems: [] })
    expect(await fs.readdir(folder)).toEqual([])
  })

  it('tells every problem, in the report and in the log', async () => {
    const store = await load('\ufeff{ "pool": { "acquireTimeout": -1 }, "colour": 1, "logging": { "level": "warn" } }')
    expect(store.current).toMatchObject({ pool: DEFAULT_SETTINGS.pool, logging: { level: 'warn' } })
    expect(store.report.problems.map(({ severity, key }) => [severity, key])).toEqual([
      ['error', 'pool.acquireTimeout'],
      ['warning', 'colour'],
    ])
    expect(logged).toEqual([expect.stringContaining('pool.acquireTimeout'), expect.stringContaining('colour')])
  })

  it.each([
    ['that is no JSON', '{ "pool": ', 'line 1'],
    ['that is too large', ' '.repeat(CONFIG_FILE_MAX_BYTES + 1), 'larger than'],
    ['that is not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'UTF-8'],
  ])('a file %s leaves the defaults, and is left alone', async (_, content, why) => {
    const store = await load(content)
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    expect(store.report).toMatchObject({
      isReadOnly: true,
      problems: [{ severity: 'error', key: null, message: expect.stringContaining(why) }],
    })
    await expect(store.set('logging.level', 'warn')).rejects.toMatchObject({ code: 'ConfigInvalid', reason: 'read-only' })
    await expect(store.reset('logging.level')).rejects.toMatchObject({ code: 'ConfigInvalid', reason: 'read-only' })
    expect((await fs.readFile(file)).equals(Buffer.from(content))).toBe(true)
    expect(await fs.readdir(folder)).toEqual([CONFIG_FILE_NAME])
  })

  it('something that is no file at all is a problem, and no wait', async () => {
    await fs.mkdir(file)
    expect((await load()).report).toMatchObject({ isReadOnly: true, problems: [{ message: expect.stringContaining('no regular file') }] })
  })
})

describe('changing a key', () => {
  it('is in the file, for its owner only, and told once', async () => {
    const store = await load()
    const seen = watchStore(store)
    const report = await store.set('deviceSessions.idleTimeout', 60_000)
    expect(report).toBe(store.report)
    expect(report.keys.find(({ key }) => key === 'deviceSessions.idleTimeout')).toMatchObject({ value: '00:01:00', source: 'file' })
    expect(store.current.session.idleTimeoutMs).toBe(60_000)
    expect(JSON.parse(await fs.readFile(file, 'utf8'))).toEqual({ deviceSessions: { idleTimeout: '00:01:00' } })
    expect((await fs.stat(file)).mode & 0o777).toBe(0o600)
    expect(await fs.readdir(folder)).toEqual([CONFIG_FILE_NAME])
    expect(seen).toMatchObject({ settings: [store.current], reports: [report] })

    await store.reset('deviceSessions.idleTimeout')
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    await store.set('deviceSessions.idleTimeout', '00:05:00')
    // The default by name: nothing is different but where it comes from.
    expect(seen.settings).toHaveLength(2)
    expect(seen.reports).toHaveLength(3)
  })

  it('many at once all arrive, and the byte order mark stays', async () => {
    const store = await load('\ufeff// mine\n{}')
    await Promise.all([
      store.set('logging.level', 'debug'),
      store.set('pool.acquireTimeout', 0),
      store.set('deviceSessions.maxConcurrentSessions', 3),
      store.set('logging.level', 'silly'),
    ])
    const text = await fs.readFile(file, 'utf8')
    expect(text.startsWith('\ufeff// mine\n{')).toBe(true)
    expect(store.current).toMatchObject({ logging: { level: 'silly' }, pool: { acquireTimeoutMs: 0 }, maxConcurrentSessions: 3 })
  })

  it('a value that breaks a rule is refused, and one that follows is not', async () => {
    const store = await load('{}')
    const seen = watchStore(store)
    await expect(store.set('pool.acquireTimeout', -1)).rejects.toMatchObject({ code: 'ConfigInvalid' })
    await expect(store.set('nothing', -1)).rejects.toMatchObject({ code: 'ConfigInvalid' })
    expect(await fs.readFile(file, 'utf8')).toBe('{}')
    expect(seen).toEqual({ settings: [], reports: [] })
    await store.set('pool.acquireTimeout', 1)
    expect(store.current.pool.acquireTimeoutMs).toBe(1)
  })

  it('that can’t be written is refused, and nothing is changed', async () => {
    const store = await load()
    const seen = watchStore(store)
    await fs.rm(folder, { recursive: true })
    await fs.writeFile(folder, 'a file in the folder’s place')
    await expect(store.set('logging.level', 'warn')).rejects.toMatchObject({ code: 'ConfigInvalid', reason: 'read-only' })
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    expect(seen.settings).toEqual([])
  })

  it('is refused where the file is protected', async () => {
    const store = await load('{}')
    await fs.chmod(file, 0o444)
    await asOrdinaryUser(async () => {
      await expect(store.set('logging.level', 'warn')).rejects.toMatchObject({ code: 'ConfigInvalid', reason: 'read-only' })
    })
    expect(await fs.readFile(file, 'utf8')).toBe('{}')
    expect(await fs.readdir(folder)).toEqual([CONFIG_FILE_NAME])
  })

  it('is refused where the file would become too large to be read again', async () => {
    const text = `{} // ${'x'.repeat(CONFIG_FILE_MAX_BYTES - 20)}`
    const store = await load(text)
    await expect(store.set('logging.level', 'warn')).rejects.toMatchObject({ code: 'ConfigInvalid' })
    expect(await fs.readFile(file, 'utf8')).toBe(text)
  })

  it.runIf(process.platform !== 'win32')('goes to where the file really is when it is only linked to', async () => {
    const elsewhere = path.join(folder, 'dotfiles')
    await fs.mkdir(elsewhere)
    const real = path.join(elsewhere, 'muster.json')
    await fs.writeFile(real, '{} // mine')
    await fs.symlink(real, file)
    const store = await load()
    await store.set('logging.level', 'warn')
    expect((await fs.lstat(file)).isSymbolicLink()).toBe(true)
    expect(await fs.readFile(real, 'utf8')).toMatch(/"warn"[\s\S]*mine/)
    expect(await fs.readdir(elsewhere)).toEqual(['muster.json'])
    expect(store.current.logging.level).toBe('warn')
  })

  it('keeps what another program wrote a moment before', async () => {
    const store = await load('{ "logging": { "level": "warn" } }')
    await fs.writeFile(file, '{ "pool": { "acquireTimeout": 0 } } // theirs')
    await store.set('logging.snippets', true)
    expect(store.current).toMatchObject({ pool: { acquireTimeoutMs: 0 }, logging: { level: 'info', snippets: true } })
    expect(await fs.readFile(file, 'utf8')).toContain('// theirs')
  })
})

describe('a change by another program', () => {
  it('is noticed, also when the file is replaced, broken, mended and removed', async () => {
    const store = await load('{}')
    const seen = watchStore(store)
    await fs.writeFile(file, '{ "logging": { "level": "debug" } }')
    await untilRead(() => store.current.logging.level === 'debug')

    await fs.writeFile(`${file}.new`, '{ "logging": { "level": "error" } }')
    await fs.rename(`${file}.new`, file)
    await untilRead(() => store.current.logging.level === 'error')

    await fs.writeFile(file, '{ "logging": ')
    await untilRead(() => store.report.isReadOnly)
    expect(store.current).toEqual(DEFAULT_SETTINGS)

    await fs.writeFile(file, '{ "logging": { "level": "warn" } }')
    await untilRead(() => store.current.logging.level === 'warn')
    expect(store.report.isReadOnly).toBe(false)

    await fs.rm(file)
    await untilRead(() => store.current.logging.level === 'info')
    expect(seen.settings.map(({ logging }) => logging.level)).toEqual(['debug', 'error', 'info', 'warn', 'info'])
    expect(seen.reports).toHaveLength(5)
  })

  it('that says nothing new is not told', async () => {
    const store = await load('{ "logging": { "level": "debug" } }')
    const seen = watchStore(store)
    await fs.writeFile(file, '{ /* again */ "logging": { "level": "debug" } }')
    await vi.waitFor(() => expect(clock.pendingTimers).toBe(1), { timeout: 20_000 })
    await clock.advance(CONFIG_RELOAD_DELAY_MS)
    await store.set('logging.level', 'debug')
    expect(seen).toEqual({ settings: [], reports: [] })
  })

  it('a listener that throws is logged and keeps nobody else from hearing', async () => {
    const store = await load()
    store.onChanged(() => {
      throw new Error('on purpose')
    })
    const seen = watchStore(store)
    await store.set('logging.level', 'warn')
    expect(seen.settings).toHaveLength(1)
    expect(logged).toEqual(['A listener to the configuration failed'])
  })
})

it('closing ends the watcher, the timer and the listeners', async () => {
  const before = openWatchers()
  const store = await load('{}')
  const seen = watchStore(store)
  expect(openWatchers()).toBe(before + 1)
  await fs.writeFile(file, '{ "logging": { "level": "debug" } }')
  await vi.waitFor(() => expect(clock.pendingTimers).toBe(1), { timeout: 20_000 })
  const pending = store.set('logging.level', 'warn')
  store.dispose()
  store.dispose()
  expect(clock.pendingTimers).toBe(0)
  await vi.waitFor(() => expect(openWatchers()).toBe(before), { timeout: 20_000 })
  await pending
  expect(seen).toEqual({ settings: [], reports: [] })
  expect(store.current.logging.level).toBe('info')
})
