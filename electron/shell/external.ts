import { shell } from 'electron'
import type { Logger } from '../core/base/logger'
import { externalLink } from './links'

/** Hands an address to the system's browser if it is one that we link to; anything else is noted and goes nowhere. */
export function openExternally(address: string, logger: Logger): void {
  const link = externalLink(address)
  if (link === null) {
    logger.warn('The page wanted to go elsewhere and stayed', { address: address.slice(0, 200) })
    return
  }
  void shell.openExternal(link).catch((error: unknown) => logger.warn('The browser could not be opened', { link, error }))
}
