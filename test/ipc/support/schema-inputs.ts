import fc from 'fast-check'
import * as z from 'zod'
import { commandSchemas } from '../../../electron/ipc/schemas'
import type { CommandName } from '../../../shared/contract'

/** The part of JSON Schema that our schemas come out as. */
interface Shape {
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly Shape[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Shape | boolean
  readonly propertyNames?: Shape
  readonly items?: Shape
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** Values for keys whose meaning a schema does not know, such as which session is meant. By the key's name. */
export type KnownKeys = Readonly<Record<string, fc.Arbitrary<unknown>>>

/**
 * Inputs of the right form for a command, made from its schema: nothing has to be written down for a new command. Numbers
 * and texts are taken from their whole range and from its edges.
 */
export function inputsOf(name: CommandName, known: KnownKeys = {}): fc.Arbitrary<unknown> {
  const shape = z.toJSONSchema(commandSchemas[name], { unrepresentable: 'any', io: 'input' }) as Shape
  return arbitraryOf(shape, known).filter(input => commandSchemas[name].safeParse(input).success)
}

function arbitraryOf(shape: Shape, known: KnownKeys): fc.Arbitrary<unknown> {
  if (shape.anyOf !== undefined) return fc.oneof(...shape.anyOf.map(option => arbitraryOf(option, known)))
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum)
  if ('const' in shape) return fc.constant(shape.const)
  if (Array.isArray(shape.type)) return fc.oneof(...shape.type.map(type => arbitraryOf({ ...shape, type }, known)))
  switch (shape.type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: Math.max(shape.minimum ?? -1e6, -1e6), max: Math.min(shape.maximum ?? 1e6, 1e6) })
    case 'number':
      return numbers.filter(value => value >= (shape.minimum ?? -Infinity) && value <= (shape.maximum ?? Infinity))
    case 'string':
      return texts(shape.maxLength ?? 6_000).filter(text => text.length >= (shape.minLength ?? 0))
    case 'array':
      return fc.array(arbitraryOf(shape.items ?? {}, known), { maxLength: 5 })
    case 'object':
      return shape.properties === undefined ? recordOf(shape, known) : objectOf(shape, known)
    default:
      return fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.uint8Array({ maxLength: 200 }))
  }
}

const numbers = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    -1,
    1,
    0.5,
    100,
    1_000,
    60_000,
    86_400_000,
    2 ** 31,
    2 ** 53,
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    -Number.MAX_VALUE,
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

function texts(maxLength: number): fc.Arbitrary<string> {
  return fc.oneof(
    fc
      .constantFrom('', ' ', '\0', '__proto__', '\u202e', '\ud800', '../../x', '/dev/null', 'x'.repeat(maxLength))
      .map(text => text.slice(0, maxLength)),
    fc.string({ unit: 'binary', maxLength: Math.min(maxLength, 40) }),
  )
}

function recordOf(shape: Shape, known: KnownKeys): fc.Arbitrary<unknown> {
  const values = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : {}
  return fc.dictionary(fc.string({ maxLength: 20 }), arbitraryOf(values, known), { maxKeys: 5 })
}

function objectOf({ properties = {}, required = [] }: Shape, known: KnownKeys): fc.Arbitrary<unknown> {
  const arbitraries = Object.entries(properties).map(([key, shape]) => [key, known[key] ?? arbitraryOf(shape, known)] as const)
  return fc.record(Object.fromEntries(arbitraries), { requiredKeys: [...required] })
}
