import type { HistoryEntry, InterruptStatus, JsonValue, SessionEvent, SessionState } from '../../../../shared/model'
import { nameOf, sentence } from '../session-errors'

/** What a person reads of an event, and what a program does. */
export type Telling = Pick<HistoryEntry, 'tone' | 'text' | 'data'>

const BECAME: Readonly<Record<SessionState, string>> = {
  Created: 'is created',
  Connecting: 'is connecting',
  Connected: 'is connected',
  Active: 'is running code',
  Idle: 'is idle',
  Disconnecting: 'is closing',
  Disconnected: 'is disconnected',
  Error: 'is in error',
  Disposed: 'is disposed',
}

const PHASES = {
  starting: 'is starting to connect',
  waitingForPort: 'waits for its port',
  handshaking: 'waits for the board to answer',
  initializing: 'asks the board what it is',
} as const

const REASONS = {
  'client-close': 'as asked',
  'lease-expired': 'because its lease ran out',
  'gateway-shutdown': 'because Muster quits',
  'idle-timeout': 'because nobody used it',
  'open-failed': 'because it could not be opened',
  'pool-evicted': 'because its place was needed',
  killed: 'by force',
  unexpected: 'because the board was lost',
  'health-check-failed': 'because a health check failed',
  'heartbeat-lost': 'because heartbeats were missing',
} as const

const IDLE = { read: 'Nothing was read from', write: 'Nothing was written to', both: 'Nothing was read from or written to' } as const

/** As a person calls the session's board; a group session by its own name. */
export function boardOf({ snapshot }: Pick<SessionEvent, 'snapshot'>): string {
  const { backend, port, portLabel, clientSessionName, metadata } = snapshot
  if (backend === 'none') return `the group “${clientSessionName || metadata.identifier || metadata.dataSource}”`
  return nameOf(port, portLabel)
}

/** Says an event in a sentence. Holds no code and no output of a board. */
export function tellOf(event: SessionEvent): Telling {
  const { type, snapshot, reason, previous, idle, attribute } = event
  const { state, phase, fault, reconnect, lease, metadata } = snapshot
  const board = boardOf(event)
  const Board = sentence(board)
  const info = (text: string, data: Record<string, JsonValue> = {}): Telling => ({ tone: 'info', text, data })
  switch (type) {
    case 'created':
      return info(`A session for ${board} was created.`, { dataSource: metadata.dataSource, clientIdentity: snapshot.clientIdentity })
    case 'connected':
      return info(event.reconnected ? `${Board} is connected again.` : `${Board} is connected.`, {
        reconnected: event.reconnected === true,
      })
    case 'disconnected': {
      if (event.message !== undefined) return info(event.message, { reason: reason ?? null })
      // A connection that is dropped on request, to be made anew, is no loss.
      const became = state !== 'Error' ? 'closed' : reason === 'client-close' ? 'disconnected' : 'lost'
      const isLost = became === 'lost'
      const text = `${Board} was ${became}${reason === undefined || (isLost && reason === 'unexpected') ? '' : ` ${REASONS[reason]}`}.`
      return { tone: isLost || reason === 'killed' ? 'warn' : 'info', text, data: { reason: reason ?? null } }
    }
    case 'error': {
      if (event.message !== undefined) return { tone: 'warn', text: event.message, data: {} }
      const after = event.exhausted ? ' No further attempt to reconnect is made by itself.' : ''
      const data = {
        code: fault?.code ?? null,
        reason: fault?.reason ?? null,
        final: fault?.final ?? false,
        exhausted: event.exhausted === true,
      }
      return { tone: 'bad', text: `${fault?.message ?? `Something failed on ${board}.`}${after}`, data }
    }
    case 'disposed':
      return info(`The session of ${board} is over.`)
    case 'stateChanged':
      return info(`${Board} ${BECAME[state]}.`, { previous: previous ?? null, state })
    case 'phaseChanged':
      return info(`${Board} ${phase === null ? 'goes on' : PHASES[phase]}.`, { phase, attempt: reconnect?.attempt ?? 0 })
    case 'idle':
      return info(idle === undefined ? `${Board} is idle.` : `${IDLE[idle.kind]} ${board} for its whole idle time.`, { ...idle })
    case 'infoUpdated':
      if (event.message !== undefined) return info(event.message)
      if (event.interrupt !== undefined) return interruptOf(event.interrupt, Board, snapshot.running?.number)
      return info(`What is known of ${board} has changed.`, { reconnect: reconnect?.stage ?? null, attempt: reconnect?.attempt ?? null })
    case 'filtersChanged':
      return info(`The filters of ${board} have changed.`)
    case 'leaseChanged':
      return info(leaseText(Board, lease.expiresAt, lease.isPending), { expiresAt: lease.expiresAt, isPending: lease.isPending })
    case 'attributesChanged':
      return info(`An attribute of ${board} has changed.`, { attribute: attribute ?? null })
    case 'boardNotice':
      return { tone: 'warn', text: event.notice?.text ?? `Something happened to ${board}.`, data: { kind: event.notice?.kind ?? null } }
    case 'statistics':
      return info(`The counters of ${board} have moved.`)
  }
}

const RUNGS: Readonly<Record<InterruptStatus['rung'], string>> = {
  interrupt: 'Ctrl-C was sent',
  'interrupt-again': 'Ctrl-C is sent again and again',
  'soft-reset': 'a soft reset is tried',
}

function interruptOf({ rung, until }: InterruptStatus, board: string, number: number | undefined): Telling {
  const held = until === null ? ', and nothing more is done until somebody says so' : ''
  const text = `Execution ${number ?? ''} on ${lower(board)} is to end: ${RUNGS[rung]}${held}.`
  return { tone: rung === 'interrupt' ? 'info' : 'warn', text, data: { rung, held: until === null } }
}

function leaseText(board: string, expiresAt: number | null, isPending: boolean): string {
  if (isPending) return `The lease of ${lower(board)} has run out; its session closes after what it runs.`
  if (expiresAt === null) return `${board} has no lease any more.`
  return `The lease of ${lower(board)} has another end.`
}

function lower(name: string): string {
  return name.replace(/^The /, 'the ')
}
