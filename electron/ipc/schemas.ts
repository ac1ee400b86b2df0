import * as z from 'zod'
import type { CommandInput, CommandName, EventName, EventParams } from '../../shared/contract'
import { MAX_PORT_PATH_CHARS } from '../../shared/limits'
import type { BridgeCommands } from '../../shared/wire'

/**
 * What the page may send. A schema says what has the right form; whether a port exists, a baud rate is possible or a
 * snippet is too long is the core's to say, in words for a person.
 */
const ID_MAX_CHARS = 128
const NAME_MAX_CHARS = 256

const nothing = z.strictObject({})
const id = z.string().min(1).max(ID_MAX_CHARS)
const session = z.strictObject({ sessionId: id })
const portPath = z.string().max(MAX_PORT_PATH_CHARS)
const outputPosition = z.int().min(0)

export const commandSchemas = matchingCommands({
  'app:info': nothing,

  'ports:list': z.strictObject({ refresh: z.boolean().optional() }),
  'ports:add': z.strictObject({ path: portPath }),
  'ports:remove': z.strictObject({ path: portPath }),

  'simulated:start': z.strictObject({ count: z.int().min(1) }),
  'simulated:stop': z.strictObject({ path: portPath }),

  'sessions:open': z.strictObject({
    port: portPath,
    backend: z.enum(['serial', 'simulated']).optional(),
    baudRate: z.number().optional(),
    clientSessionName: z.string().max(NAME_MAX_CHARS).optional(),
    options: z.strictObject({ connectionTimeoutMs: z.number().optional(), operationTimeoutMs: z.number().optional() }).optional(),
  }),
  'sessions:close': z.strictObject({ sessionId: id, mode: z.enum(['flush', 'now']).optional() }),
  'sessions:kill': session,
  'sessions:list': z.strictObject({ includeClosed: z.boolean().optional() }),
  'sessions:info': session,
  'sessions:exec': z.strictObject({ sessionId: id, code: z.string(), timeoutMs: z.number().optional() }),
  'sessions:cancel': z.strictObject({ sessionId: id, executionId: id.optional() }),
  'sessions:stats': session,

  'output:ack': z.strictObject({ sessionId: id, upTo: outputPosition }),
  'output:copy': session,
  'output:save': session,
  'output:clear': session,

  'manager:state': nothing,
  'manager:stats': nothing,
})

export const eventSchemas = matchingEvents({
  'ports:changed': nothing,
  'sessions:changed': nothing,
  'manager:changed': nothing,
  'output:batch': z.strictObject({ sessionId: id, after: outputPosition, visible: z.boolean() }),
  'metrics:samples': session,
  'menu:invoked': nothing,
})

const EVENT_NAMES = Object.keys(eventSchemas) as [EventName, ...EventName[]]

export const bridgeSchemas = {
  'events:subscribe': z.strictObject({ subscription: z.int().min(0), name: z.enum(EVENT_NAMES), params: z.unknown() }),
  'events:unsubscribe': z.strictObject({ subscription: z.int().min(0) }),
} satisfies { readonly [N in keyof BridgeCommands]: z.ZodType<BridgeCommands[N]['input']> }

/** The same shape with `readonly` taken off throughout: schemas don't say it, the contract always does. */
type Plain<T> = T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T

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
