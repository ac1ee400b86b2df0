import { describe, expect, it } from 'vitest'
import type { ConnectPhase, SessionState } from '../../../shared/model'
import { gatewayView, minaView } from '../../../shared/session-views'
import { OpenBench } from './open-bench'

const STATES: readonly SessionState[] = [
  'Created',
  'Connecting',
  'Connected',
  'Active',
  'Idle',
  'Disconnecting',
  'Disconnected',
  'Error',
  'Disposed',
]

describe('other names for a state', () => {
  it('G-08: every state of the gateway is one of ours, with its phase', () => {
    const of = (state: SessionState, phase: ConnectPhase | null = null) => gatewayView({ state, phase })
    expect(STATES.filter(state => state !== 'Connecting').map(state => of(state))).toEqual([
      'Creating',
      'Ready',
      'Ready',
      'Ready',
      'Closing',
      'Closed',
      'Faulted',
      'Closed',
    ])
    const phases = ['starting', 'waitingForPort', 'handshaking', 'initializing'] as const
    expect(phases.map(phase => of('Connecting', phase))).toEqual(['StartingWorker', 'WaitingForPipe', 'Handshaking', 'InitializingWorker'])
  })

  it('G-08: a session passes through them in order', async () => {
    const bench = await OpenBench.create()
    const seen = [...new Set(bench.events.map(event => gatewayView(event.snapshot)))]
    expect(seen).toEqual(['Creating', 'StartingWorker', 'WaitingForPipe', 'Handshaking', 'InitializingWorker', 'Ready'])
  })

  it('M-02, M-17: connected, idle of one kind or more, closing, closed; nothing revives a closed one', () => {
    const of = (state: SessionState, read = 0) => {
      const count = (idle: number) => ({ count: idle, lastAt: null })
      const idle = { read: count(read), write: count(0), both: count(0) }
      return minaView({ state, statistics: { idle } as Parameters<typeof minaView>[0]['statistics'] })
    }
    expect(STATES.map(state => of(state).state)).toEqual([
      null,
      null,
      'Connected',
      'Connected',
      'Connected',
      'Closing',
      'Closed',
      null,
      'Closed',
    ])
    expect(of('Active', 2)).toEqual({ state: 'Idle', isIdleForRead: true, isIdleForWrite: false, isIdleForBoth: false })
    expect(of('Disconnecting', 2)).toEqual({ state: 'Closing', isIdleForRead: false, isIdleForWrite: false, isIdleForBoth: false })
  })
})
