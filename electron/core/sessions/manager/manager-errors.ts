import { MusterError } from '../../../../shared/errors'
import { seconds, sentence } from '../session-errors'

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

export function deviceAbsent(deviceKey: string): MusterError {
  return new MusterError({
    code: 'OpenFailed',
    reason: 'not-present',
    message: `The board ${deviceKey} could not be opened: it is not connected, or more than one port has its number.`,
    hint: 'Connect the board, or open it by its port.',
    retry: true,
  })
}

export function anotherDevice(port: string, deviceKey: string): MusterError {
  return new MusterError({
    code: 'OpenFailed',
    reason: 'another-board',
    message: `${port} could not be opened: the board ${deviceKey} is not on it.`,
    hint: 'Leave out the port, or choose the port that the board is on now.',
  })
}

export function sessionsOff(): MusterError {
  return new MusterError({
    code: 'ServiceDisabled',
    message: 'No session was opened: session management is turned off.',
    hint: 'Turn on “deviceSessions.enableSessionManagement” in the settings.',
  })
}

export function integrationOff(what: string): MusterError {
  return new MusterError({
    code: 'ServiceDisabled',
    message: `${what} ended without effect: it is turned off.`,
    hint: 'Turn on “integrateSessionManagement” in the settings.',
  })
}

export function wrongDataSource(sessionId: string, name: string, dataSource: string): MusterError {
  return new MusterError({
    code: 'InvalidArgument',
    message: `The session with ${name} was not closed: its data source is not “${dataSource}”.`,
    hint: 'Leave out the data source, or give the one of the session.',
    sessionId,
  })
}

export function poolTimedOut(name: string, waitedMs: number): MusterError {
  return new MusterError({
    code: 'PoolTimeout',
    reason: 'timeout',
    message: waitedMs > 0 ? `No session for ${name} was free within ${seconds(waitedMs)}.` : `No session for ${name} is free now.`,
    hint: 'Wait until a session is given back or closed, or allow more time.',
    retry: true,
  })
}

export function acquireCancelled(name: string): MusterError {
  return new MusterError({
    code: 'OperationCancelled',
    reason: 'cancelled',
    message: `Waiting for a session for ${name} was cancelled.`,
  })
}
