import { useMemo, useState } from 'react'
import type { BoardEntry, LocalEntry } from '../../../shared/model'
import { BY_NAME, type Sort, sortEntries } from './file-rows'
import { NOTHING, pruned, type Selection } from './selection'

/** What a pane shows of its folder, and what is marked there. Another folder begins without marks and without a search. */
export function usePane<E extends BoardEntry | LocalEntry>(folder: string, entries: readonly E[]) {
  const [sort, setSort] = useState<Sort>(BY_NAME)
  const [state, setState] = useState({ folder, selection: NOTHING, find: null as string | null })
  const isHere = state.folder === folder
  const find = isHere ? state.find : null
  const sorted = useMemo(() => sortEntries(entries, sort), [entries, sort])
  const shown = useMemo(() => {
    const text = find?.trim().toLowerCase() ?? ''
    return text === '' ? sorted : sorted.filter(({ name }) => name.toLowerCase().includes(text))
  }, [sorted, find])
  const held = isHere ? state.selection : NOTHING
  // A command is about what can be seen: what was found no more, or has gone, is not marked.
  const selection = useMemo(
    () =>
      pruned(
        held,
        shown.map(({ name }) => name),
      ),
    [held, shown],
  )
  return {
    sort,
    setSort,
    shown,
    find,
    selection,
    setFind: (text: string | null): void => setState({ folder, selection, find: text }),
    setSelection: (next: Selection): void => setState({ folder, selection: next, find }),
    /** For a folder that is gone to: the row that the keyboard stands on there. */
    startAt: (next: string, current: string | null): void =>
      setState({ folder: next, selection: { ...NOTHING, current, anchor: current }, find: null }),
  }
}
