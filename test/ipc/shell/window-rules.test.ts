import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { developmentSecurityPolicy } from '../../../electron/shell/content-security-policy'
import { developmentAddress, developmentSystemRoot } from '../../../electron/shell/development'
import { externalLink } from '../../../electron/shell/links'
import { keepOnPage, type NavigatingContents, type NavigationEvent } from '../../../electron/shell/navigation'
import { mayLoad } from '../../../electron/shell/network'
import { assertSecureWebPreferences, secureWebPreferences } from '../../../electron/shell/web-preferences'
import { preventable } from '../support/preventable'

describe('web preferences', () => {
  const secure = secureWebPreferences('/app/preload.js')

  it('isolate the page, sandbox it and give it no Node (security rows 1, 2, 3)', () => {
    expect(secure).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
    })
    expect(Object.isFrozen(secure)).toBe(true)
  })

  it.each([
    ['contextIsolation', false, 'security row 1'],
    ['contextIsolation', undefined, 'security row 1'],
    ['sandbox', false, 'security row 2'],
    ['sandbox', undefined, 'security row 2'],
    ['nodeIntegration', true, 'security row 3'],
    ['nodeIntegrationInWorker', true, 'security row 3'],
    ['nodeIntegrationInSubFrames', true, 'security row 3'],
    ['webviewTag', true, 'security row 3'],
    ['experimentalFeatures', true, 'security row 3'],
    ['webSecurity', false, 'security row 3'],
    ['webSecurity', undefined, 'security row 3'],
    ['allowRunningInsecureContent', true, 'security row 3'],
    ['navigateOnDragDrop', true, 'security row 6'],
    ['enableBlinkFeatures', 'Serial', 'security row 3'],
    ['disableBlinkFeatures', 'Auxclick', 'security row 3'],
    ['additionalArguments', ['--x'], 'security row 3'],
    ['plugins', true, 'security row 3'],
  ])('are refused with %s as %s (%s)', (key, value, _row) => {
    expect(() => assertSecureWebPreferences({ ...secure, [key]: value })).toThrow(key)
  })
})

