/**
 * A session's state in the words of the two systems that Muster's sessions come from. Pure functions of a snapshot: there
 * is one state, and these are ways to say it.
 */
import type { ConnectPhase, SessionSnapshot, SessionState } from './model'

export type GatewayState =
  | 'Creating'
  | 'StartingWorker'
  | 'WaitingForPipe'
  | 'Handshaking'
  | 'InitializingWorker'
  | 'Ready'
  | 'Closing'
  | 'Closed'
  | 'Faulted'

export type MinaState = 'Connected' | 'Idle' | 'Closing' | 'Closed'

export interface MinaView {
  /** Null while there is no connection to speak of: on the way to one, or lost. */
  readonly state: MinaState | null
  readonly isIdleForRead: boolean
  readonly isIdleForWrite: boolean
  readonly isIdleForBoth: boolean
}

const PHASES: Readonly<Record<ConnectPhase, GatewayState>> = {
  starting: 'StartingWorker',
  waitingForPort: 'WaitingForPipe',
  handshaking: 'Handshaking',
  initializing: 'InitializingWorker',
}

const GATEWAY: Readonly<Record<Exclude<SessionState, 'Connecting'>, GatewayState>> = {
  Created: 'Creating',
  Connected: 'Ready',
  Active: 'Ready',
  Idle: 'Ready',
  Disconnecting: 'Closing',
  Disconnected: 'Closed',
  Disposed: 'Closed',
  Error: 'Faulted',
}

export function gatewayView({ state, phase }: Pick<SessionSnapshot, 'state' | 'phase'>): GatewayState {
  return state === 'Connecting' ? PHASES[phase ?? 'starting'] : GATEWAY[state]
}

export function minaView({ state, statistics: { idle } }: Pick<SessionSnapshot, 'state' | 'statistics'>): MinaView {
  const isReady = state === 'Connected' || state === 'Active' || state === 'Idle'
  const flags = {
    isIdleForRead: isReady && idle.read.count > 0,
    isIdleForWrite: isReady && idle.write.count > 0,
    isIdleForBoth: isReady && idle.both.count > 0,
  }
  const isIdle = flags.isIdleForRead || flags.isIdleForWrite || flags.isIdleForBoth
  return { state: isReady ? (isIdle ? 'Idle' : 'Connected') : endOf(state), ...flags }
}

function endOf(state: SessionState): MinaState | null {
  if (state === 'Disconnecting') return 'Closing'
  return state === 'Disconnected' || state === 'Disposed' ? 'Closed' : null
}
