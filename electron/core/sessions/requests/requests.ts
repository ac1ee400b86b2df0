import type { OpenInput } from '../../../../shared/contract'
import {
  BAUD_RATE_MAX,
  BAUD_RATE_MIN,
  MAX_CODE_BYTES,
  MAX_PORT_PATH_CHARS,
  OPERATION_TIMEOUT_MAX_MS,
  OPERATION_TIMEOUT_MIN_MS,
} from '../../../../shared/limits'
import type { Backend, PortInfo, SessionMetadata, SessionOptions } from '../../../../shared/model'
import type { Settings } from '../../config/settings'
import { type LineSettings, withLinePolicy } from '../../transport/line-settings'
import { anotherDevice, deviceAbsent } from '../manager/manager-errors'
import { invalidArgument, nameOf } from '../session-errors'
import type { PortLookup } from './port-lookup'
import { readMetadata } from './requests-metadata'
import { readSessionOptions } from './requests-options'

/** What is to be opened, with every default filled in. */
export interface OpenRequest {
  /** Empty for a group session. */
  readonly port: string
  readonly portLabel: string
  readonly backend: Backend
  readonly baudRate: number
  /** Empty for a group session. */
  readonly deviceKey: string
  /** Board and port as a person says them. */
  readonly name: string
  readonly clientSessionName: string
  readonly clientCorrelationId: string
  readonly clientIdentity: string
  readonly metadata: SessionMetadata
  readonly options: SessionOptions
  readonly line: LineSettings
}

export interface OpenContext {
  readonly settings: Settings
  readonly ports: PortLookup
  /** Who opens. */
  readonly client: string
}

/** What a port and a device key in a call mean together. */
export interface Target {
  readonly port: string
  readonly deviceKey: string
  readonly known: PortInfo | undefined
}

/** Data source of a group session that names none. */
const GROUP_DATA_SOURCE = 'group'

/** Throws `InvalidArgument`, or `OpenFailed` for a device that is not there. A path that nobody knows is a serial port. */
export function readOpenRequest(input: OpenInput, context: OpenContext): OpenRequest {
  const { settings, client } = context
  const common = {
    clientSessionName: input.clientSessionName?.trim() ?? '',
    clientCorrelationId: input.clientCorrelationId ?? '',
    clientIdentity: client,
    options: readSessionOptions(input.options, settings.session),
  }
  const { line, defaultBaudRate } = settings.transport
  if (input.backend === 'none') {
    if (input.port !== undefined || input.deviceKey !== undefined) throw invalidArgument('A group session has no port.')
    const metadata = readMetadata(input.metadata, settings.metadata, GROUP_DATA_SOURCE)
    const name = `the group “${common.clientSessionName || metadata.identifier || metadata.dataSource}”`
    const baudRate = readBaudRate(input.baudRate ?? defaultBaudRate)
    return { ...common, port: '', portLabel: '', backend: 'none', deviceKey: '', name, metadata, line, baudRate }
  }
  const { port, deviceKey, known } = readTarget(input, context)
  const backend = input.backend ?? known?.backend ?? (port.startsWith('simulated:') ? 'simulated' : settings.transport.defaultBackend)
  const refusal = context.ports.refusal({ path: port, backend, usb: known?.usb ?? null })
  if (refusal !== null) throw invalidArgument(refusal)
  return {
    ...common,
    port,
    portLabel: known?.label ?? '',
    backend,
    deviceKey,
    name: nameOf(port, known?.label),
    metadata: readMetadata(input.metadata, settings.metadata, deviceKey),
    // What a person has set for this board or port comes before what is configured for all.
    line: known === undefined ? line : withLinePolicy(line, known.settings.lines),
    baudRate: readBaudRate(input.baudRate ?? known?.settings.baudRate ?? defaultBaudRate),
  }
}

/** The port that is meant: as given, else where the device is, else the configured one. */
export function readTarget(input: Pick<OpenInput, 'port' | 'deviceKey'>, { settings, ports }: OpenContext): Target {
  if (input.port === undefined && input.deviceKey !== undefined) {
    const located = ports.locate(readText(input.deviceKey, 'device key'))
    if (located === null) throw deviceAbsent(input.deviceKey)
    return { port: located, deviceKey: input.deviceKey, known: ports.find(located) }
  }
  const typed = readText(input.port ?? settings.transport.defaultPort, 'port')
  const known = ports.find(typed)
  const port = known?.path ?? typed
  const deviceKey = known?.deviceKey ?? `path:${port}`
  if (input.deviceKey !== undefined && input.deviceKey !== deviceKey) throw anotherDevice(port, input.deviceKey)
  return { port, deviceKey, known }
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

function readText(text: string, what: string): string {
  if (text.trim() === '') throw invalidArgument(`No ${what} was given.`)
  if (text.length > MAX_PORT_PATH_CHARS) throw invalidArgument(`A ${what} has at most ${MAX_PORT_PATH_CHARS} characters.`)
  return text
}

function readBaudRate(baudRate: number): number {
  if (Number.isInteger(baudRate) && baudRate >= BAUD_RATE_MIN && baudRate <= BAUD_RATE_MAX) return baudRate
  throw invalidArgument(`${baudRate} is no baud rate: whole numbers from ${BAUD_RATE_MIN} to ${BAUD_RATE_MAX} are.`)
}

function readOperationTimeout(timeoutMs: number | undefined, defaultMs: number): number {
  if (timeoutMs === undefined || timeoutMs <= 0) return defaultMs
  if (timeoutMs >= OPERATION_TIMEOUT_MIN_MS && timeoutMs <= OPERATION_TIMEOUT_MAX_MS) return timeoutMs
  throw invalidArgument(`The time limit of an execution is ${OPERATION_TIMEOUT_MIN_MS} to ${OPERATION_TIMEOUT_MAX_MS} ms.`)
}
