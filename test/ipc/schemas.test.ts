import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { commandSchemas, eventSchemas, matchingCommands, matchingEvents } from '../../electron/ipc/schemas'
import { commandNames, eventNames, validInputs, validParams } from './support/valid-inputs'

describe('schemas', () => {
  it.each(commandNames)('%s takes what the contract says', name => {
    expect(commandSchemas[name].parse(validInputs[name])).toEqual(validInputs[name])
  })

  it.each(eventNames)('%s takes the parameters that the contract says', name => {
    expect(eventSchemas[name].parse(validParams[name])).toEqual(validParams[name])
  })

  it.each(['sessionId', 'sessionKey', 'nonce'])('sessions:open takes no %s: the manager makes it (S-06)', key => {
    expect(commandSchemas['sessions:open'].safeParse({ port: 'COM3', [key]: `session-${'0'.repeat(32)}` }).success).toBe(false)
  })

  it("exist for the contract's commands and events alone", () => {
    expect(Object.keys(commandSchemas).sort()).toEqual([...commandNames].sort())
    expect(Object.keys(eventSchemas).sort()).toEqual([...eventNames].sort())
  })

  // The compiler is what is tested here: an expected error that does not come fails the type check.
  it('do not compile when one is missing or drifts from the contract (security row 11)', () => {
    const { 'app:info': _info, ...missing } = commandSchemas
    // @ts-expect-error a command without a schema
    matchingCommands(missing)
    // @ts-expect-error an optional key of the contract that the schema lacks
    matchingCommands({ ...commandSchemas, 'ports:list': z.strictObject({}) })
    // @ts-expect-error a key that the contract does not have
    matchingCommands({ ...commandSchemas, 'ports:add': z.strictObject({ path: z.string(), force: z.boolean().optional() }) })
    // @ts-expect-error another type
    matchingCommands({ ...commandSchemas, 'ports:add': z.strictObject({ path: z.number() }) })
    // @ts-expect-error an enumeration that lacks a member
    matchingCommands({ ...commandSchemas, 'sessions:close': z.strictObject({ sessionId: z.string(), mode: z.enum(['now']).optional() }) })
    // @ts-expect-error a name that is no command
    matchingCommands({ ...commandSchemas, 'sessions:erase': z.strictObject({}) })
    // @ts-expect-error the parameters of an event are held to the contract too
    matchingEvents({ ...eventSchemas, 'metrics:samples': z.strictObject({}) })
    expect(matchingCommands(commandSchemas)).toBe(commandSchemas)
    expect(matchingEvents(eventSchemas)).toBe(eventSchemas)
  })
})
