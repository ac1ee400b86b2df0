import type { ErrorCode, ErrorInfo, ErrorReason } from '../../shared/errors'

/** One heading per code. The sentence with port, cause and next step comes with the error. */
const TITLES: Readonly<Record<ErrorCode, string>> = {
  SessionNotFound: 'This session is no longer there',
  SessionNotReady: 'The board is not ready',
  SessionLimitExceeded: 'All sessions are in use',
  OpenFailed: 'The port could not be opened',
  CloseFailed: 'The port did not close',
  ManagerNotActive: 'Muster is closing its sessions',
  ManagerDisposed: 'Muster has ended its sessions',
  InvalidArgument: 'This input was refused',
  OperationTimeout: 'The time limit was reached',
  OperationFailed: 'The code did not finish',
  OperationCancelled: 'The code was stopped',
  QueueFull: 'Too many runs are waiting',
  WriteFailed: 'The board does not take any data',
  PoolTimeout: 'No session became free in time',
  FilterError: 'The filters were left as they are',
  FileFailed: 'The file was left as it was',
  ServiceDisabled: 'This is switched off in the settings',
  ConfigInvalid: 'The setting was left as it is',
  'bad-request': 'This request was refused',
  'unknown-command': 'This version does not know the request',
  forbidden: 'This window may not ask for that',
  'too-large': 'This is too large to send at once',
  'host-gone': 'Muster does not answer',
  internal: 'Muster has a defect here',
}

/** Finer headings, where the cause is known and says more than the code. */
const REASON_TITLES: Readonly<Partial<Record<ErrorReason, string>>> = {
  'not-found': 'The port is not there',
  'not-a-serial-port': 'This is not a serial port',
  'permission-denied': 'No permission for this port',
  'port-in-use': 'The port is in use',
  'no-reply': 'The board does not answer',
  'not-micropython': 'No MicroPython on this board',
  'too-many-simulated': 'No further simulated board can be started',
  'another-board': 'Another board is on this port',
  'not-present': 'The board is not there',
  'read-only': 'The settings file can only be read',
  'unknown-filter': 'There is no such filter',
  'duplicate-name': 'This name is taken',
  'type-mismatch': 'These filters do not fit together',
  'not-json': 'This is not JSON',
  'reply-too-large': 'The answer is too large',
  parse: 'The answer could not be read',
  'group-session': 'A group has no board',
  cycle: 'A group cannot belong to itself',
  'lease-expired': 'The lease has ended',
  'empty-code': 'There is no code to run',
  'code-too-large': 'The code is too large',
  disconnected: 'The board was disconnected',
  'file-not-found': 'It is not there',
  'file-exists': 'The name is taken',
  'not-a-folder': 'This is not a folder',
  'is-a-folder': 'This is a folder',
  'folder-not-empty': 'The folder is not empty',
  'disk-full': 'There is no room left on the board',
  'read-only-files': 'These files can only be read',
  'bad-file-name': 'This name can’t be used',
  'file-too-large': 'The file is too large',
  'file-changed': 'The file has changed meanwhile',
  'file-damaged': 'What arrived is not what was sent',
  'no-memory': 'The board has too little memory free',
  'not-supported': 'This board can’t do that',
  'local-file': 'The computer refused',
}

export function errorTitle(error: Pick<ErrorInfo, 'code' | 'reason'>): string {
  const byReason = error.reason === undefined ? undefined : REASON_TITLES[error.reason]
  return byReason ?? TITLES[error.code]
}

/** The part of a hint that can be pasted into a shell: what stands between backticks. */
export function commandInHint(hint: string | undefined): string | null {
  return hint === undefined ? null : (/`([^`]+)`/.exec(hint)?.[1] ?? null)
}

/** A hint as plain text, without the marks around its command. */
export function hintText(hint: string): string {
  return hint.replaceAll('`', '')
}
