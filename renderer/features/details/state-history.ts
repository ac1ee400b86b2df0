import type { SessionState, StateChange } from '../../../shared/model'

/** One state and how long it lasted, its phases taken together. */
export interface StateStep {
  /** From 0; several may fall into one millisecond. */
  readonly number: number
  readonly state: SessionState
  readonly at: number
  readonly phases: readonly StateChange[]
}

/** Connecting is one step, whatever its phases. */
export function stateSteps(history: readonly StateChange[]): readonly StateStep[] {
  const steps: { number: number; state: SessionState; at: number; phases: StateChange[] }[] = []
  for (const change of history) {
    const last = steps.at(-1)
    const phases = change.phase === null ? [] : [change]
    if (last?.state === change.state) last.phases.push(...phases)
    else steps.push({ number: steps.length, state: change.state, at: change.at, phases })
  }
  return steps
}

/** The latest time that a lost session came back; null if none is remembered. */
export function lastReconnect(history: readonly StateChange[]): { readonly at: number; readonly afterMs: number } | null {
  let lostAt: number | null = null
  let found: { readonly at: number; readonly afterMs: number } | null = null
  for (const { state, at } of history) {
    if (state === 'Error') lostAt ??= at
    else if (state === 'Connected') {
      if (lostAt !== null) found = { at, afterMs: at - lostAt }
      lostAt = null
    }
  }
  return found
}
