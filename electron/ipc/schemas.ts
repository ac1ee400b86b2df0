import * as z from 'zod'
import type { CommandInput, CommandName, EventName, EventParams } from '../../shared/contract'
import { MAX_PORT_PATH_CHARS, TRANSFER_FILES_MAX } from '../../shared/limits'
import type { JsonValue } from '../../shared/model'
import type { BridgeCommands } from '../../shared/wire'

/**
 * What the page may send. A schema says what has the right form; whether a port exists, a baud rate is possible or a
 * snippet is too long is the core's to say, in words for a person.
 */
const ID_MAX_CHARS = 128
const NAME_MAX_CHARS = 256
const TEXT_MAX_CHARS = 4_096
const FILE_NAMES_MAX = 10_000

const nothing = z.strictObject({})
const id = z.string().min(1).max(ID_MAX_CHARS)
const name = z.string().max(NAME_MAX_CHARS)
const text = z.string().max(TEXT_MAX_CHARS)
const session = z.strictObject({ sessionId: id })
const portPath = z.string().max(MAX_PORT_PATH_CHARS)
const outputPosition = z.int().min(0)
/** Absolute wall-clock milliseconds, in the range of a `Date`. */
const moment = z.number().min(0).max(8.64e15)
const bytes = z.custom<Uint8Array>(value => value instanceof Uint8Array, 'no bytes')
const json = z.custom<JsonValue>(isJson, 'not what JSON can say')

const filterSpec = z.strictObject({
  name,
  type: z.enum(['logging', 'stats', 'rateLimit', 'textCodec']),
  settings: z.record(name, z.union([z.string(), z.number(), z.boolean()])).optional(),
})
const filterPlace = z.union([
  z.strictObject({ at: z.enum(['first', 'last']) }),
  z.strictObject({ before: name }),
  z.strictObject({ after: name }),
])
const metadata = z.strictObject({
  dataSource: text.optional(),
  type: name.optional(),
  version: z.number().optional(),
  utcOffsetSeconds: z.number().optional(),
  identifier: text.optional(),
  details: z.record(z.string(), z.string()).optional(),
  associateSessionKeys: z.array(id).optional(),
})
const liveOptions = z.strictObject({
  autoReconnect: z.boolean().optional(),
  idleTimeoutMs: z.number().nullable().optional(),
  readerIdleMs: z.number().optional(),
  writerIdleMs: z.number().optional(),
  bothIdleMs: z.number().optional(),
  watchdogFeed: z.string().optional(),
})
const options = liveOptions.extend({
  connectionTimeoutMs: z.number().optional(),
  operationTimeoutMs: z.number().optional(),
  shutdownTimeoutMs: z.number().optional(),
  writeTimeoutMs: z.number().optional(),
  maxReconnectAttempts: z.number().optional(),
  reconnectDelayMs: z.number().optional(),
  profile: z.enum(['standard', 'longRunning']).optional(),
  healthChecks: z.boolean().optional(),
  healthCheckIntervalMs: z.number().optional(),
  heartbeatIntervalMs: z.number().nullable().optional(),
  heartbeatGraceMs: z.number().optional(),
  leaseDurationMs: z.number().nullable().optional(),
  throughputIntervalMs: z.number().optional(),
  maxPendingOperations: z.number().optional(),
  eventQueueCapacity: z.number().optional(),
  maxMessageBytes: z.number().optional(),
  initSnippet: z.string().optional(),
  attributeStore: z.enum(['memory', 'file']).optional(),
  attach: z.enum(['interrupt', 'watch']).optional(),
  filters: z.array(filterSpec).optional(),
})

/** A path on a board or below a folder of the computer; whether it is one is the core's to say. */
const filePath = z.string().max(MAX_PORT_PATH_CHARS)
const fileNames = z.array(filePath).max(FILE_NAMES_MAX)
const boardFile = z.strictObject({ sessionId: id, path: filePath })
const sha256 = z.string().length(64)
const place = z.strictObject({ folderId: id, path: filePath })
const direction = z.enum(['toBoard', 'fromBoard'])
const conflict = z.enum(['ask', 'replace', 'skip'])
const transferIndex = z.int().min(0)

