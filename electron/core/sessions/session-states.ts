import type { SessionState } from '../../../shared/model'
import { StateMachine, type Transition } from './state-machine'

/**
 * The states as stored. `Error` is two: a lost board can come back, a final fault leaves only closing. `Connecting` is two:
 * a first attempt that fails ends the session, a later one does not. `None` is before the session.
 */
export type StoredState = 'None' | Exclude<SessionState, 'Error'> | 'Connecting(again)' | 'Error(lost)' | 'Error(final)'

export type SessionTrigger =
  | 'create'
  | 'connect'
  | 'connected'
  | 'open-failed'
  | 'discard'
  | 'busy'
  | 'drained'
  | 'quiet'
  | 'lost'
  | 'reconnect'
  | 'attempt-failed'
  | 'close'
  | 'closed'
  | 'close-failed'
  | 'abandon'
  | 'kill'
  | 'dispose'

interface SessionTransition extends Transition<StoredState, SessionTrigger> {
  /** Number in the session specification. */
  readonly row: string
}

/**
 * Every change of state there is. A failed open (T4) and a failed close (T14) are two steps, so that the fault is seen
 * before the session is gone. A session that was never connected is not closed but discarded, also by a kill.
 */
export const SESSION_TRANSITIONS: readonly SessionTransition[] = [
  { row: 'T1', from: ['None'], trigger: 'create', to: 'Created' },
  { row: 'T2', from: ['Created'], trigger: 'connect', to: 'Connecting' },
  { row: 'T3', from: ['Connecting'], trigger: 'connected', to: 'Connected' },
  { row: 'T4', from: ['Connecting'], trigger: 'open-failed', to: 'Error(final)' },
  { row: 'T4', from: ['Error(final)'], trigger: 'discard', to: 'Disposed' },
  { row: 'T5', from: ['Connected', 'Idle'], trigger: 'busy', to: 'Active' },
  { row: 'T6', from: ['Active'], trigger: 'drained', to: 'Idle' },
  { row: 'T7', from: ['Connected'], trigger: 'drained', to: 'Idle' },
  { row: 'T7', from: ['Connected'], trigger: 'quiet', to: 'Idle' },
  { row: 'T8', from: ['Connected', 'Active', 'Idle'], trigger: 'lost', to: 'Error(lost)' },
  { row: 'T9', from: ['Error(lost)'], trigger: 'reconnect', to: 'Connecting(again)' },
  { row: 'T10', from: ['Connecting(again)'], trigger: 'connected', to: 'Connected' },
  { row: 'T11', from: ['Connecting(again)'], trigger: 'attempt-failed', to: 'Error(lost)' },
  { row: 'T12', from: ['Connected', 'Active', 'Idle', 'Connecting(again)', 'Error(lost)'], trigger: 'close', to: 'Disconnecting' },
  { row: 'T13', from: ['Disconnecting'], trigger: 'closed', to: 'Disconnected' },
  { row: 'T14', from: ['Disconnecting'], trigger: 'close-failed', to: 'Error(final)' },
  { row: 'T14', from: ['Error(final)'], trigger: 'abandon', to: 'Disconnected' },
  {
    row: 'T15',
    from: ['Connected', 'Active', 'Idle', 'Connecting(again)', 'Disconnecting', 'Error(lost)', 'Error(final)'],
    trigger: 'kill',
    to: 'Disconnected',
  },
  { row: 'T16', from: ['Disconnected'], trigger: 'dispose', to: 'Disposed' },
]

export function createSessionMachine(): StateMachine<StoredState, SessionTrigger> {
  const machine = new StateMachine<StoredState, SessionTrigger>('session', SESSION_TRANSITIONS, 'None', 'Disposed')
  machine.fire('create')
  return machine
}

/** The state as everyone else knows it; whether an `Error` is final says the fault. */
export function publicState(state: StoredState): SessionState {
  switch (state) {
    case 'None':
      return 'Created'
    case 'Connecting(again)':
      return 'Connecting'
    case 'Error(lost)':
    case 'Error(final)':
      return 'Error'
    default:
      return state
  }
}

/** Connected, executing or idle: takes executions as long as its transport is open. */
export function isReadyState(state: SessionState): boolean {
  return state === 'Connected' || state === 'Active' || state === 'Idle'
}

/** Closed sessions no longer count against the limit. */
export function isClosedState(state: SessionState): boolean {
  return state === 'Disconnected' || state === 'Disposed'
}

/** On the way to its first connection. */
export function isOpeningState(state: StoredState): boolean {
  return state === 'Created' || state === 'Connecting'
}
