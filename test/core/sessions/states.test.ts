import { describe, expect, it } from 'vitest'
import { createManagerMachine, MANAGER_TRANSITIONS, type ManagerTrigger } from '../../../electron/core/sessions/manager/manager-states'
import {
  createSessionMachine,
  isClosedState,
  isOpeningState,
  isReadyState,
  publicState,
  SESSION_TRANSITIONS,
  type SessionTrigger,
  type StoredState,
} from '../../../electron/core/sessions/session-states'
import { StateMachine } from '../../../electron/core/sessions/state-machine'
import type { ManagerState } from '../../../shared/model'

const STATES: readonly StoredState[] = [
  'None',
  'Created',
  'Connecting',
  'Connecting(again)',
  'Connected',
  'Active',
  'Idle',
  'Disconnecting',
  'Disconnected',
  'Error(lost)',
  'Error(final)',
  'Disposed',
]

/** The specification's table once more, as a list of single steps, written independently of the one in the code. */
const SPECIFIED: readonly (readonly [string, StoredState, SessionTrigger, StoredState])[] = [
  ['T1', 'None', 'create', 'Created'],
  ['T2', 'Created', 'connect', 'Connecting'],
  ['T3', 'Connecting', 'connected', 'Connected'],
  ['T4', 'Connecting', 'open-failed', 'Error(final)'],
  ['T4', 'Error(final)', 'discard', 'Disposed'],
  ['T5', 'Connected', 'busy', 'Active'],
  ['T5', 'Idle', 'busy', 'Active'],
  ['T6', 'Active', 'drained', 'Idle'],
  ['T7', 'Connected', 'drained', 'Idle'],
  ['T7', 'Connected', 'quiet', 'Idle'],
  ['T8', 'Connected', 'lost', 'Error(lost)'],
  ['T8', 'Active', 'lost', 'Error(lost)'],
  ['T8', 'Idle', 'lost', 'Error(lost)'],
  ['T9', 'Error(lost)', 'reconnect', 'Connecting(again)'],
  ['T10', 'Connecting(again)', 'connected', 'Connected'],
  ['T11', 'Connecting(again)', 'attempt-failed', 'Error(lost)'],
  ['T12', 'Connected', 'close', 'Disconnecting'],
  ['T12', 'Connecting(again)', 'close', 'Disconnecting'],
  ['T12', 'Active', 'close', 'Disconnecting'],
  ['T12', 'Idle', 'close', 'Disconnecting'],
  ['T12', 'Error(lost)', 'close', 'Disconnecting'],
  ['T13', 'Disconnecting', 'closed', 'Disconnected'],
  ['T14', 'Disconnecting', 'close-failed', 'Error(final)'],
  ['T14', 'Error(final)', 'abandon', 'Disconnected'],
  ['T15', 'Connected', 'kill', 'Disconnected'],
  ['T15', 'Active', 'kill', 'Disconnected'],
  ['T15', 'Idle', 'kill', 'Disconnected'],
  ['T15', 'Connecting(again)', 'kill', 'Disconnected'],
  ['T15', 'Disconnecting', 'kill', 'Disconnected'],
  ['T15', 'Error(lost)', 'kill', 'Disconnected'],
  ['T15', 'Error(final)', 'kill', 'Disconnected'],
  ['T16', 'Disconnected', 'dispose', 'Disposed'],
]

const TRIGGERS = [...new Set(SPECIFIED.map(([, , trigger]) => trigger))]

describe('the session machine', () => {
  it('T1: a session begins as Created', () => {
    expect(createSessionMachine().state).toBe('Created')
  })

  it.each(SPECIFIED)('%s: %s, on "%s", becomes %s', (row, from, trigger, to) => {
    const machine = new StateMachine<StoredState, SessionTrigger>('session', SESSION_TRANSITIONS, from, 'Disposed')
    expect(machine.fire(trigger)).toBe(true)
    expect(machine.state).toBe(to)
    expect(SESSION_TRANSITIONS.some(entry => entry.row === row && entry.from.includes(from) && entry.trigger === trigger)).toBe(true)
  })

  it('holds every row of the specification, T1 to T16', () => {
    expect(new Set(SESSION_TRANSITIONS.map(entry => entry.row))).toEqual(new Set(Array.from({ length: 16 }, (_, index) => `T${index + 1}`)))
  })

  it('has no other transition: any other trigger is a defect, and changes nothing', () => {
    for (const from of STATES.filter(state => state !== 'Disposed')) {
      for (const trigger of TRIGGERS) {
        if (SPECIFIED.some(step => step[1] === from && step[2] === trigger)) continue
        const machine = new StateMachine<StoredState, SessionTrigger>('session', SESSION_TRANSITIONS, from, 'Disposed')
        expect(() => machine.fire(trigger), `${from}, ${trigger}`).toThrow(from)
        expect(machine.state).toBe(from)
      }
    }
  })

  it('G-11, G-12: Disposed ignores everything without an error; nothing revives it', () => {
    for (const trigger of TRIGGERS) {
      const machine = new StateMachine<StoredState, SessionTrigger>('session', SESSION_TRANSITIONS, 'Disposed', 'Disposed')
      expect(machine.fire(trigger)).toBe(false)
      expect(machine.state).toBe('Disposed')
    }
  })

  it('Disconnected accepts T16 alone, and a final Error leaves only the way out', () => {
    const rowsFrom = (state: StoredState) =>
      new Set(SESSION_TRANSITIONS.filter(entry => entry.from.includes(state)).map(entry => entry.row))
    expect(rowsFrom('Disconnected')).toEqual(new Set(['T16']))
    expect(rowsFrom('Error(final)')).toEqual(new Set(['T4', 'T14', 'T15']))
  })

  it('B-03, B-38: says of every state whether it is opening, ready or closed', () => {
    const inStates = (test: (state: ReturnType<typeof publicState>) => boolean) => STATES.filter(state => test(publicState(state)))
    expect(STATES.filter(isOpeningState)).toEqual(['Created', 'Connecting'])
    expect(inStates(isReadyState)).toEqual(['Connected', 'Active', 'Idle'])
    expect(inStates(isClosedState)).toEqual(['Disconnected', 'Disposed'])
    expect(publicState('Connecting(again)')).toBe('Connecting')
    expect(publicState('Error(lost)')).toBe('Error')
    expect(publicState('Error(final)')).toBe('Error')
  })
})

describe('the manager machine', () => {
  const steps: readonly (readonly [ManagerState, ManagerTrigger, ManagerState])[] = [
    ['Inactive', 'open', 'Active'],
    ['Active', 'open', 'Active'],
    ['Inactive', 'shut-down', 'Shutdown'],
    ['Active', 'shut-down', 'Shutdown'],
    ['Shutdown', 'all-closed', 'Disposed'],
    ['Inactive', 'fatal', 'Disposed'],
    ['Active', 'fatal', 'Disposed'],
    ['Shutdown', 'fatal', 'Disposed'],
  ]

  it.each(steps)('B-02: %s, on "%s", becomes %s', (from, trigger, to) => {
    const machine = new StateMachine<ManagerState, ManagerTrigger>('session manager', MANAGER_TRANSITIONS, from, 'Disposed')
    expect(machine.fire(trigger)).toBe(true)
    expect(machine.state).toBe(to)
  })

  it('B-02: begins as Inactive, and takes no open in Shutdown', () => {
    const machine = createManagerMachine()
    expect(machine.state).toBe('Inactive')
    machine.fire('shut-down')
    expect(() => machine.fire('open')).toThrow('Shutdown')
  })
})
