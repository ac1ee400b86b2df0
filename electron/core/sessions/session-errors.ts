import { type ErrorInfo, type ErrorReason, MusterError } from '../../../shared/errors'
import type { ManagerState, ResetKind, SessionState } from '../../../shared/model'
import { ProtocolError } from '../micropython/board-protocol'
import { TransportError } from '../transport/transport'

const SAID_MAX_CHARS = 200

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

/** Whatever kept a session from connecting, in the words of the contract. */
export function openFailed({ sessionId, name }: Subject, cause: unknown): MusterError {
  if (cause instanceof MusterError && cause.code === 'OpenFailed') return cause
  const known = cause instanceof MusterError ? cause.info : wireErrorOf(cause)
  return new MusterError(
    {
      code: 'OpenFailed',
      ...(known?.reason !== undefined && { reason: known.reason }),
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
    hint: failure.hint ?? 'Check the cable and the board, then reconnect the session if it does not come back by itself.',
    sessionId,
  })
}

/** `attempt`: the attempt to reconnect that is under way or next, where the board was lost. */
export function sessionNotReady({ sessionId, name }: Subject, state: SessionState, attempt: number | null = null): MusterError {
  const standing = attempt === null ? state : `${state}, at attempt ${attempt} to reconnect,`
  return new MusterError({
    code: 'SessionNotReady',
    ...(isOver(state) && { reason: 'session-closed' as const }),
    message: `The session with ${name} is ${standing} and does nothing now.`,
    hint: isOver(state)
      ? 'Open the port again.'
      : state === 'Error'
        ? 'Reconnect the session, or close it and open the port again.'
        : 'Wait until the session is ready.',
    sessionId,
  })
}

export function groupHasNoBoard({ sessionId, name }: Subject): MusterError {
  return new MusterError({
    code: 'SessionNotReady',
    reason: 'group-session',
    message: `The session with ${name} has no board: it holds other sessions together.`,
    hint: 'Choose one of its sessions.',
    sessionId,
  })
}

export function leaseHasExpired({ sessionId, name }: Subject): MusterError {
  return new MusterError({
    code: 'SessionNotReady',
    reason: 'lease-expired',
    message: `The lease of the session with ${name} has expired: it closes when the running execution has ended.`,
    hint: 'Extend the lease, and try again.',
    sessionId,
  })
}

export function boardAbsent({ sessionId, name }: Subject): MusterError {
  return new MusterError({
    code: 'OpenFailed',
    reason: 'not-present',
    message: `${sentence(name)} could not be connected again: it is not there.`,
    hint: 'Plug the board in. If it is, look whether its port is in the list.',
    retry: true,
    sessionId,
  })
}

export function pathTaken({ sessionId, name }: Subject, path: string): MusterError {
  return new MusterError({
    code: 'OpenFailed',
    reason: 'port-in-use',
    message: `${sentence(name)} could not be connected again: another session has ${path}.`,
    hint: 'Close that session, and reconnect this one.',
    retry: true,
    sessionId,
  })
}

export function anotherBoard({ sessionId, name }: Subject): MusterError {
  return new MusterError({
    code: 'OpenFailed',
    reason: 'another-board',
    message: `${sentence(name)} could not be connected again: another board is on this port.`,
    hint: 'Plug the first board in again, or close this session and open the port for the other board.',
    retry: true,
    sessionId,
  })
}

export function closedWhileConnecting({ sessionId, name }: Subject): MusterError {
  return new MusterError({
    code: 'OpenFailed',
    reason: 'cancelled',
    message: `${sentence(name)} was not connected again: its session was closed.`,
    sessionId,
  })
}

export function cancelledBeforeBegin({ sessionId, name }: Subject): MusterError {
  return new MusterError({
    code: 'OperationCancelled',
    reason: 'cancelled',
    message: `The execution on ${name} was cancelled before it began.`,
    sessionId,
  })
}

/** Something was asked for that needs the board's prompt. */
export function sessionWatches({ sessionId, name }: Subject): MusterError {
  return new MusterError({
    code: 'SessionNotReady',
    reason: 'watching',
    message: `The session with ${name} only watches its board: the board's own program runs, and is left alone.`,
    hint: 'Take the board over first. That interrupts its program.',
    sessionId,
  })
}

