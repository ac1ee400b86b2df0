import { describe, expect, it } from 'vitest'
import { healthOf } from '../../../electron/core/sessions/manager/manager-health'
import type { ManagerState } from '../../../shared/model'

const at = (active: number, max: number, state: ManagerState = 'Active') => healthOf(() => ({ active, max, state }))

describe('the health of the session manager', () => {
  it('B-34: is Degraded from nine tenths of the limit on, else Healthy', () => {
    expect(at(57, 64)).toEqual({
      status: 'Healthy',
      description: 'Session management healthy',
      cause: null,
      data: { active_sessions: 57, max_sessions: 64, utilization: 57 / 64, state: 'Active' },
    })
    expect(at(58, 64)).toMatchObject({ status: 'Degraded', description: 'High session utilization', cause: null })
    expect(at(9, 10).status).toBe('Degraded')
    expect(at(0, 64, 'Inactive').status).toBe('Healthy')
  })

  it('E-36: with one place one session is Degraded, none is Healthy', () => {
    expect([at(0, 1).status, at(1, 1).status]).toEqual(['Healthy', 'Degraded'])
  })

  it('E-36: counts in whole numbers', () => {
    // 0.9 × 30 is a little more than 27 in floating point.
    expect(at(27, 30).status).toBe('Degraded')
  })

  it('B-34: is Unhealthy, with the cause, when its figures can’t be had and when it ends', () => {
    const failed = healthOf(() => {
      throw new Error('no figures')
    })
    expect(failed).toMatchObject({ status: 'Unhealthy', description: 'Session management failed', cause: 'no figures' })
    for (const state of ['Shutdown', 'Disposed'] as const) {
      expect(at(0, 64, state)).toMatchObject({ status: 'Unhealthy', cause: `The session manager is ${state}.`, data: { state } })
    }
  })
})
