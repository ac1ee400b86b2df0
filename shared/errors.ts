/** Codes of the session manager: what a caller can decide on. */
export const DOMAIN_ERROR_CODES = [
  'SessionNotFound',
  'SessionNotReady',
  'SessionLimitExceeded',
  'OpenFailed',
  'CloseFailed',
  'ManagerNotActive',
  'ManagerDisposed',
  'InvalidArgument',
  'OperationTimeout',
  'OperationFailed',
  'OperationCancelled',
  'QueueFull',
  'WriteFailed',
  'PoolTimeout',
  'FilterError',
  'FileFailed',
  'ServiceDisabled',
  'ConfigInvalid',
] as const

/** Codes of the bridge itself: the call never reached a handler, or the handler broke. */
export const BRIDGE_ERROR_CODES = ['bad-request', 'unknown-command', 'forbidden', 'too-large', 'host-gone', 'internal'] as const

export type DomainErrorCode = (typeof DOMAIN_ERROR_CODES)[number]
export type BridgeErrorCode = (typeof BRIDGE_ERROR_CODES)[number]
export type ErrorCode = DomainErrorCode | BridgeErrorCode

/** The finer cause behind a code. */
export type ErrorReason =
  | 'not-found'
  | 'not-a-serial-port'
  | 'permission-denied'
  | 'port-in-use'
  | 'port-error'
  | 'no-reply'
  | 'not-micropython'
  | 'timeout'
  | 'disconnected'
  | 'closed-during-open'
  | 'cancelled'
  | 'session-closed'
  | 'shutdown'
  | 'restarted'
  | 'control-character'
  | 'empty-code'
  | 'code-too-large'
  | 'too-many-simulated'
  | 'killed'
  | 'another-board'
  | 'not-present'
  | 'parse'
  | 'unknown-filter'
  | 'duplicate-name'
  | 'type-mismatch'
  | 'hook-failed'
  | 'store-failed'
  | 'read-only'
  | 'not-json'
  | 'reply-too-large'
  | 'lease-expired'
  | 'cycle'
  | 'group-session'
  /** The session only watches its board. */
  | 'watching'
  /** Files, on the board or on the computer. */
  | 'file-not-found'
  | 'file-exists'
  | 'not-a-folder'
  | 'is-a-folder'
  | 'folder-not-empty'
  | 'disk-full'
  | 'read-only-files'
  | 'bad-file-name'
  | 'file-too-large'
  | 'file-changed'
  | 'file-damaged'
  | 'no-memory'
  | 'not-supported'
  | 'local-file'

/** What crosses the bridge instead of a thrown error. */
export interface ErrorInfo {
  readonly code: ErrorCode
  readonly reason?: ErrorReason
  /** What failed, on which board and port, and why. A full sentence. */
  readonly message: string
  /** What to do next, where something can be done. */
  readonly hint?: string
  /** Whether the same call may succeed when it is repeated. */
  readonly retry?: boolean
  /** Output received before a time-out, a cancel or a loss. */
  readonly output?: string
  readonly sessionId?: string
  readonly executionId?: string
}

/** The one error class of the core. Everything else that is thrown is a defect and becomes `internal`. */
export class MusterError extends Error {
  override readonly name = 'MusterError'
  override readonly cause: unknown

  constructor(
    readonly info: ErrorInfo,
    options?: { readonly cause?: unknown },
  ) {
    super(info.message)
    this.cause = options?.cause
  }

  get code(): ErrorCode {
    return this.info.code
  }

  get reason(): ErrorReason | undefined {
    return this.info.reason
  }
}

/** For the default branch of a `switch` over a union: a new member without a case does not compile. */
export function assertNever(value: never, what: string): never {
  throw new Error(`Unexpected ${what}: ${JSON.stringify(value)}`)
}
