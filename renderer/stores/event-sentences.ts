import type { BoardNotice, DisconnectReason, SessionEvent } from '../../shared/model'
import { shortPortName } from '../../shared/port-name'
import { formatPlural } from '../ui/format'
import { isLost } from './port-state'

export interface Sentence {
  readonly text: string
  readonly tone: 'info' | 'warn' | 'bad'
}

/** How a session ended, after its name. A connection that was lost has not ended: its `error` is told instead. */
const ENDINGS: Readonly<Record<DisconnectReason, string | null>> = {
  'client-close': 'closed',
  'gateway-shutdown': 'closed',
  'idle-timeout': 'closed after nobody used it',
  'lease-expired': 'closed at the end of its lease',
  'pool-evicted': 'closed to make room for another board',
  killed: 'was closed by force',
  'open-failed': null,
  unexpected: null,
  'health-check-failed': null,
  'heartbeat-lost': null,
}

export function endingOf(reason: DisconnectReason): string {
  return ENDINGS[reason] ?? 'closed'
}

/** What an event is worth saying about, or null. `name` is what the list calls the board. */
export function eventSentence(event: SessionEvent, name: string): Sentence | null {
  switch (event.type) {
    case 'created':
      return event.snapshot.backend === 'none' ? null : { text: `${name} is being opened`, tone: 'info' }
    case 'connected':
      return connectedSentence(event, name)
    case 'error':
      return faultSentence(event, name)
    case 'disconnected': {
      const ending = event.reason === undefined ? null : ENDINGS[event.reason]
      return ending === null ? null : { text: `${name} ${ending}`, tone: 'info' }
    }
    case 'boardNotice':
      return event.notice === undefined ? null : noticeSentence(event.notice, name)
    default:
      return null
  }
}

/** The board's name stands before a sentence that does not say it itself. */
function noticeSentence({ text }: BoardNotice, name: string): Sentence {
  const sentence = text.replace(/\.$/, '')
  return { text: sentence.includes(name) ? sentence : `${name}: ${sentence}`, tone: 'warn' }
}

function connectedSentence({ reconnected, snapshot }: SessionEvent, name: string): Sentence {
  if (snapshot.backend === 'none') return { text: `Group ${name} created`, tone: 'info' }
  return { text: reconnected === true ? `${name} is back on ${shortPortName(snapshot.port)}` : `${name} is ready`, tone: 'info' }
}

function faultSentence({ snapshot, exhausted, message }: SessionEvent, name: string): Sentence | null {
  const { fault, reconnect } = snapshot
  if (fault === null) return message === undefined ? null : { text: message, tone: 'bad' }
  if (fault.reason === 'closed-during-open') return { text: `Opening ${name} was cancelled`, tone: 'info' }
  if (snapshot.connectedAt === null) return { text: `${name} could not be opened`, tone: 'bad' }
  if (exhausted === true) {
    const attempts = reconnect === null ? '' : ` after ${formatPlural(reconnect.maxAttempts, 'attempt')}`
    return { text: `${name} is still lost, gave up${attempts}`, tone: 'bad' }
  }
  if (fault.code === 'CloseFailed') return { text: `${name} did not close by itself`, tone: 'bad' }
  if (fault.reason === 'another-board') return { text: `Another board is where ${name} was`, tone: 'bad' }
  return { text: isLost(snapshot) ? `${name} lost` : `${name} does not answer`, tone: 'bad' }
}
