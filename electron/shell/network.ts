import { APP_ORIGIN, type PageAddress } from './app-origin'
import { developmentSecurityPolicy } from './content-security-policy'

/** What is used of Electron's `Session`. */
export interface NetworkSession {
  readonly webRequest: {
    onBeforeRequest(listener: (details: RequestDetails, callback: (response: { cancel: boolean }) => void) => void): void
    onHeadersReceived(
      listener: (
        details: RequestDetails & { readonly responseHeaders?: Record<string, string[]> },
        callback: (response: HeadersResponse) => void,
      ) => void,
    ): void
  }
}

interface RequestDetails {
  readonly url: string
  readonly resourceType: string
}

interface HeadersResponse {
  responseHeaders?: Record<string, string[]>
}

export interface NetworkOptions {
  readonly development: PageAddress | null
  /** Chromium's own tools load pages and data of their own. */
  readonly allowDeveloperTools: boolean
}

/** The page loads its own files and nothing else, even where the content security policy has no say. */
export function keepOffNetwork(session: NetworkSession, options: NetworkOptions): void {
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !mayLoad(details, options) }))
  const { development } = options
  if (development === null) return
  const policy = developmentSecurityPolicy(development)
  session.webRequest.onHeadersReceived((details, callback) => {
    if (originOf(details.url) !== development.origin) return callback({})
    callback({ responseHeaders: { ...details.responseHeaders, 'Content-Security-Policy': [policy] } })
  })
}

export function mayLoad({ url, resourceType }: RequestDetails, { development, allowDeveloperTools }: NetworkOptions): boolean {
  // Where a window goes is decided by `keepOnPage`; a load that is cancelled here would leave an error page behind.
  if (resourceType === 'mainFrame') return true
  if (url.startsWith(`${APP_ORIGIN}/`) || url.startsWith('data:image/')) return true
  if (allowDeveloperTools && (url.startsWith('devtools:') || url.startsWith('chrome-extension:'))) return true
  if (development === null) return false
  const origin = originOf(url)
  return origin === development.origin || origin === development.origin.replace(/^http:/, 'ws:')
}

function originOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*/.exec(url)?.[0] ?? ''
}
