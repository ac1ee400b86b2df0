import type { SessionEvent } from '../../shared/model'
import { isLost } from './port-state'

export interface Sentence {
  readonly text: string
  readonly tone: 'info' | 'bad'
}

/** What an event is worth saying about, or null. `name` is what the list calls the board. */
export function eventSentence(event: SessionEvent, name: string): Sentence | null {
  switch (event.type) {
    case 'created':
      return { text: `${name} is being opened`, tone: 'info' }
    case 'connected':
      return { text: `${name} is ready`, tone: 'info' }
    case 'error':
      return faultSentence(event, name)
    case 'disconnected':
      if (event.reason === 'client-close' || event.reason === 'gateway-shutdown') return { text: `${name} closed`, tone: 'info' }
      return event.reason === 'killed' ? { text: `${name} was closed by force`, tone: 'info' } : null
    default:
      return null
  }
}

function faultSentence(event: SessionEvent, name: string): Sentence | null {
  const { snapshot } = event
  const fault = snapshot.fault
  if (fault === null) return null
  if (fault.reason === 'closed-during-open') return { text: `Opening ${name} was cancelled`, tone: 'info' }
  if (snapshot.connectedAt === null) return { text: `${name} could not be opened`, tone: 'bad' }
  return { text: isLost(snapshot) ? `${name} lost` : `${name} does not answer`, tone: 'bad' }
}
