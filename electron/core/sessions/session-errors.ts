import { type ErrorInfo, type ErrorReason, MusterError } from '../../../shared/errors'
import { MAX_PENDING_OPERATIONS } from '../../../shared/limits'
import type { ManagerState, SessionState } from '../../../shared/model'
import { ProtocolError } from '../micropython/board-protocol'
import { TransportError } from '../transport/transport'

/** What an error speaks of. */
export interface Subject {
  readonly sessionId: string
  /** Board and port as a person says them: `the board on /dev/ttyACM0`, `Pico on COM3`. */
  readonly name: string
}

export function nameOf(port: string, label: string | undefined): string {
  return label === undefined || label === '' || port.endsWith(label) ? `the board on ${port}` : `${label} on ${port}`
}

export function invalidArgument(message: string, reason?: ErrorReason): MusterError {
  return new MusterError({ code: 'InvalidArgument', message, ...(reason && { reason }) })
}

export function managerNotAvailable(state: ManagerState): MusterError {
  return state === 'Disposed'
    ? new MusterError({ code: 'ManagerDisposed', reason: 'shutdown', message: 'All sessions are closed: Muster is about to quit.' })
    : new MusterError({ code: 'ManagerNotActive', reason: 'shutdown', message: 'Muster is closing its sessions and takes no new work.' })
}

export function sessionNotFound(sessionId: string): MusterError {
  return new MusterError({
    code: 'SessionNotFound',
    reason: 'not-found',
    message: `There is no session ${sessionId}. It was closed long ago, or never opened.`,
    hint: 'Open the port again.',
    sessionId,
  })
}

export function sessionLimitExceeded(limit: number): MusterError {
  return new MusterError({
    code: 'SessionLimitExceeded',
    message: `All ${limit} sessions are open. A port that was lost counts until its session is closed.`,
    hint: 'Close a session, then open the port again.',
    retry: true,
  })
}

export function portTaken(name: string, holder: { readonly name: string; readonly isLeaving: boolean }): MusterError {
  return new MusterError({
    code: 'OpenFailed',
    reason: 'port-in-use',
    message: holder.isLeaving
      ? `${sentence(name)} could not be opened: the system has not let go of the port yet since session ${holder.name} was closed.`
      : `${sentence(name)} could not be opened: session ${holder.name} has the port.`,
    hint: holder.isLeaving ? 'Try again in a few seconds.' : 'Use that session, or close it first.',
    retry: true,
  })
}

export function sessionIdTaken(name: string): MusterError {
  return new MusterError({
    code: 'OpenFailed',
    message: `${sentence(name)} could not be opened: its new session id is in use.`,
    retry: true,
  })
}

/** Whatever kept a session from connecting, in the words of the contract. */
export function openFailed({ sessionId, name }: Subject, cause: unknown): MusterError {
  const known = cause instanceof TransportError || cause instanceof ProtocolError ? cause : null
  return new MusterError(
    {
      code: 'OpenFailed',
      ...(known && { reason: known.reason }),
      message: `${sentence(name)} could not be opened. ${known?.message ?? 'Muster met an error of its own; its log has the details.'}`,
      ...(known?.hint !== undefined && { hint: known.hint }),
      retry: true,
      sessionId,
    },
    { cause },
  )
}

export function openTimedOut({ sessionId, name }: Subject, limitMs: number): MusterError {
  return new MusterError({
    code: 'OpenFailed',
    reason: 'timeout',
    message: `${sentence(name)} could not be opened within ${seconds(limitMs)}.`,
    hint: 'Check the cable, reset the board, and try again.',
    retry: true,
    sessionId,
  })
}

export function closedDuringOpen({ sessionId, name }: Subject): MusterError {
  return new MusterError({
    code: 'OpenFailed',
    reason: 'closed-during-open',
    message: `${sentence(name)} was not opened: its session was closed before the board had answered.`,
    sessionId,
  })
}

export function boardLost({ sessionId, name }: Subject, failure: Pick<ErrorInfo, 'code' | 'reason' | 'message' | 'hint'>): MusterError {
  return new MusterError({
    code: failure.code,
    ...(failure.reason && { reason: failure.reason }),
    message: `${sentence(name)} was lost. ${failure.message}`,
    hint: failure.hint ?? 'Check the cable and the board, close this session, and open the port again.',
    sessionId,
  })
}

export function sessionNotReady({ sessionId, name }: Subject, state: SessionState): MusterError {
  return new MusterError({
    code: 'SessionNotReady',
    ...(isOver(state) && { reason: 'session-closed' as const }),
    message: `The session with ${name} is ${state} and runs nothing now.`,
    hint:
      isOver(state) || state === 'Error'
        ? 'Close the session if it is still open, and open the port again.'
        : 'Wait until the session is ready.',
    sessionId,
  })
}

export function closeFailed({ sessionId, name }: Subject, cause: unknown): MusterError {
  return new MusterError(
    {
      code: 'CloseFailed',
      reason: cause === null ? 'timeout' : 'port-error',
      message: `The session with ${name} did not close in order and was ended by force.`,
      hint: 'If the port stays busy, unplug the board and plug it in again.',
      sessionId,
    },
    { cause },
  )
}

export function queueFull({ sessionId, name }: Subject): MusterError {
  return new MusterError({
    code: 'QueueFull',
    message: `${MAX_PENDING_OPERATIONS} executions already wait for ${name}.`,
    hint: 'Wait until some have run, or cancel them.',
    retry: true,
    sessionId,
  })
}

/** How an execution failed; `happened` ends the sentence that begins with the execution. */
export interface ExecutionFailure extends Pick<ErrorInfo, 'code' | 'reason' | 'hint' | 'retry'> {
  readonly happened: string
}

/** An execution that has no result. `output` is what it printed so far; undefined when it never ran. */
export function executionError(
  { sessionId, name }: Subject,
  execution: { readonly executionId: string; readonly number: number; readonly output: string | undefined },
  what: ExecutionFailure,
  cause?: unknown,
): MusterError {
  const { happened, ...info } = what
  return new MusterError(
    {
      ...info,
      message: `Execution ${execution.number} on ${name} ${happened}`,
      ...(execution.output !== undefined && { output: execution.output }),
      sessionId,
      executionId: execution.executionId,
    },
    { cause },
  )
}

/** As the beginning of a sentence. A label stays as it is: `sim-01` is not called `Sim-01`. */
export function sentence(name: string): string {
  return name.replace(/^the /, 'The ')
}

export function seconds(durationMs: number): string {
  const value = durationMs / 1_000
  return value === 1 ? '1 second' : `${value} seconds`
}

function isOver(state: SessionState): boolean {
  return state === 'Disconnecting' || state === 'Disconnected' || state === 'Disposed'
}
