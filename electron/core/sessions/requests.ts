import type { OpenInput } from '../../../shared/contract'
import {
  BAUD_RATE_MAX,
  BAUD_RATE_MIN,
  CONNECTION_TIMEOUT_MAX_MS,
  CONNECTION_TIMEOUT_MIN_MS,
  CONNECTION_TIMEOUT_MS,
  DEFAULT_BAUD_RATE,
  MAX_CODE_BYTES,
  MAX_PORT_PATH_CHARS,
  OPERATION_TIMEOUT_MAX_MS,
  OPERATION_TIMEOUT_MIN_MS,
  OPERATION_TIMEOUT_MS,
} from '../../../shared/limits'
import type { Backend, PortInfo } from '../../../shared/model'
import { invalidArgument, nameOf } from './session-errors'

/** What is to be opened, with every default filled in. */
export interface OpenRequest {
  readonly port: string
  readonly portLabel: string
  readonly backend: Backend
  readonly baudRate: number
  readonly deviceKey: string
  /** Board and port as a person says them. */
  readonly name: string
  readonly clientSessionName: string
  readonly connectionTimeoutMs: number
  readonly operationTimeoutMs: number
}

/** Throws `InvalidArgument`. The port may be listed or not: a path that nobody knows is a serial port. */
export function readOpenRequest(input: OpenInput, lookUpPort: (path: string) => PortInfo | undefined): OpenRequest {
  const { port } = input
  if (port.trim() === '') throw invalidArgument('No port was given.')
  if (port.length > MAX_PORT_PATH_CHARS) throw invalidArgument(`A port path has at most ${MAX_PORT_PATH_CHARS} characters.`)
  const baudRate = input.baudRate ?? DEFAULT_BAUD_RATE
  if (!Number.isInteger(baudRate) || baudRate < BAUD_RATE_MIN || baudRate > BAUD_RATE_MAX) {
    throw invalidArgument(`${baudRate} is no baud rate: whole numbers from ${BAUD_RATE_MIN} to ${BAUD_RATE_MAX} are.`)
  }
  const known = lookUpPort(port)
  return {
    port,
    portLabel: known?.label ?? '',
    backend: input.backend ?? known?.backend ?? (port.startsWith('simulated:') ? 'simulated' : 'serial'),
    baudRate,
    deviceKey: known?.deviceKey ?? `path:${port}`,
    name: nameOf(port, known?.label),
    clientSessionName: input.clientSessionName?.trim() ?? '',
    connectionTimeoutMs: readConnectionTimeout(input.options?.connectionTimeoutMs),
    operationTimeoutMs: readOperationTimeout(input.options?.operationTimeoutMs, OPERATION_TIMEOUT_MS),
  }
}

/** What is to be run, with its time limit. A limit of nothing, 0 or less means the default. Throws `InvalidArgument`. */
export function readExecuteRequest(
  code: string,
  timeoutMs: number | undefined,
  defaultTimeoutMs: number,
): { code: string; timeoutMs: number } {
  if (code.trim() === '') throw invalidArgument('There is no code to run.', 'empty-code')
  if (Buffer.byteLength(code) > MAX_CODE_BYTES) {
    throw invalidArgument(
      `The code is longer than ${MAX_CODE_BYTES} bytes. Copy it to the board as a file and import it.`,
      'code-too-large',
    )
  }
  return { code, timeoutMs: readOperationTimeout(timeoutMs, defaultTimeoutMs) }
}

function readOperationTimeout(timeoutMs: number | undefined, defaultMs: number): number {
  if (timeoutMs === undefined || timeoutMs <= 0) return defaultMs
  if (timeoutMs >= OPERATION_TIMEOUT_MIN_MS && timeoutMs <= OPERATION_TIMEOUT_MAX_MS) return timeoutMs
  throw invalidArgument(`The time limit of an execution is ${OPERATION_TIMEOUT_MIN_MS} to ${OPERATION_TIMEOUT_MAX_MS} ms.`)
}

function readConnectionTimeout(timeoutMs = CONNECTION_TIMEOUT_MS): number {
  if (timeoutMs >= CONNECTION_TIMEOUT_MIN_MS && timeoutMs <= CONNECTION_TIMEOUT_MAX_MS) return timeoutMs
  throw invalidArgument(`The time limit for connecting is ${CONNECTION_TIMEOUT_MIN_MS} to ${CONNECTION_TIMEOUT_MAX_MS} ms.`)
}
