import { describe, expect, it } from 'vitest'
import { SessionRegistry, type Tombstone } from '../../../electron/core/sessions/manager/registry'
import type { SessionState } from '../../../shared/model'

interface Entry {
  readonly sessionId: string
  state: SessionState
}

function entry(sessionId: string, state: SessionState = 'Connected'): Entry {
  return { sessionId, state }
}

function tombstone(sessionId: string): Tombstone {
  const result = {
    sessionId,
    finalState: 'Closed',
    state: 'Disposed',
    alreadyClosed: false,
    reason: 'client-close',
    killed: false,
  } as const
  return { info: {} as Tombstone['info'], result }
}

describe('the registry', () => {
  it('G-02, G-20: adds, finds, counts and removes by the exact id; a second session with the same id is refused', () => {
    const registry = new SessionRegistry<Entry>(() => 200)
    const one = entry('session-a')
    expect(registry.tryAdd(one)).toBe(true)
    expect(registry.tryAdd(entry('session-a'))).toBe(false)
    expect(registry.tryGet('session-a')).toBe(one)
    expect(registry.tryGet('SESSION-A')).toBeUndefined()
    expect(registry.count).toBe(1)
    expect(registry.tryRemove('session-a')).toBe(true)
    expect(registry.tryRemove('session-a')).toBe(false)
    expect(registry.count).toBe(0)
  })

  it('G-20, E-12: what is active is counted anew: everything that is not closed', () => {
    const registry = new SessionRegistry<Entry>(() => 200)
    const states: SessionState[] = [
      'Created',
      'Connecting',
      'Connected',
      'Active',
      'Idle',
      'Disconnecting',
      'Error',
      'Disconnected',
      'Disposed',
    ]
    const entries = states.map(state => entry(state, state))
    for (const one of entries) registry.tryAdd(one)
    expect([registry.count, registry.activeCount]).toEqual([9, 7])
    for (const one of entries) one.state = 'Disconnected'
    expect([registry.count, registry.activeCount]).toEqual([9, 0])
  })

  it('E-07: groups are active, but take no place', () => {
    const registry = new SessionRegistry<Entry>(() => 200)
    registry.tryAdd(entry('board'))
    registry.tryAdd(entry('group'), { isGroup: true })
    expect([registry.activeCount, registry.boardCount]).toEqual([2, 1])
  })

  it('G-20: its snapshot is a copy', () => {
    const registry = new SessionRegistry<Entry>(() => 200)
    registry.tryAdd(entry('one'))
    const before = registry.snapshot()
    registry.tryAdd(entry('two'))
    expect(before.map(one => one.sessionId)).toEqual(['one'])
  })

  it('remembers as many closed sessions as it is told, the latest', () => {
    let limit = 2
    const registry = new SessionRegistry<Entry>(() => limit)
    for (const id of ['one', 'two', 'three']) registry.bury(tombstone(id))
    expect(registry.closed().map(({ result }) => result.sessionId)).toEqual(['two', 'three'])
    limit = 0
    registry.bury(tombstone('four'))
    expect(registry.closed()).toEqual([])
  })
})
