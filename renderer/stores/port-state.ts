import type { ConnectPhase, PortInfo, SessionSnapshot } from '../../shared/model'
import { formatClock } from '../ui/format'
import type { OpenFailure } from './tabs-store'

/** What a port or its session is to a person. Each has its own shape, word and colour. */
export type PortStateKind =
  | 'running'
  | 'ready'
  | 'opening'
  | 'closing'
  | 'lost'
  | 'silent'
  | 'locked'
  | 'inUse'
  | 'failed'
  | 'available'
  | 'absent'

export interface PortState {
  readonly kind: PortStateKind
  readonly word: string
  /** Stands after the word; null when an age stands there or nothing. */
  readonly detail: string | null
  /** Where the age counts from, in epoch milliseconds. */
  readonly since: number | null
}

export interface PortFacts {
  readonly port: PortInfo | undefined
  readonly session: SessionSnapshot | undefined
  readonly failure: OpenFailure | undefined
  readonly isOpening: boolean
}

export function describePort({ port, session, failure, isOpening }: PortFacts): PortState {
  if (session !== undefined) return describeSession(session)
  if (isOpening) return state('opening', 'Opening…')
  if (failure !== undefined) return describeFailure(failure)
  if (port?.present === false) return state('absent', 'Absent', 'not there')
  return state('available', 'Available', 'not open')
}

export function describeSession(session: SessionSnapshot): PortState {
  switch (session.state) {
    case 'Created':
    case 'Connecting':
      return state('opening', 'Opening…')
    case 'Connected':
    case 'Idle':
      return state('ready', 'Ready', null, session.stateSince)
    case 'Active':
      return state('running', 'Running', null, session.running?.startedAt ?? session.stateSince)
    case 'Disconnecting':
    case 'Disconnected':
    case 'Disposed':
      return state('closing', 'Closing…')
    case 'Error': {
      const at = formatClock(session.fault?.at ?? session.stateSince)
      return isLost(session) ? state('lost', 'Lost', at) : state('silent', 'No reply', at)
    }
  }
}

/** The board has gone, as opposed to a board that is there and does not answer. */
export function isLost(session: SessionSnapshot): boolean {
  return session.state === 'Error' && session.fault?.reason !== 'no-reply' && session.fault?.reason !== 'timeout'
}

export function isReady(session: SessionSnapshot | undefined): boolean {
  return session?.state === 'Connected' || session?.state === 'Idle' || session?.state === 'Active'
}

const PHASES: Readonly<Record<ConnectPhase, string>> = {
  starting: 'Opening port',
  waitingForPort: 'Opening port',
  handshaking: 'Waiting for the prompt',
  initializing: 'Identifying',
}

export function describePhase(phase: ConnectPhase | null): string {
  return phase === null ? PHASES.starting : PHASES[phase]
}

function describeFailure({ error, at }: OpenFailure): PortState {
  switch (error.reason) {
    case 'permission-denied':
      return state('locked', 'Locked', 'no permission')
    case 'port-in-use':
      return state('inUse', 'In use')
    case 'not-found':
      return state('absent', 'Absent', 'not there')
    case 'no-reply':
      return state('silent', 'No reply', formatClock(at))
    case 'not-micropython':
      return state('failed', 'Failed', 'no MicroPython')
    default:
      return state('failed', 'Failed', formatClock(at))
  }
}

function state(kind: PortStateKind, word: string, detail: string | null = null, since: number | null = null): PortState {
  return { kind, word, detail, since }
}