export const commandSchemas = matchingCommands({
  'app:info': nothing,

  'ports:list': z.strictObject({ refresh: z.boolean().optional() }),
  'ports:add': z.strictObject({ path: portPath }),
  'ports:remove': z.strictObject({ path: portPath }),

  'ports:configure': z.strictObject({
    path: portPath,
    settings: z.strictObject({ lines: z.enum(['raise', 'lower', 'leave']).optional(), baudRate: z.number().nullable().optional() }),
  }),

  'simulated:start': z.strictObject({ count: z.int().min(1) }),
  'simulated:stop': z.strictObject({ path: portPath }),

  'sessions:open': z.strictObject({
    port: portPath.optional(),
    deviceKey: portPath.optional(),
    backend: z.enum(['serial', 'simulated', 'none']).optional(),
    baudRate: z.number().optional(),
    clientSessionName: name.optional(),
    clientCorrelationId: name.optional(),
    metadata: metadata.optional(),
    options: options.optional(),
  }),
  'sessions:close': z.strictObject({
    sessionId: id,
    mode: z.enum(['flush', 'now']).optional(),
    cascade: z.boolean().optional(),
    dataSource: text.optional(),
  }),
  'sessions:kill': session,
  'sessions:list': z.strictObject({ includeClosed: z.boolean().optional(), dataSource: text.optional() }),
  'sessions:info': session,
  'sessions:exec': z.strictObject({
    sessionId: id,
    code: z.string(),
    timeoutMs: z.number().optional(),
    expect: z.enum(['json', 'value']).optional(),
  }),
  'sessions:cancel': z.strictObject({ sessionId: id, executionId: id.optional() }),
  'sessions:interrupt': z.strictObject({ sessionId: id, step: z.enum(['hold', 'next']) }),
  'sessions:reset': z.strictObject({ sessionId: id, kind: z.enum(['soft', 'restart', 'hard', 'bootloader']) }),
  'sessions:takeOver': session,
  'sessions:watch': session,
  'sessions:write': z.strictObject({ sessionId: id, data: z.union([z.string(), bytes]) }),
  'sessions:reconnect': session,
  'sessions:extendLease': z.strictObject({ sessionId: id, expiresAt: moment.nullable() }),
  'sessions:updateDetails': z.strictObject({ sessionId: id, details: z.record(z.string(), z.string().nullable()) }),
  'sessions:updateIdentifier': z.strictObject({ sessionId: id, identifier: z.string() }),
  'sessions:associate': z.strictObject({ sessionId: id, associateSessionKeys: z.array(id) }),
  'sessions:configure': z.strictObject({ sessionId: id, options: liveOptions }),
  'sessions:stats': session,

  'filters:list': session,
  'filters:add': z.strictObject({ sessionId: id, filter: filterSpec, place: filterPlace.optional() }),
  'filters:remove': z.strictObject({ sessionId: id, name }),
  'filters:replace': z.strictObject({ sessionId: id, name, filter: filterSpec }),
  'filters:move': z.strictObject({ sessionId: id, name, place: filterPlace }),
  'filters:clear': session,

  'attributes:list': session,
  'attributes:keys': session,
  'attributes:get': z.strictObject({ sessionId: id, key: z.string(), default: json.optional() }),
  'attributes:set': z.strictObject({ sessionId: id, key: z.string(), value: json }),
  'attributes:setIfAbsent': z.strictObject({ sessionId: id, key: z.string(), value: json }),
  'attributes:has': z.strictObject({ sessionId: id, key: z.string() }),
  'attributes:remove': z.strictObject({ sessionId: id, key: z.string() }),
  'attributes:update': z.strictObject({ sessionId: id, key: z.string(), add: z.number(), initial: z.number().optional() }),

  'pool:acquire': z.strictObject({ port: portPath.optional(), deviceKey: portPath.optional(), timeoutMs: z.number().optional() }),
  'pool:release': z.strictObject({ token: id }),
  'pool:stats': nothing,

  'notify:subscribe': z.strictObject({ kind: z.enum(['start', 'stop']), dataSource: text }),
  'notify:unsubscribe': z.strictObject({ subscriptionId: id }),

  'sampler:start': z.strictObject({
    sessionId: id,
    code: z.string(),
    intervalMs: z.number(),
    retryMs: z.number().optional(),
    timeoutMs: z.number().optional(),
  }),
  'sampler:stop': session,

  'history:list': z.strictObject({ sessionId: id.optional() }),
  'history:save': z.strictObject({ sessionId: id.optional(), format: z.enum(['jsonl', 'csv']) }),

  'files:list': boardFile,
  'files:stat': boardFile,
  'files:df': z.strictObject({ sessionId: id, path: filePath.optional() }),
  'files:tree': boardFile,
  'files:hash': boardFile,
  'files:mkdir': z.strictObject({ sessionId: id, path: filePath, parents: z.boolean().optional() }),
  'files:remove': z.strictObject({ sessionId: id, paths: fileNames, recursive: z.boolean().optional() }),
  'files:rename': z.strictObject({ sessionId: id, from: filePath, to: filePath, replace: z.boolean().optional() }),
  'files:read': boardFile,
  'files:write': z.strictObject({
    sessionId: id,
    path: filePath,
    data: z.union([z.string(), bytes]),
    ifSha256: sha256.nullable().optional(),
  }),
  'files:copy': z.strictObject({
    sessionId: id,
    direction,
    names: fileNames,
    local: place,
    boardFolder: filePath,
    conflict: conflict.optional(),
    always: z.boolean().optional(),
  }),
  'files:sync': z.strictObject({
    sessionId: id,
    direction,
    local: place,
    boardFolder: filePath,
    deleteStrays: z.boolean().optional(),
    conflict: conflict.optional(),
  }),
  'files:compare': z.strictObject({ sessionId: id, direction, local: place, boardFolder: filePath }),
  'files:resolve': z.strictObject({
    transferId: id,
    decision: z.enum(['replace', 'skip']),
    indices: z.array(transferIndex).max(TRANSFER_FILES_MAX).optional(),
  }),
  'files:cancel': z.strictObject({ transferId: id, index: transferIndex.optional() }),
  'files:retry': z.strictObject({ transferId: id }),
  'files:dismiss': z.strictObject({ transferId: id }),
  'packages:install': z.strictObject({ sessionId: id, name: text, version: name.optional(), target: filePath.optional() }),

  'local:folders': nothing,
  'local:choose': nothing,
  'local:forget': z.strictObject({ folderId: id }),
  'local:list': z.strictObject({ place }),
  'local:mkdir': z.strictObject({ place }),
  'local:rename': z.strictObject({ place, name: filePath }),
  'local:trash': z.strictObject({ place, names: fileNames }),
  'local:beginDrop': nothing,
  'local:addDropped': z.strictObject({ place, offset: z.int().min(0), data: bytes.nullable() }),

  'metrics:text': nothing,
  'metrics:snapshot': nothing,

  'config:get': nothing,
  'config:set': z.strictObject({ key: name, value: json.optional(), reset: z.boolean().optional() }),

  'windows:open': nothing,

  'output:ack': z.strictObject({ sessionId: id, upTo: outputPosition }),
  'output:copy': session,
  'output:save': session,
  'output:clear': session,

  'manager:state': nothing,
  'manager:stats': nothing,
  'manager:health': nothing,
  'manager:shutdown': nothing,
})