describe('the sources', () => {
  const sources = readdirSync('electron', { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => ({ name: name.replaceAll('\\', '/'), text: readFileSync(`electron/${name}`, 'utf8') }))
  const filesWith = (pattern: RegExp): string[] => sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name)

  it('make windows in one place, with preferences of one factory (security row 3)', () => {
    expect(filesWith(/new BrowserWindow\(/)).toEqual(['shell/window.ts'])
    expect(filesWith(/webPreferences: (?!secureWebPreferences\()/)).toEqual([])
    expect(filesWith(/contextIsolation|nodeIntegration|webSecurity|webviewTag|experimentalFeatures|BlinkFeatures/)).toEqual([
      'shell/web-preferences.ts',
    ])
  })

  it('hand addresses to the system in one place (security row 8)', () => {
    expect(filesWith(/openExternal\(/)).toEqual(['shell/external.ts'])
  })

  it('let the page reach Electron in one place (security row 4)', () => {
    expect(filesWith(/ipcRenderer|contextBridge/)).toEqual(['preload/preload.ts'])
    expect(filesWith(/ipcMain/)).toEqual([])
  })
})

describe('start-up', () => {
  it('puts the sandbox on for every process before the app is ready (security row 2)', () => {
    const main = readFileSync('electron/main.ts', 'utf8')
    expect(main.indexOf('app.enableSandbox()')).toBeGreaterThan(0)
    expect(main.indexOf('app.enableSandbox()')).toBeLessThan(main.indexOf('app.whenReady()'))
  })
})

describe('links to the system browser (security row 8)', () => {
  it.each([
    ['https://micropython.org/download', 'https://micropython.org/download'],
    ['https://docs.micropython.org/en/latest/', 'https://docs.micropython.org/en/latest/'],
    ['https://MICROPYTHON.org', 'https://micropython.org/'],
  ])('%s is opened', (address, opened) => {
    expect(externalLink(address)).toBe(opened)
  })

  it.each([
    'http://micropython.org/',
    'javascript:alert(1)',
    'JavaScript:alert(1)//https://micropython.org',
    'data:text/html,https://micropython.org',
    'file:///etc/passwd',
    'file://micropython.org/share',
    'smb://micropython.org/share',
    '\\\\micropython.org\\share',
    '//micropython.org/x',
    'ms-msdt:/id',
    'vscode://micropython.org',
    'mailto:a@micropython.org',
    'https://micropython.org@evil.example/',
    'https://user@micropython.org/',
    'https://user:word@micropython.org/',
    'https://micropython.org.evil.example/',
    'https://evilmicropython.org/',
    'https://evil.example/?https://micropython.org/',
    'https://evil.example/#https://micropython.org/',
    'https://evil.example/micropython.org',
    'https://micropython.org:8443/',
    'https://xn--mcropython-t6a.org/',
    'https://mіcropython.org/',
    'https://sub.micropython.org/',
    'https://micropython.org./',
    'https:///evil.example/micropython.org',
    'muster://app/index.html',
    'micropython.org',
    ' ',
    '',
    `https://micropython.org/${'x'.repeat(4_096)}`,
  ])('%s is not', address => {
    expect(externalLink(address)).toBeNull()
  })
})

class FakeNavigation implements NavigatingContents {
  readonly listeners = new Map<string, (event: NavigationEvent, url: string) => void>()
  open: ((details: { url: string }) => { action: 'deny' }) | undefined
  readonly refused: string[] = []
  reloads = 0

  constructor() {
    keepOnPage(this, { pageUrl: 'muster://app/index.html', onRefused: url => this.refused.push(url), onLeft: () => this.reloads++ })
  }

  on(event: string, listener: (event: NavigationEvent, url: string) => void): void {
    this.listeners.set(event, listener)
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void {
    this.open = handler
  }

  /** Whether the navigation was prevented. */
  fire(event: string, url: string): boolean {
    const navigation = { ...preventable(), url }
    this.listeners.get(event)?.(navigation, url)
    return navigation.prevented
  }
}

describe('a window stays on its page', () => {
  it.each([
    'https://micropython.org/',
    'http://127.0.0.1:8000/',
    'file:///etc/passwd',
    'muster://app/other.html',
    'muster://app/index.html?x',
    'muster://app.evil/index.html',
    'muster://evil/index.html',
    'javascript:alert(1)',
    'data:text/html,x',
    'about:blank',
    '',
  ])('and does not go to "%s" (security row 6)', url => {
    const contents = new FakeNavigation()
    expect(contents.fire('will-navigate', url)).toBe(true)
    expect(contents.fire('will-redirect', url)).toBe(true)
    expect(contents.fire('will-frame-navigate', url)).toBe(true)
    expect(contents.refused).toEqual([url, url])
  })

  it('but may be reloaded', () => {
    const contents = new FakeNavigation()
    expect(contents.fire('will-navigate', 'muster://app/index.html')).toBe(false)
    expect(contents.fire('will-frame-navigate', 'muster://app/index.html')).toBe(false)
    expect(contents.refused).toEqual([])
  })

  it('and comes back from an empty document, which nothing announces (security row 6)', () => {
    const contents = new FakeNavigation()
    contents.listeners.get('did-navigate')?.(preventable(), 'muster://app/index.html')
    expect(contents.reloads).toBe(0)
    contents.listeners.get('did-navigate')?.(preventable(), 'about:blank')
    expect(contents.reloads).toBe(1)
  })

  it('and is not redirected, not even to its own page (security row 6)', () => {
    expect(new FakeNavigation().fire('will-redirect', 'muster://app/index.html')).toBe(true)
  })

  it.each(['https://micropython.org/', 'muster://app/index.html', 'about:blank'])('and opens no other for "%s" (security row 7)', url => {
    const contents = new FakeNavigation()
    expect(contents.open?.({ url })).toEqual({ action: 'deny' })
    expect(contents.refused).toEqual([url])
  })

  it('and takes no webview (security row 15)', () => {
    expect(new FakeNavigation().fire('will-attach-webview', '')).toBe(true)
  })
})

describe('what the page may load (security row 14)', () => {
  const released = { development: null, allowDeveloperTools: false }

  it.each([
    ['muster://app/assets/main.js', 'script', true],
    ['data:image/png;base64,AA', 'image', true],
    ['muster://app.evil/main.js', 'script', false],
    ['https://micropython.org/x.js', 'script', false],
    ['http://127.0.0.1:5173/x.js', 'script', false],
    ['file:///etc/hosts', 'xhr', false],
    ['data:text/javascript,1', 'script', false],
    ['devtools://devtools/x.js', 'script', false],
    ['ws://127.0.0.1:5173/', 'webSocket', false],
  ])('%s as %s: %s', (url, resourceType, expected) => {
    expect(mayLoad({ url, resourceType }, released)).toBe(expected)
  })

  it('includes a development server only where there is one', () => {
    const development = { url: 'http://127.0.0.1:5173/', origin: 'http://127.0.0.1:5173' }
    const options = { development, allowDeveloperTools: true }
    expect(mayLoad({ url: 'http://127.0.0.1:5173/main.tsx', resourceType: 'script' }, options)).toBe(true)
    expect(mayLoad({ url: 'ws://127.0.0.1:5173/', resourceType: 'webSocket' }, options)).toBe(true)
    expect(mayLoad({ url: 'http://127.0.0.1:51730/main.tsx', resourceType: 'script' }, options)).toBe(false)
    expect(mayLoad({ url: 'http://127.0.0.1:5173.evil.example/main.tsx', resourceType: 'script' }, options)).toBe(false)
  })
})

describe('a development server', () => {
  it('is one of this computer, for an app that is not packaged', () => {
    expect(developmentAddress({ MUSTER_DEV_SERVER_URL: 'http://localhost:5173/' }, false)).toEqual({
      url: 'http://localhost:5173/',
      origin: 'http://localhost:5173',
    })
    expect(developmentAddress({ MUSTER_DEV_SERVER_URL: 'http://[::1]:5173' }, false)?.origin).toBe('http://[::1]:5173')
    expect(developmentAddress({ MUSTER_DEV_SERVER_URL: 'http://localhost:5173/' }, true)).toBeNull()
    expect(developmentAddress({}, false)).toBeNull()
  })

  it.each([
    'https://localhost:5173',
    'http://localhost',
    'http://192.168.1.2:5173',
    'http://localhost.evil.example:5173',
    'http://localhost@evil.example:5173',
    'http://user@localhost:5173',
    'file:///x',
    'javascript:1',
    'localhost:5173',
    '',
  ])('"%s" is not', wanted => {
    expect(developmentAddress({ MUSTER_DEV_SERVER_URL: wanted }, false)).toBeNull()
  })

  it('gets a policy that is wider for itself alone', () => {
    const policy = developmentSecurityPolicy({ url: 'http://localhost:5173/', origin: 'http://localhost:5173' })
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("connect-src 'self' ws://localhost:5173")
    expect(policy).not.toMatch(/unsafe-eval|\*/)
  })
})

describe('a system made for tests', () => {
  it('is looked at by a development build alone', () => {
    expect(developmentSystemRoot({ MUSTER_SYSTEM_ROOT: '/tmp/system' }, false)).toBe('/tmp/system')
    expect(developmentSystemRoot({ MUSTER_SYSTEM_ROOT: '/tmp/system' }, true)).toBeUndefined()
  })

  it.each([[undefined], [''], ['relative/folder']])('is not %j', wanted => {
    expect(developmentSystemRoot({ MUSTER_SYSTEM_ROOT: wanted }, false)).toBeUndefined()
  })
})
