import type { PortStateKind } from '../stores/port-state'

/** The shape of a state. Says nothing to a screen reader: the word stands beside it. */
export function StateDot({ kind }: { readonly kind: PortStateKind }) {
  return <span className={`dot dot-${kind}`} aria-hidden />
}
