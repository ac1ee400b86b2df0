import path from 'node:path'
import type { PageAddress } from './app-origin'

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Where a development server serves the page, from `MUSTER_DEV_SERVER_URL`. Only of this computer, only with a port,
 * and never in a packaged app: there the variable means nothing.
 */
export function developmentAddress(environment: NodeJS.ProcessEnv, isPackaged: boolean): PageAddress | null {
  const wanted = environment.MUSTER_DEV_SERVER_URL
  if (isPackaged || wanted === undefined || wanted === '') return null
  const url = parse(wanted)
  if (url === null || url.protocol !== 'http:' || url.port === '') return null
  if (!LOOPBACK_HOSTS.has(url.hostname) || url.username !== '' || url.password !== '') return null
  return { url: url.href, origin: url.origin }
}

/**
 * Another system to look for boards in than this computer, from `MUSTER_SYSTEM_ROOT`: a folder laid out like `/`, as tests
 * make it. A packaged app does not read it.
 */
export function developmentSystemRoot(environment: NodeJS.ProcessEnv, isPackaged: boolean): string | undefined {
  const root = environment.MUSTER_SYSTEM_ROOT
  return isPackaged || root === undefined || !path.isAbsolute(root) ? undefined : root
}

function parse(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
