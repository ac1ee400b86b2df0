import type { ManagerHealth, ManagerState } from '../../../../shared/model'

/** From this share of the limit on, a manager is close to its end: nine tenths, in whole numbers. */
const HIGH_TENTHS = 9

export interface HealthFigures {
  readonly state: ManagerState
  readonly active: number
  readonly max: number
}

/** The health check `device_sessions`. Never throws: figures that can't be had are an answer as well. */
export function healthOf(collect: () => HealthFigures): ManagerHealth {
  let figures: HealthFigures
  try {
    figures = collect()
  } catch (error) {
    return unhealthy({ state: 'Disposed', active: 0, max: 0 }, error instanceof Error ? error.message : String(error))
  }
  const { state, active, max } = figures
  if (state === 'Shutdown' || state === 'Disposed') return unhealthy(figures, `The session manager is ${state}.`)
  return active * 10 >= max * HIGH_TENTHS
    ? Object.freeze({ status: 'Degraded', description: 'High session utilization', cause: null, data: dataOf(figures) })
    : Object.freeze({ status: 'Healthy', description: 'Session management healthy', cause: null, data: dataOf(figures) })
}

function unhealthy(figures: HealthFigures, cause: string): ManagerHealth {
  return Object.freeze({ status: 'Unhealthy', description: 'Session management failed', cause, data: dataOf(figures) })
}

function dataOf({ state, active, max }: HealthFigures): ManagerHealth['data'] {
  return Object.freeze({ active_sessions: active, max_sessions: max, utilization: max > 0 ? active / max : 0, state })
}
