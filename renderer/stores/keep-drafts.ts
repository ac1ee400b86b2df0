import type { Drafts } from './drafts'
import type { FilesStore } from './files-store'
import type { KeyValueStorage } from './preferences-store'

/** What is used of `navigator.locks`. */
export type WindowLocks = Pick<LockManager, 'request' | 'query'>

const WINDOW_KEY = 'muster.window'
const LOCK_PREFIX = 'muster.window.'

/** The same for as long as the window is open, also after a reload. */
export function windowIdOf(windowStorage: KeyValueStorage): string {
  const known = windowStorage.getItem(WINDOW_KEY)
  if (known !== null) return known
  const created = crypto.randomUUID()
  windowStorage.setItem(WINDOW_KEY, created)
  return created
}

export interface KeepDraftsOptions {
  readonly files: FilesStore
  readonly drafts: Drafts
  readonly windowId: string
  /** By them a window sees which others are open. */
  readonly locks: WindowLocks | undefined
  readonly page: Pick<Window, 'addEventListener'>
}

/**
 * Brings back what was left when a page ended, and writes what is new when this one does. A text that could not be kept holds the
 * window open until somebody has decided on it.
 */
export async function keepDrafts({ files, drafts, windowId, locks, page }: KeepDraftsOptions): Promise<void> {
  page.addEventListener('beforeunload', event => {
    drafts.flush()
    if (drafts.unkept.size === 0) return
    event.preventDefault()
    // Chromium before 119 looks at this alone.
    event.returnValue = true
  })
  page.addEventListener('pagehide', () => drafts.flush())
  void locks?.request(`${LOCK_PREFIX}${windowId}`, () => new Promise(() => undefined)).catch(() => undefined)
  const held = (await locks?.query().catch(() => null))?.held ?? []
  const open = held.flatMap(({ name }) => (name?.startsWith(LOCK_PREFIX) === true ? [name.slice(LOCK_PREFIX.length)] : []))
  for (const [board, document] of drafts.restore(new Set(open))) files.change(board, () => ({ document }))
}