export const eventSchemas = matchingEvents({
  'ports:changed': nothing,
  'sessions:changed': nothing,
  'manager:changed': nothing,
  'output:batch': z.strictObject({ sessionId: id, after: outputPosition, visible: z.boolean() }),
  'notify:notice': nothing,
  'history:entries': z.strictObject({ sessionId: id.nullable() }),
  'files:transfers': session,
  'sampler:samples': session,
  'config:changed': nothing,
  'metrics:samples': session,
  'menu:invoked': nothing,
})

/** Depth and size are bounded before a schema sees a value, and so is what it is made of. */
function isJson(value: unknown): boolean {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) return Object.values(value).every(isJson)
  return value === null || typeof value === 'boolean' || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
}

const EVENT_NAMES = Object.keys(eventSchemas) as [EventName, ...EventName[]]

export const bridgeSchemas = {
  'events:subscribe': z.strictObject({ subscription: z.int().min(0), name: z.enum(EVENT_NAMES), params: z.unknown() }),
  'events:unsubscribe': z.strictObject({ subscription: z.int().min(0) }),
} satisfies { readonly [N in keyof BridgeCommands]: z.ZodType<BridgeCommands[N]['input']> }

/** The same shape with `readonly` taken off throughout: schemas don't say it, the contract always does. JSON has no end and stays. */
type Plain<T> = [JsonValue] extends [T] ? T : Writable<T>
type Writable<T> = T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T

/** Exactly equal, unlike assignable: an optional key that one side lacks is a difference. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Schemas whose input type differs from the contract's become `never`, which nothing fits. */
export type Matching<Schemas, Inputs> = {
  readonly [Name in keyof Schemas]: Name extends keyof Inputs
    ? Same<Plain<z.input<Schemas[Name]>>, Plain<Inputs[Name]>> extends true
      ? Schemas[Name]
      : never
    : never
}

type CommandInputs = { readonly [N in CommandName]: CommandInput<N> }
type EventParameters = { readonly [N in EventName]: EventParams<N> }

/** Does not compile when a command has no schema, or one whose input differs from the contract's. */
export function matchingCommands<const S extends { readonly [N in CommandName]: z.ZodType<CommandInput<N>> }>(
  schemas: S & Matching<S, CommandInputs>,
): S {
  return schemas
}

/** The same for the parameters of events. */
export function matchingEvents<const S extends { readonly [N in EventName]: z.ZodType<EventParams<N>> }>(
  schemas: S & Matching<S, EventParameters>,
): S {
  return schemas
}
