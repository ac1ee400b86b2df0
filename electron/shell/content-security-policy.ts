import type { PageAddress } from './app-origin'

type Policy = Readonly<Record<string, readonly string[]>>

const NONE = ["'none'"] as const

/** What every response of the app may do: load its own files. Everything that is not named is denied. */
const POLICY: Policy = {
  'default-src': NONE,
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'object-src': NONE,
  'base-uri': NONE,
  'form-action': NONE,
  'frame-ancestors': NONE,
}

/** With the nonce that the terminal's and the editor's style elements carry. */
export function contentSecurityPolicy(styleNonce: string): string {
  return serialize({ ...POLICY, 'style-src': ["'self'", `'nonce-${styleNonce}'`] })
}

/** A development server injects code for reloading into the page and listens on a socket; its own origin may do that. */
export function developmentSecurityPolicy({ origin }: PageAddress): string {
  return serialize({
    ...POLICY,
    'script-src': ["'self'", "'unsafe-inline'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'connect-src': ["'self'", origin.replace(/^http:/, 'ws:')],
  })
}

function serialize(policy: Policy): string {
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ')
}
