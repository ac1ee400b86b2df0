import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from './harness/test'
import { REFUSALS } from './support/refusals'
import { withTemporaryFolder } from './support/temporary-folder'

test('the page has neither Node nor Electron (security rows 1, 3)', async ({ launch }) => {
  const { page } = await launch()
  const names = ['require', 'process', 'module', 'exports', 'global', 'Buffer', '__dirname', 'ipcRenderer', 'electron', 'setImmediate']
  expect(await page.evaluate(list => list.filter(name => Reflect.has(window, name)), names)).toEqual([])
  expect(await page.evaluate(() => document.createElement('webview').constructor.name)).toBe('HTMLElement')
})

test('every process of the page is sandboxed and isolated (security rows 1, 2)', async ({ launch }) => {
  const { app, page } = await launch()
  const argumentList = await app.evaluate(() => process.argv.join(' '))
  expect(argumentList).not.toContain('no-sandbox')
  await withTemporaryFolder(async folder => {
    const probe = path.join(folder, 'probe.js')
    await writeFile(
      probe,
      `globalThis.leaked = true
       addEventListener('DOMContentLoaded', () => {
         document.documentElement.dataset.sandboxed = String(process.sandboxed)
         document.documentElement.dataset.isolated = String(process.contextIsolated)
       })`,
    )
    await app.evaluate(({ session }, file) => {
      const { defaultSession } = session
      if (typeof defaultSession.registerPreloadScript === 'function')
        defaultSession.registerPreloadScript({ type: 'frame', filePath: file })
      else defaultSession.setPreloads([file])
    }, probe)
    await page.reload()
    await expect
      .poll(() => page.evaluate(() => ({ ...document.documentElement.dataset })))
      .toMatchObject({ sandboxed: 'true', isolated: 'true' })
    expect(await page.evaluate(() => Reflect.has(window, 'leaked'))).toBe(false)
  })
})

test('the bridge is what the contract says and nothing more (security row 4)', async ({ launch }) => {
  const { page } = await launch()
  const surface = await page.evaluate(() => {
    const bridge = window.muster as unknown as Record<string, unknown>
    return {
      keys: Reflect.ownKeys(bridge).map(String).sort(),
      types: Object.fromEntries(Object.entries(bridge).map(([key, value]) => [key, typeof value])),
      inner: ['call', 'subscribe'].map(key => Object.keys(bridge[key] as object)),
      prototypeKeys: Reflect.ownKeys(Object.getPrototypeOf(bridge) as object).includes('ipcRenderer'),
    }
  })
  expect(surface).toEqual({
    keys: ['call', 'platform', 'subscribe'],
    types: { call: 'function', platform: 'string', subscribe: 'function' },
    inner: [[], []],
    prototypeKeys: false,
  })

  const heard = await page.evaluate(
    () =>
      new Promise<{ count: number; isPlain: boolean; keys: string[] }>(resolve => {
        const listener = (...args: unknown[]): void => {
          const [payload] = args as [object]
          resolve({ count: args.length, isPlain: Object.getPrototypeOf(payload) === Object.prototype, keys: Object.keys(payload).sort() })
        }
        window.muster?.subscribe('ports:changed', {}, listener)
      }),
  )
  expect(heard).toEqual({ count: 1, isPlain: true, keys: ['ports', 'scannedAt', 'stale'] })

  const replaced = await page.evaluate(() => {
    const before = window.muster
    try {
      Object.assign(window, { muster: { call: () => 'mine' } })
    } catch {
      // Some runtimes throw, others ignore it.
    }
    return window.muster === before && Object.isFrozen(before)
  })
  expect(replaced).toBe(true)
})

test('a listener that throws does not keep the others from hearing (security row 4)', async ({ launch }) => {
  const muster = await launch()
  muster.allowErrors(/this listener throws/)
  const heard = await muster.page.evaluate(
    () =>
      new Promise<string>(resolve => {
        window.muster?.subscribe('manager:changed', {}, () => {
          throw new Error('this listener throws')
        })
        window.muster?.subscribe('manager:changed', {}, status => resolve(status.state))
      }),
  )
  expect(heard).toBe('Inactive')
})

test('calls with hostile names and inputs get an envelope (security rows 11, 12)', async ({ launch }) => {
  const { page } = await launch()
  const codes = await page.evaluate(async () => {
    const call = window.muster?.call as unknown as (name: unknown, input: unknown) => Promise<{ ok: boolean; error?: { code: string } }>
    let deep: unknown = 1
    for (let level = 0; level < 200; level++) deep = { deep }
    const attempts: Record<string, [unknown, unknown]> = {
      inherited: ['constructor', {}],
      proto: ['__proto__', {}],
      object: [{ name: 'app:info' }, {}],
      nothing: [undefined, undefined],
      extraKey: ['app:info', { more: 1 }],
      map: ['app:info', new Map()],
      array: ['app:info', []],
      wrongType: ['ports:add', { path: 7 }],
      large: ['sessions:exec', { sessionId: 's', code: 'x'.repeat(9 * 1024 * 1024) }],
      deep: ['app:info', deep],
      unknownEvent: ['events:subscribe', { subscription: 1, name: 'x', params: {} }],
    }
    const results: Record<string, string> = {}
    for (const [what, [name, input]] of Object.entries(attempts)) {
      results[what] = await call(name, input).then(
        reply => (reply.ok ? 'ok' : (reply.error?.code ?? '?')),
        error => `threw ${String(error)}`,
      )
    }
    return results
  })
  expect(codes).toEqual({
    inherited: 'unknown-command',
    proto: 'unknown-command',
    object: 'unknown-command',
    nothing: 'unknown-command',
    extraKey: 'bad-request',
    map: 'bad-request',
    array: 'bad-request',
    wrongType: 'bad-request',
    large: 'too-large',
    deep: 'too-large',
    unknownEvent: 'bad-request',
  })
})

