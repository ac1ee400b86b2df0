import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppFiles, findAppFile, listAppFiles } from '../../../electron/shell/app-files'
import { answerRequest, registerAppScheme, serveApp } from '../../../electron/shell/protocol'

const PAGE = '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><script type="module" src="./assets/main.js"></script>'

let folder: string
let files: AppFiles

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'muster-page-'))
  const renderer = path.join(folder, 'renderer')
  await fs.mkdir(path.join(renderer, 'assets'), { recursive: true })
  await fs.writeFile(path.join(renderer, 'index.html'), PAGE)
  await fs.writeFile(path.join(renderer, 'assets', 'main.js'), 'start()')
  await fs.writeFile(path.join(renderer, 'assets', 'font.woff2'), Buffer.from([0, 255, 1]))
  await fs.writeFile(path.join(renderer, 'assets', 'program.exe'), 'MZ')
  await fs.writeFile(path.join(folder, 'secret.json'), '{}')
  await fs.mkdir(path.join(folder, 'renderer-secret'))
  await fs.writeFile(path.join(folder, 'renderer-secret', 'index.html'), 'secret')
  await fs.symlink(path.join(folder, 'secret.json'), path.join(renderer, 'linked.json'))
  files = await listAppFiles(renderer)
})
afterAll(() => fs.rm(folder, { recursive: true, force: true }))

describe('files of the page (security row 13)', () => {
  it('are those of the build, of known kinds, and no links', () => {
    expect([...files.keys()].sort()).toEqual(['/assets/font.woff2', '/assets/main.js', '/index.html'])
  })

  it.each([
    ['muster://app/index.html', 'text/html'],
    ['muster://app/index.html?demo#top', 'text/html'],
    ['muster://app/assets/main.js', 'text/javascript'],
    ['muster://app/assets/../index.html', 'text/html'],
  ])('%s is found', (address, mimeType) => {
    expect(findAppFile(files, address)?.mimeType).toBe(mimeType)
  })

  it.each([
    'muster://app/',
    'muster://app',
    'muster://app/assets',
    'muster://app/assets/',
    'muster://app/linked.json',
    'muster://app/assets/program.exe',
    'muster://app/../secret.json',
    'muster://app/..%2fsecret.json',
    'muster://app/..%5csecret.json',
    'muster://app/%2e%2e/secret.json',
    'muster://app/%2e%2e%2fsecret.json',
    'muster://app/%252e%252e%252fsecret.json',
    'muster://app/..\\secret.json',
    'muster://app/../renderer-secret/index.html',
    'muster://app/..//renderer-secret/index.html',
    'muster://app/assets/..%2findex.html',
    'muster://app/index.html%00.js',
    'muster://app/in\0dex.html',
    'muster://app//index.html',
    'muster://app/./%69ndex.html',
    'muster://app/INDEX.HTML',
    'muster://app/etc/passwd',
    'muster://app//etc/passwd',
    'muster://app/C:/Windows/win.ini',
    'muster://app/__proto__',
    'muster://app/constructor',
    'muster://other/index.html',
    'muster://app.evil/index.html',
    'muster://app:80/index.html',
    'muster://user@app/index.html',
    'muster://user:word@app/index.html',
    'muster:index.html',
    'muster:/index.html',
    'file:///index.html',
    'https://app/index.html',
    'index.html',
    '',
  ])('"%s" is not', address => {
    expect(findAppFile(files, address)).toBeNull()
  })
})

describe('responses', () => {
  it.each([
    ['GET', 'muster://app/index.html', 200],
    ['HEAD', 'muster://app/assets/main.js', 200],
    ['GET', 'muster://app/none.js', 404],
    ['POST', 'muster://app/index.html', 405],
    ['DELETE', 'muster://app/index.html', 405],
  ])('%s %s is answered with %i and always the same strict policy (security row 5)', async (method, address, status) => {
    const response = await answerRequest(files, method, address)
    expect(response.status).toBe(status)
    const policy = (response.headers['Content-Security-Policy'] ?? '').split('; ').map(directive => directive.split(' '))
    const directives = Object.fromEntries(policy.map(([name, ...sources]) => [name, sources]))
    const nonce = directives['style-src']?.[1]
    expect(nonce).toMatch(/^'nonce-[A-Za-z0-9+/]{22}=='$/)
    expect(directives).toEqual({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", nonce],
      'img-src': ["'self'", 'data:'],
      'font-src': ["'self'"],
      'connect-src': ["'self'"],
      'object-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    })
    expect(response.headers['Content-Security-Policy']).not.toMatch(/unsafe|\*|http/)
    expect(response.headers['X-Content-Type-Options']).toBe('nosniff')
  })

  it('carry the bytes of the file', async () => {
    expect((await answerRequest(files, 'GET', 'muster://app/assets/font.woff2')).body).toEqual(Buffer.from([0, 255, 1]))
  })

  it('give the page a nonce of its own each time, the one its policy names (security row 5)', async () => {
    const nonces = new Set<string>()
    for (let load = 0; load < 5; load++) {
      const { body, headers } = await answerRequest(files, 'GET', 'muster://app/index.html')
      const nonce = /nonce="([^"]+)"/.exec(body.toString())?.[1] ?? ''
      expect(headers['Content-Security-Policy']).toContain(`'nonce-${nonce}'`)
      nonces.add(nonce)
    }
    expect(nonces.size).toBe(5)
  })

  it('tell of a file that has gone that it is not there', async () => {
    const gone: AppFiles = new Map([['/index.html', { location: path.join(folder, 'gone.html'), mimeType: 'text/html' }]])
    expect((await answerRequest(gone, 'GET', 'muster://app/index.html')).status).toBe(404)
  })
})

describe('the scheme', () => {
  it('is registered as an origin of its own, without rights beyond that', () => {
    const registered: unknown[] = []
    registerAppScheme({ registerSchemesAsPrivileged: schemes => registered.push(...schemes) })
    expect(registered).toEqual([{ scheme: 'muster', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
  })

  it('is served on runtimes with and without protocol.handle', async () => {
    type Protocol = Parameters<typeof serveApp>[0]
    const handlers: ((request: { method: string; url: string }) => Promise<Response>)[] = []
    serveApp({ handle: (_scheme: string, handler: (typeof handlers)[0]) => handlers.push(handler) } as unknown as Protocol, files)
    const response = await handlers[0]?.({ method: 'GET', url: 'muster://app/assets/main.js' })
    expect(await response?.text()).toBe('start()')
    expect(response?.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(response?.headers.get('content-security-policy')).toContain("default-src 'none'")

    const answered = await new Promise<Record<string, unknown>>(resolve => {
      const protocol = {
        registerBufferProtocol: (
          _scheme: string,
          handler: (request: object, callback: (answer: Record<string, unknown>) => void) => void,
        ) => handler({ method: 'GET', url: 'muster://app/assets/main.js' }, resolve),
      }
      serveApp(protocol as unknown as Protocol, files)
    })
    expect(answered).toMatchObject({ statusCode: 200, mimeType: 'text/javascript', data: Buffer.from('start()') })
    expect(JSON.stringify(answered.headers)).toContain("default-src 'none'")
  })
})
