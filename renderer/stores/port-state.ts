import type { ConnectPhase, PortInfo, SessionSnapshot } from '../../shared/model'
import { formatClock } from '../ui/format'
import { isAway } from './places'
import type { OpenFailure } from './tabs-store'

/** What a port or its session is to a person. Each has its own shape, word and colour. */
export type PortStateKind =
  | 'running'
  | 'ready'
  | 'watching'
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
  /** In place of the detail where there is little room. */
  readonly shortDetail: string | null
  /** Where the age counts from, in epoch milliseconds. */
  readonly since: number | null
  /** What a countdown after the detail goes to, in epoch milliseconds. */
  readonly until: number | null
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
      return state('opening', 'Opening…')
    case 'Connecting':
      return isAway(session) ? describeAway(session) : state('opening', 'Opening…')
    case 'Connected':
    case 'Idle':
    case 'Active':
      return describeOpen(session)
    case 'Disconnecting':
    case 'Disconnected':
    case 'Disposed':
      return state('closing', 'Closing…')
    case 'Error':
      return describeAway(session)
  }
}

/** What a session does that is open: runs code, works for Muster itself, only watches, or waits for something to do. */
function describeOpen({ backend, state: life, stateSince, running, task, attachment }: SessionSnapshot): PortState {
  if (backend === 'none') return state('ready', 'Group')
  if (running !== null) return state('running', running.interrupting ? 'Stopping' : 'Running', null, running.startedAt)
  if (task !== null) return state('running', 'Working', null, task.startedAt)
  if (attachment === 'watching') return state('watching', 'Watching', null, stateSince)
  return life === 'Active' ? state('running', 'Running', null, stateSince) : state('ready', 'Ready', null, stateSince)
}

/** Lost or silent since when, and what happens about it. */
function describeAway(session: SessionSnapshot): PortState {
  const { fault, reconnect } = session
  const clock = formatClock(fault?.at ?? session.stateSince)
  const away = isLost(session) ? state('lost', 'Lost', clock) : state('silent', 'No reply', clock)
  if (fault?.reason === 'another-board') return { ...away, detail: `${clock}, another board there`, shortDetail: 'another board' }
  switch (reconnect?.stage) {
    case 'waiting':
      if (reconnect.nextAttemptAt === null) return { ...away, detail: `${clock}, trying again`, shortDetail: 'again soon' }
      return { ...away, detail: `${clock}, trying again in`, shortDetail: 'again in', until: reconnect.nextAttemptAt }
    case 'absent':
      return { ...away, detail: `${clock}, waiting for the board`, shortDetail: 'waiting' }
    case 'connecting':
      return { ...away, detail: `${clock}, connecting`, shortDetail: 'connecting' }
    case 'exhausted':
      return { ...away, detail: `${clock}, gave up`, shortDetail: 'gave up' }
    default:
      return away
  }
}

/** The board has gone, as opposed to a board that is there and does not answer. */
export function isLost(session: SessionSnapshot): boolean {
  return isAway(session) && session.fault?.reason !== 'no-reply' && session.fault?.reason !== 'timeout'
}

export function isReady(session: SessionSnapshot | undefined): boolean {
  return session?.state === 'Connected' || session?.state === 'Idle' || session?.state === 'Active'
}

/** A board that does not answer is still reached by its reset line. */
export function canHardReset(session: SessionSnapshot): boolean {
  return isReady(session) || (isAway(session) && !isLost(session) && session.fault?.final !== true)
}

/** Why no code can be run now, as a sentence; null when it can. */
export function runHindrance(session: SessionSnapshot): string | null {
  if (!isReady(session)) return 'The board is not ready'
  if (session.attachment === 'watching') return 'Only watching: the board’s own program runs. Take over to run code.'
  return null
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
  return { kind, word, detail, shortDetail: null, since, until: null }
}