test('the page is denied every permission but plain text to the clipboard (security row 9)', async ({ launch }) => {
  const muster = await launch()
  muster.allowErrors(REFUSALS)
  const { page } = muster
  const states = await page.evaluate(async () => {
    const names = [
      'geolocation',
      'notifications',
      'camera',
      'microphone',
      'midi',
      'clipboard-read',
      'persistent-storage',
      'idle-detection',
      'screen-wake-lock',
    ]
    const granted: string[] = []
    for (const name of names) {
      const status = await navigator.permissions.query({ name: name as PermissionName }).catch(() => null)
      if (status?.state === 'granted') granted.push(name)
    }
    return granted
  })
  expect(states).toEqual([])

  // A click: some requests are refused for the lack of one, which is not what is tested.
  await page.evaluate(() => {
    const button = document.createElement('button')
    button.id = 'ask'
    Object.assign(button.style, { position: 'fixed', top: '0', left: '0', zIndex: '99999', width: '100px', height: '40px' })
    const ask = async (request: () => Promise<unknown>): Promise<string> =>
      request().then(
        () => 'granted',
        () => 'denied',
      )
    const api = navigator as unknown as Record<string, Record<string, (options?: object) => Promise<unknown>>>
    button.onclick = async () => {
      const answers = await Promise.all([
        ask(() => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))),
        ask(() => navigator.mediaDevices.getUserMedia({ audio: true })),
        ask(async () => api.serial?.requestPort?.() ?? Promise.reject()),
        ask(
          async () =>
            api.hid?.requestDevice?.({ filters: [] }).then(list => ((list as unknown[]).length > 0 ? list : Promise.reject())) ??
            Promise.reject(),
        ),
        ask(async () => api.usb?.requestDevice?.({ filters: [] }) ?? Promise.reject()),
        ask(async () => ((await Notification.requestPermission()) === 'granted' ? true : Promise.reject())),
        ask(() => navigator.clipboard.readText()),
      ])
      Reflect.set(window, 'answers', answers)
      Reflect.set(window, 'writing', await ask(() => navigator.clipboard.writeText('plain')))
    }
    document.body.append(button)
  })
  await page.click('#ask')
  await expect.poll(() => page.evaluate(() => Reflect.get(window, 'writing')), { timeout: 15_000 }).toBe('granted')
  expect(await page.evaluate(() => Reflect.get(window, 'answers'))).toEqual(Array(7).fill('denied'))
})

test('the page comes from our own scheme, and files are out of reach (security row 13)', async ({ launch }) => {
  const muster = await launch()
  muster.allowErrors(REFUSALS)
  expect(await muster.page.evaluate(() => [location.protocol, location.origin])).toEqual(['muster:', 'muster://app'])
  const answers = await muster.page.evaluate(async () => {
    const targets = [
      'file:///etc/hosts',
      'muster://other/index.html',
      'muster://app/../package.json',
      'muster://app/..%2fpackage.json',
      'muster://app/%2e%2e/%2e%2e/package.json',
      'muster://app/..%5cpackage.json',
      'muster://app/assets/..%252f..%252fpackage.json',
      'muster://app//etc/hosts',
      'muster://app/etc/hosts',
    ]
    const results: string[] = []
    for (const target of targets) {
      results.push(
        await fetch(target).then(
          async response => (response.ok ? `${target}: ${await response.text()}` : 'refused'),
          () => 'refused',
        ),
      )
    }
    return results
  })
  expect(answers).toEqual(answers.map(() => 'refused'))
})

test('nothing is loaded from elsewhere (security row 14)', async ({ launch }) => {
  const { app, page } = await launch()
  const requests: string[] = []
  app.context().on('request', request => void requests.push(request.url()))
  await page.reload()
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.ready)).toBe('true')
  expect(requests.length).toBeGreaterThan(2)
  expect(requests.filter(url => !url.startsWith('muster://app/') && !url.startsWith('data:'))).toEqual([])
})

test("the log is the owner's alone and names no home folder; no preload script is left behind (security rows 22, 23)", async ({
  launch,
}) => {
  await withTemporaryFolder(async userDataDir => {
    const muster = await launch({ userDataDir })
    await muster.page.evaluate(async home => {
      await window.muster?.call('ports:add', { path: `${home}/secret`, more: 1 } as never)
      await window.muster?.call(`${home}/secret` as never, {} as never)
    }, os.homedir())
    await muster.close()
    const logs = path.join(userDataDir, 'logs')
    const files = await readdir(logs)
    expect(files).toContain('muster.log')
    for (const file of files) {
      const text = await readFile(path.join(logs, file), 'utf8')
      expect(text).toContain('A call was refused')
      expect(text.toLowerCase()).not.toContain(os.homedir().toLowerCase())
      if (process.platform !== 'win32') expect((await stat(path.join(logs, file))).mode & 0o777).toBe(0o600)
    }
    expect((await readdir(userDataDir)).filter(name => name.includes('preload'))).toEqual([])
  })
})
