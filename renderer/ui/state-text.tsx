import type { PortState } from '../stores/port-state'
import { Age, Countdown } from './age'
import { formatAge, formatRunning } from './format'

export interface StateTextProps {
  readonly state: PortState
  readonly separator?: string
  /** Where there is little room. */
  readonly isShort?: boolean
}

/** Word and age of a state: `Ready · 3 s`, `Lost · 14:02:11, trying again in 4 s`. */
export function StateText({ state, separator = ' · ', isShort = false }: StateTextProps) {
  const detail = isShort ? (state.shortDetail ?? state.detail) : state.detail
  return (
    <span className={`state-text state-${state.kind}`}>
      {state.word}
      {detail !== null && `${separator}${detail}`}
      {state.until !== null && (
        <>
          {' '}
          <Countdown until={state.until} />
        </>
      )}
      {state.since !== null && (
        <>
          {separator}
          <Age since={state.since} format={state.kind === 'running' ? formatRunning : formatAge} />
        </>
      )}
    </span>
  )
}