export function notTakenOver({ sessionId, name }: Subject, cause: ProtocolError): MusterError {
  return new MusterError(
    {
      code: 'OperationFailed',
      reason: cause.reason,
      message: `${sentence(name)} could not be taken over, and is watched as before. ${cause.message}`,
      ...(cause.hint !== undefined && { hint: cause.hint }),
      retry: true,
      sessionId,
    },
    { cause },
  )
}

/** The board has not got what was called. */
export function resetMissing({ sessionId, name }: Subject, called: 'reset' | 'bootloader'): MusterError {
  return new MusterError({
    code: 'OperationFailed',
    reason: 'not-supported',
    message: `${sentence(name)} can't do this by itself: it has no machine.${called}().`,
    hint:
      called === 'reset'
        ? 'Press its reset button, or unplug it and plug it in again. A soft reset is possible.'
        : 'Hold its boot button while you press reset, or while you plug it in.',
    sessionId,
  })
}

/** A board that does not come to its prompt, on a port that can't reset it. */
export function noPulse({ sessionId, name }: Subject): MusterError {
  return new MusterError({
    code: 'OperationFailed',
    reason: 'not-supported',
    message: `${sentence(name)} could not be reset: it does not come to its prompt, and this port has no line that resets it.`,
    hint: 'Press the reset button of the board, or unplug it and plug it in again.',
    sessionId,
  })
}

/** `exception`: what the board raised; empty when it just went on. */
export function resetFailed({ sessionId, name }: Subject, exception: string): MusterError {
  const said = exception.trimEnd().split('\n').at(-1)?.slice(0, SAID_MAX_CHARS) ?? ''
  return new MusterError({
    code: 'OperationFailed',
    message: `${sentence(name)} did not reset${said === '' ? ', and is at its prompt' : `. It said: ${said}`}.`,
    hint: 'Press its reset button, or unplug it and plug it in again.',
    sessionId,
  })
}

/** The board has gone by a reset that was asked for: no loss, although there is nothing to talk to. */
export function departed({ sessionId, name }: Subject, kind: ResetKind): MusterError {
  const isLoader = kind === 'bootloader'
  return new MusterError({
    code: 'OperationFailed',
    reason: 'restarted',
    message: isLoader
      ? `${sentence(name)} is in bootloader mode, as asked.`
      : `${sentence(name)} was reset, as asked, and its port went with it.`,
    hint: isLoader
      ? 'Copy new firmware to it, or press its reset button. Then reconnect the session.'
      : 'It is connected again by itself as soon as it is back, where that is turned on.',
    sessionId,
  })
}

/** A filter's error is told as it is. */
export function writeFailedOf({ sessionId, name }: Subject, cause: unknown): MusterError {
  if (cause instanceof MusterError) return cause
  const known = wireErrorOf(cause)
  return new MusterError(
    {
      code: 'WriteFailed',
      ...(known && { reason: known.reason }),
      message: `The bytes did not reach ${name}. ${known?.message ?? 'Muster met an error of its own; its log has the details.'}`,
      ...(known?.hint !== undefined && { hint: known.hint }),
      sessionId,
    },
    { cause },
  )
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

export function writesFull({ sessionId, name }: Subject): MusterError {
  return new MusterError({
    code: 'QueueFull',
    message: `More bytes wait to be sent to ${name} than may wait there; these were not added.`,
    hint: 'Wait until the board has taken some.',
    retry: true,
    sessionId,
  })
}

/** As the beginning of a sentence. A label stays as it is: `sim-01` is not called `Sim-01`. */
export function sentence(name: string): string {
  return name.replace(/^the /, 'The ')
}

export function seconds(durationMs: number): string {
  const value = durationMs / 1_000
  return value === 1 ? '1 second' : `${value} seconds`
}

/** What the transport or the protocol said; null for anything else. */
function wireErrorOf(cause: unknown): TransportError | ProtocolError | null {
  return cause instanceof TransportError || cause instanceof ProtocolError ? cause : null
}

function isOver(state: SessionState): boolean {
  return state === 'Disconnecting' || state === 'Disconnected' || state === 'Disposed'
}
