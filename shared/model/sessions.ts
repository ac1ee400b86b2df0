import type { ErrorCode, ErrorReason } from '../errors'
import type { RunningExecution, RunningTask } from './executions'
import type { FilterInfo } from './filters'
import type { Backend } from './ports'
import type { SessionOptions } from './session-options'
import type { SessionStatistics } from './statistics'

export type SessionState =
  | 'Created'
  | 'Connecting'
  | 'Connected'
  | 'Active'
  | 'Idle'
  | 'Disconnecting'
  | 'Disconnected'
  | 'Error'
  | 'Disposed'

/** What a session in `Connecting` is doing. */
export type ConnectPhase = 'starting' | 'waitingForPort' | 'handshaking' | 'initializing'

/** What a board can do beyond running code; asked for right after connecting, each guarded. */
export type BoardFeature =
  /** `binascii.a2b_base64`, `deflate.DeflateIO`, `hashlib.sha256`, `binascii.crc32`. */
  | 'base64'
  | 'deflate'
  | 'sha256'
  | 'crc32'
  /** `sys.stdin.buffer` and `sys.stdout.buffer`: any byte, unchanged. */
  | 'binaryInput'
  | 'binaryOutput'
  /** `micropython.kbd_intr`, `select.poll`, `vfs.rom_ioctl`. */
  | 'kbdIntr'
  | 'poll'
  | 'romfs'
  /** `os.rename`, `os.mkdir`, `os.stat`, `os.statvfs`: the micro:bit of 2017 has none of them. */
  | 'rename'
  | 'folders'
  | 'stat'
  | 'statvfs'
  /** `mip`, with which packages are installed over the network. */
  | 'mip'

/** Why the board has started, as far as it can tell (`machine.reset_cause()`). */
export type ResetCause = 'power-on' | 'hard' | 'watchdog' | 'deep-sleep' | 'soft' | 'other'

/** What the board said of itself right after connecting. Every item may be missing. */
export interface BoardIdentity {
  /** `sys.implementation.name`, for example `micropython`. */
  readonly name: string | null
  /** Dotted version, for example `1.27.0`. */
  readonly version: string | null
  /** `sys.implementation._machine`. */
  readonly machine: string | null
  /** `machine.unique_id()` as lower-case hex. */
  readonly uniqueId: string | null
  readonly freeMemoryBytes: number | null
  /** `sys.platform`, for example `rp2`. */
  readonly platform: string | null
  /** `sys.implementation._build`, for example `RPI_PICO_W` (since 1.25). */
  readonly build: string | null
  /** Version of `.mpy` files that it takes, for example `6.3`, and their architecture where native code is possible. */
  readonly mpyVersion: string | null
  readonly mpyArchitecture: string | null
  readonly frequencyHz: number | null
  readonly resetCause: ResetCause | null
  /** Of the file system at `/`. */
  readonly flashTotalBytes: number | null
  readonly flashFreeBytes: number | null
  readonly features: readonly BoardFeature[]
}

/** What tells this board from all others, from the strongest to the weakest. */
export type IdentityLevel = 'uniqueId' | 'usbSerial' | 'usbPath' | 'port'

/** One identity of a board, from what it says itself and what its USB plug says. */
export interface BoardKey {
  readonly level: IdentityLevel
  /** The unique id or the serial number in lower-case hex with colons, the USB path, or the port. */
  readonly text: string
  /** Whether the unique id and the USB serial number belong together; `unknown` where one is missing or its family's rule is not known. */
  readonly usbSerial: 'agrees' | 'differs' | 'unknown'
}

/** `prompt`: Muster has the board's prompt. `watching`: the board's program is left alone, and only what it prints is read. */
export type SessionAttachment = 'prompt' | 'watching'

/** `soft`: a new interpreter, boot.py runs, main.py does not. `restart`: main.py runs as well, and is watched. */
export type ResetKind = 'soft' | 'restart' | 'hard' | 'bootloader'

/** Something that happened to a board by itself. */
export interface BoardNotice {
  readonly kind: 'restarted' | 'boot-loop' | 'watchdog' | 'output-lost'
  /** A full sentence. */
  readonly text: string
}

export interface SessionFault {
  readonly code: ErrorCode
  readonly reason: ErrorReason | null
  readonly message: string
  readonly hint: string | null
  readonly at: number
  /** A final fault leaves only closing. */
  readonly final: boolean
}

