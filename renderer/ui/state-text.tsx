import type { PortState } from '../stores/port-state'
import { Age } from './age'
import { formatAge, formatRunning } from './format'

/** Word and age of a state: `Ready · 3 s`, `Lost · 14:02:11`. */
export function StateText({ state, separator = ' · ' }: { readonly state: PortState; readonly separator?: string }) {
  return (
    <span className={`state-text state-${state.kind}`}>
      {state.word}
      {state.detail !== null && `${separator}${state.detail}`}
      {state.since !== null && (
        <>
          {separator}
          <Age since={state.since} format={state.kind === 'running' ? formatRunning : formatAge} />
        </>
      )}
    </span>
  )
}
