import { emptyDocument, isUnsaved, type OpenDocument, type TextDocument } from './open-document'

export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export interface DraftsOptions {
  readonly storage: DraftStorage
  /** Tells this window's drafts from those of other windows; the same after a reload. */
  readonly windowId: string
  readonly now?: () => number
}

/** Text of the editor that is on no board yet, kept where it outlives the page and the app. */
export interface Drafts {
  /** What is in the editor of a board now. */
  note(board: string, document: OpenDocument | null): void
  /** Writes what is not written yet. */
  flush(): void
  /** Boards whose text found no room. */
  readonly unkept: ReadonlySet<string>
  /** Called when `unkept` has changed. */
  onUnkept: (boards: ReadonlySet<string>) => void
  /**
   * Takes over what was left: of each board the latest, but nothing that a window in `others` still has in its editor. What is not
   * taken stays for the next time.
   */
  restore(others: ReadonlySet<string>): ReadonlyMap<string, TextDocument>
}

const KEPT = ['path', 'text', 'savedText', 'lineEnd', 'sha256'] as const
type Kept = Pick<TextDocument, (typeof KEPT)[number]>

interface Draft {
  readonly key: string
  readonly windowId: string
  readonly board: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly kept: Kept
}

const PREFIX = 'muster.draft.'
/** What is typed is written this long after. */
const WRITE_DELAY_MS = 400

export function createDrafts({ storage, windowId, now = Date.now }: DraftsOptions): Drafts {
  const unsaved = new Map<string, TextDocument>()
  const toWrite = new Set<string>()
  let unkept: ReadonlySet<string> = new Set()
  let timer: ReturnType<typeof setTimeout> | null = null
  const keyOf = (board: string): string => `${PREFIX}${windowId}.${board}`

  const setKept = (board: string, isKept: boolean): void => {
    if (unkept.has(board) !== isKept) return
    const next = new Set(unkept)
    if (isKept) next.delete(board)
    else next.add(board)
    unkept = next
    drafts.onUnkept(next)
  }

  const write = (board: string): void => {
    const document = unsaved.get(board)
    if (document === undefined) return
    const { path, text, savedText, lineEnd, sha256 } = document
    try {
      storage.setItem(keyOf(board), JSON.stringify({ windowId, board, at: now(), path, text, savedText, lineEnd, sha256 }))
      setKept(board, true)
    } catch {
      // An older text under this key would come back as if it were the latest.
      storage.removeItem(keyOf(board))
      setKept(board, false)
    }
  }

  const drafts: Drafts = {
    onUnkept: () => undefined,
    get unkept() {
      return unkept
    },
    note(board, document) {
      if (isUnsaved(document)) {
        const before = unsaved.get(board)
        unsaved.set(board, document)
        if (before !== undefined && KEPT.every(part => before[part] === document[part])) return
        toWrite.add(board)
        timer ??= setTimeout(drafts.flush, WRITE_DELAY_MS)
      } else if (unsaved.delete(board)) {
        toWrite.delete(board)
        storage.removeItem(keyOf(board))
        setKept(board, true)
      }
    },
    flush() {
      if (timer !== null) clearTimeout(timer)
      timer = null
      for (const board of toWrite) write(board)
      toWrite.clear()
    },
    restore(others) {
      const latest = new Map<string, Draft>()
      for (const draft of readAll(storage)) {
        const isTheirs = draft.windowId !== windowId && others.has(draft.windowId)
        const known = latest.get(draft.board)
        if (!isTheirs && !unsaved.has(draft.board) && (known === undefined || known.at < draft.at)) latest.set(draft.board, draft)
      }
      return new Map(
        [...latest.values()].map(({ key, board, at, kept }) => {
          const document = { ...emptyDocument(kept.path), ...kept, keptAt: at }
          unsaved.set(board, document)
          if (key !== keyOf(board)) {
            write(board)
            if (!unkept.has(board)) storage.removeItem(key)
          }
          return [board, document] as const
        }),
      )
    },
  }
  return drafts
}

function readAll(storage: DraftStorage): readonly Draft[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index))
  return keys.flatMap(key => {
    const draft = key?.startsWith(PREFIX) === true ? readDraft(key, storage.getItem(key)) : null
    return draft === null ? [] : [draft]
  })
}

/** Null for what is no draft. */
function readDraft(key: string, stored: string | null): Draft | null {
  try {
    const value: unknown = JSON.parse(stored ?? 'null')
    if (typeof value !== 'object' || value === null) return null
    const { windowId, board, at, path, text, savedText, lineEnd, sha256 } = value as Readonly<Record<string, unknown>>
    if (typeof windowId !== 'string' || typeof board !== 'string' || typeof at !== 'number' || typeof path !== 'string') return null
    if (typeof text !== 'string' || typeof savedText !== 'string' || (sha256 !== null && typeof sha256 !== 'string')) return null
    if (lineEnd !== 'lf' && lineEnd !== 'crlf' && lineEnd !== 'mixed') return null
    return { key, windowId, board, at, kept: { path, text, savedText, lineEnd, sha256 } }
  } catch {
    return null
  }
}
