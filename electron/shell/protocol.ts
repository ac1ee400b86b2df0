import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import type { Protocol } from 'electron'
import { type AppFiles, findAppFile } from './app-files'
import { APP_SCHEME } from './app-origin'
import { contentSecurityPolicy } from './content-security-policy'

/** Stands in the page's source where the nonce of its style elements goes. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__'

export interface AppResponse {
  readonly status: number
  readonly mimeType: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Before the app is ready: the scheme counts as an origin of its own, and as a secure one. */
export function registerAppScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the page's build, and nothing else, under the app's scheme. */
export function serveApp(protocol: Protocol, files: AppFiles): void {
  const answer = (method: string, url: string): Promise<AppResponse> => answerRequest(files, method, url)
  if (typeof protocol.handle === 'function') {
    protocol.handle(APP_SCHEME, async request => {
      const { status, mimeType, headers, body } = await answer(request.method, request.url)
      return new Response(new Uint8Array(body), { status, headers: { ...headers, 'Content-Type': contentType(mimeType) } })
    })
    return
  }
  // `protocol.handle` came with Electron 25.
  protocol.registerBufferProtocol(APP_SCHEME, (request, callback) => {
    void answer(request.method, request.url).then(({ status, mimeType, headers, body }) =>
      callback({ statusCode: status, mimeType, charset: 'utf-8', headers: { ...headers }, data: body }),
    )
  })
}

/** Never rejects: a file that has gone since the start is not found, like one that never was. */
export async function answerRequest(files: AppFiles, method: string, url: string): Promise<AppResponse> {
  const nonce = randomBytes(16).toString('base64')
  if (method !== 'GET' && method !== 'HEAD') return respond(405, 'text/plain', Buffer.from('Only GET is answered.'), nonce)
  const file = findAppFile(files, url)
  const content = file === null ? null : await fs.readFile(file.location).catch(() => null)
  if (file === null || content === null) return respond(404, 'text/plain', Buffer.from('There is no such file.'), nonce)
  const body = file.mimeType === 'text/html' ? Buffer.from(content.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce)) : content
  return respond(200, file.mimeType, body, nonce)
}

function respond(status: number, mimeType: string, body: Buffer, nonce: string): AppResponse {
  const headers = {
    'Content-Security-Policy': contentSecurityPolicy(nonce),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  }
  return { status, mimeType, headers, body }
}

function contentType(mimeType: string): string {
  return mimeType.startsWith('text/') ? `${mimeType}; charset=utf-8` : mimeType
}
