import { describe, expect, test, vi } from 'vitest'
import { createDrafts, type DraftStorage } from '../../renderer/stores/drafts'
import { createFilesStore } from '../../renderer/stores/files-store'
import { keepDrafts, windowIdOf } from '../../renderer/stores/keep-drafts'
import { emptyDocument, type TextDocument } from '../../renderer/stores/open-document'
import { memoryStorage } from './support/render-app'

const BOARD = 'usb:1'
const OTHER = '/dev/ttyUSB0'

function aText(text: string, over: Partial<TextDocument> = {}): TextDocument {
  return { ...emptyDocument('/main.py'), savedText: 'saved', sha256: 'a'.repeat(64), lineEnd: 'crlf', text, ...over }
}

/** A page in one window, from its start; `others` are the windows that are open beside it. */
async function openPage(storage: DraftStorage & Storage, windowId: string, others: readonly string[] = []) {
  const drafts = createDrafts({ storage, windowId })
  const files = createFilesStore(storage, drafts)
  const page = new EventTarget()
  const locks = {
    request: () => new Promise(() => undefined),
    query: async () => ({ held: [windowId, ...others].map(id => ({ name: `muster.window.${id}` })) }),
  } as unknown as LockManager
  await keepDrafts({ files, drafts, windowId, locks, page: page as unknown as Window })
  const textOf = (board: string): string | null => {
    const { document } = files.of(board)
    return document?.phase === 'text' ? document.text : null
  }
  return {
    files,
    drafts,
    textOf,
    write: (board: string, document: TextDocument | null) => files.change(board, () => ({ document })),
    /** True where the page asks to stay. */
    wantsToStay(): boolean {
      return !page.dispatchEvent(new Event('beforeunload', { cancelable: true }))
    },
    end: () => void page.dispatchEvent(new Event('pagehide')),
  }
}

const aStorage = () => memoryStorage() as DraftStorage & Storage

describe('text that is not saved', () => {
  test('comes back after the page has ended, with the file that it was made from', async () => {
    const storage = aStorage()
    const first = await openPage(storage, 'one')
    first.write(BOARD, aText('mine'))
    first.write(OTHER, { ...emptyDocument('/new.py'), text: '' })
    expect(first.wantsToStay()).toBe(false)
    first.end()
    for (const windowId of ['one', 'another']) {
      const next = await openPage(storage, windowId)
      const { document } = next.files.of(BOARD)
      expect(document).toMatchObject({ path: '/main.py', text: 'mine', savedText: 'saved', sha256: 'a'.repeat(64), lineEnd: 'crlf' })
      expect(document).toMatchObject({ keptAt: expect.any(Number), isSaving: false, error: null })
      expect(next.files.of(OTHER).document).toMatchObject({ path: '/new.py', sha256: null })
    }
  })

  test('is written a moment after it was typed, whatever becomes of the page', async () => {
    vi.useFakeTimers()
    try {
      const storage = aStorage()
      const first = await openPage(storage, 'one')
      for (const text of ['m', 'mi', 'min', 'mine']) first.write(BOARD, aText(text))
      vi.advanceTimersByTime(1_000)
      first.write(BOARD, aText('mine and more'))
      expect((await openPage(storage, 'two')).textOf(BOARD)).toBe('mine')
    } finally {
      vi.useRealTimers()
    }
  })

  test('that was saved, or dropped, does not come back', async () => {
    const storage = aStorage()
    const first = await openPage(storage, 'one')
    first.write(BOARD, aText('mine'))
    first.write(OTHER, aText('theirs'))
    first.drafts.flush()
    first.write(BOARD, aText('mine', { savedText: 'mine' }))
    first.write(OTHER, null)
    first.end()
    const next = await openPage(storage, 'one')
    expect([next.textOf(BOARD), next.textOf(OTHER)]).toEqual([null, null])
    expect([...Array(storage.length).keys()].map(index => storage.key(index)).filter(key => key?.startsWith('muster.draft'))).toEqual([])
  })

  test('of a window that is open is left to it; when both have ended, neither is lost', async () => {
    const storage = aStorage()
    const first = await openPage(storage, 'one')
    first.write(BOARD, aText('of the first'))
    first.drafts.flush()
    const second = await openPage(storage, 'two', ['one'])
    expect(second.textOf(BOARD)).toBeNull()
    second.write(BOARD, aText('of the second'))
    first.end()
    second.end()
    // One editor for a board: the other text waits for the next time.
    const third = await openPage(storage, 'three')
    const shown = third.textOf(BOARD)
    third.write(BOARD, null)
    third.end()
    const fourth = await openPage(storage, 'four')
    expect([shown, fourth.textOf(BOARD)].sort()).toEqual(['of the first', 'of the second'])
    fourth.write(BOARD, null)
    fourth.end()
    expect((await openPage(storage, 'five')).textOf(BOARD)).toBeNull()
  })

  test('that finds no room holds the page, until it does or is given up', async () => {
    const storage = aStorage()
    const first = await openPage(storage, 'one')
    first.write(BOARD, aText('small'))
    first.drafts.flush()
    const setItem = storage.setItem
    storage.setItem = () => {
      throw new Error('QuotaExceededError')
    }
    first.write(BOARD, aText('x'.repeat(10_000)))
    expect(first.wantsToStay()).toBe(true)
    expect(first.files.getState().unkept).toEqual(new Set([BOARD]))
    // The text before it is no answer either.
    expect((await openPage(storage, 'two')).textOf(BOARD)).toBeNull()
    storage.setItem = setItem
    first.write(BOARD, aText('small again'))
    expect(first.wantsToStay()).toBe(false)
    expect(first.files.getState().unkept).toEqual(new Set())
  })

  test.each(['', 'no json', 'null', '7', '{"windowId":"x"}', '{"windowId":"x","board":"usb:1","at":1,"path":"/a","text":7}'])(
    'a storage with %j in it brings nothing back, and takes new ones',
    async stored => {
      const storage = aStorage()
      storage.setItem(`muster.draft.x.${BOARD}`, stored)
      const page = await openPage(storage, 'one')
      expect(page.textOf(BOARD)).toBeNull()
      page.write(BOARD, aText('mine'))
      page.end()
      expect((await openPage(storage, 'one')).textOf(BOARD)).toBe('mine')
    },
  )

  test('a window keeps its name over a reload', () => {
    const storage = aStorage()
    expect(windowIdOf(storage)).toBe(windowIdOf(storage))
    expect(windowIdOf(storage)).not.toBe(windowIdOf(aStorage()))
  })
})
