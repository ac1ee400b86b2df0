/** What is marked in a list of names, and where the keyboard is. */
export interface Selection {
  readonly names: ReadonlySet<string>
  /** The row the keyboard is on. */
  readonly current: string | null
  /** Where a range that is being drawn begins. */
  readonly anchor: string | null
}

export const NOTHING: Selection = { names: new Set(), current: null, anchor: null }

/** How a step or a click changes what is marked: only this one, up to this one, this one as well or not, or the keyboard alone. */
export type SelectionMode = 'only' | 'range' | 'toggle' | 'move'

export function modeOf(event: {
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
}): 'only' | 'range' | 'toggle' {
  if (event.shiftKey) return 'range'
  return event.ctrlKey || event.metaKey ? 'toggle' : 'only'
}

export function select(before: Selection, order: readonly string[], name: string, mode: SelectionMode): Selection {
  switch (mode) {
    case 'only':
      return { names: new Set([name]), current: name, anchor: name }
    case 'move':
      return { ...before, current: name }
    case 'toggle': {
      const names = new Set(before.names)
      if (!names.delete(name)) names.add(name)
      return { names, current: name, anchor: name }
    }
    case 'range': {
      const from = order.indexOf(before.anchor ?? before.current ?? name)
      const to = order.indexOf(name)
      if (from < 0 || to < 0) return select(before, order, name, 'only')
      const names = new Set(order.slice(Math.min(from, to), Math.max(from, to) + 1))
      return { names, current: name, anchor: order[from] ?? name }
    }
  }
}

export function selectAll(before: Selection, order: readonly string[]): Selection {
  return { names: new Set(order), current: before.current ?? order[0] ?? null, anchor: order[0] ?? null }
}

/** What has gone is no longer marked. The same object where nothing has. */
export function pruned(before: Selection, order: readonly string[]): Selection {
  const there = new Set(order)
  const names = [...before.names].filter(name => there.has(name))
  const isCurrentThere = before.current === null || there.has(before.current)
  const isAnchorThere = before.anchor === null || there.has(before.anchor)
  if (names.length === before.names.size && isCurrentThere && isAnchorThere) return before
  return {
    names: new Set(names),
    current: isCurrentThere ? before.current : null,
    anchor: isAnchorThere ? before.anchor : null,
  }
}

/** In the order of the list: what a command is about. */
export function selectedNames(selection: Selection, order: readonly string[]): readonly string[] {
  return order.filter(name => selection.names.has(name))
}

/** The next name after the current one that begins with what was typed, round the end; the current one itself for more of the same word. */
export function findTyped(order: readonly string[], current: string | null, typed: string): string | null {
  const text = typed.toLowerCase()
  const at = current === null ? -1 : order.indexOf(current)
  const start = text.length > 1 && at >= 0 ? at : at + 1
  for (let step = 0; step < order.length; step++) {
    const name = order[(start + step) % order.length]
    if (name?.toLowerCase().startsWith(text)) return name
  }
  return null
}