/** Why a connection or a session ended. Only the first three of the second line bring a reconnect by themselves. */
export type DisconnectReason =
  | 'client-close'
  | 'lease-expired'
  | 'gateway-shutdown'
  | 'idle-timeout'
  | 'open-failed'
  | 'pool-evicted'
  | 'killed'
  | 'unexpected'
  | 'health-check-failed'
  | 'heartbeat-lost'

/** What a person or a program says about a session. `dataSource`, `type` and `version` are fixed once it is open. */
export interface SessionMetadata {
  readonly dataSource: string
  readonly type: string
  readonly version: number
  readonly utcOffsetSeconds: number
  readonly identifier: string
  readonly details: Readonly<Record<string, string>>
  /** Keys of the sessions that belong to this one. */
  readonly associateSessionKeys: readonly string[]
}

export interface SessionLease {
  /** Wall-clock time; null for never. */
  readonly expiresAt: number | null
  /** It has expired, and the session closes as soon as the running execution has settled. */
  readonly isPending: boolean
}

export interface SessionHealth {
  /** Ready, the last probe was answered (or none was made yet), and no lease is about to end it. */
  readonly isHealthy: boolean
  readonly lastProbe: { readonly at: number; readonly ok: boolean; readonly durationMs: number } | null
  readonly lastHeartbeatAt: number | null
}

/** Where a lost session stands on its way back. Null in a snapshot while the session has no need of it. */
export interface ReconnectStatus {
  /** The attempt under way or next, from 1. */
  readonly attempt: number
  readonly maxAttempts: number
  /** `waiting`: for the delay; `absent`: for the board to appear; `exhausted` and `off`: for the user. */
  readonly stage: 'waiting' | 'absent' | 'connecting' | 'exhausted' | 'off'
  /** When the next attempt is made, if that is known. */
  readonly nextAttemptAt: number | null
}

/** What the pool does with a session: handed out by token, kept open for the next one, or nothing of both. */
export type PoolRole = 'none' | 'inUse' | 'warm'

export interface SessionSnapshot {
  /** `session-` and 32 hex digits. */
  readonly sessionId: string
  readonly deviceKey: string
  readonly port: string
  /** What the list called the port when it was opened: the board's name also when the port has gone. Empty if not listed. */
  readonly portLabel: string
  readonly backend: Backend
  readonly baudRate: number | null
  readonly clientSessionName: string
  readonly clientCorrelationId: string
  /** Who opened it: the id of a window, `pool`, or empty for Muster itself. */
  readonly clientIdentity: string
  readonly metadata: SessionMetadata
  readonly state: SessionState
  /** Only in `Connecting`. */
  readonly phase: ConnectPhase | null
  readonly stateSince: number
  readonly openedAt: number
  readonly connectedAt: number | null
  readonly fault: SessionFault | null
  /** As reported at the last connect: cached once the session is lost. */
  readonly board: BoardIdentity | null
  /** Null until the board was identified. */
  readonly identity: BoardKey | null
  readonly attachment: SessionAttachment
  readonly running: RunningExecution | null
  readonly task: RunningTask | null
  readonly queuedExecutions: number
  readonly lease: SessionLease
  readonly health: SessionHealth
  readonly reconnect: ReconnectStatus | null
  readonly pool: PoolRole
  readonly autoReconnect: boolean
  readonly idleTimeoutMs: number | null
  /** The last use by a person or a program: what `idleTimeoutMs` counts from. */
  readonly lastUsedAt: number
  readonly statistics: SessionStatistics
}

export interface StateChange {
  readonly at: number
  readonly state: SessionState
  readonly phase: ConnectPhase | null
}

/** A session in full, for whoever looks at one. */
export interface SessionInfo {
  readonly snapshot: SessionSnapshot
  readonly options: SessionOptions
  /** The latest `STATE_HISTORY_LIMIT` changes, oldest first. */
  readonly history: readonly StateChange[]
  readonly filters: readonly FilterInfo[]
}

export interface CloseResult {
  readonly sessionId: string
  readonly finalState: 'Closed'
  readonly state: SessionState
  readonly alreadyClosed: boolean
  readonly reason: DisconnectReason
  readonly killed: boolean
}
