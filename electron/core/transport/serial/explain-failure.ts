import type { Clock } from '../../base/clock'
import { TransportError } from '../transport'
import { inUse, notFound, notSerial } from './open-error'
import { findPortHolder } from './port-holder'
import { examinePortNode } from './port-node'

/**
 * Turns the binding's error into one a person can act on. The binding has no error codes, only texts; the half of
 * each that comes from the system may be in the user's language, so the port is looked at again first.
 */
export async function explainOpenFailure(path: string, failure: unknown, clock: Clock, platform: NodeJS.Platform): Promise<TransportError> {
  const text = failure instanceof Error ? failure.message : String(failure)
  if (platform === 'win32') {
    // Windows gives a port to one program at a time and says this to all others.
    if (text.includes('Access denied')) return inUse(path, null)
    if (text.includes('File not found')) return notFound(path)
  } else {
    if (/cannot lock port|busy/i.test(text)) return inUse(path, await findPortHolder(path, clock))
    try {
      await examinePortNode(path)
    } catch (error) {
      if (error instanceof TransportError) return error
    }
    if (/inappropriate ioctl/i.test(text)) return notSerial(path)
  }
  const reason = text.replace(/^Error:? /, '').replace(/,? (?:cannot open|setting) .*$/i, '')
  return new TransportError(
    'port-error',
    `${path} could not be opened: ${reason}.`,
    'Unplug the board, plug it in again and try once more.',
  )
}
