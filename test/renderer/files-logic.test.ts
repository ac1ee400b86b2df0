import { describe, expect, test } from 'vitest'
import { documentOf, textToSave } from '../../renderer/features/files/document-text'
import { formatChanged, formatSize, sortEntries } from '../../renderer/features/files/file-rows'
import { marksOf, statusOf, withArriving } from '../../renderer/features/files/file-status'
import { crumbsOf, joinPath, parentPath, problemOfName } from '../../renderer/features/files/paths'
import { findTyped, NOTHING, pruned, select, selectAll, selectedNames } from '../../renderer/features/files/selection'
import { sentences } from '../../renderer/features/files/transfer-announcer'
import { transferRows } from '../../renderer/features/files/transfer-rows'
import { describeFile, describeTransfer, timeLeft, totalText } from '../../renderer/features/files/transfer-texts'
import { applyTransferUpdate, NO_TRANSFERS, type TransferList } from '../../renderer/stores/transfer-list'
import type { Transfer, TransferFile } from '../../shared/model'
import { aTransfer, aTransferFile } from '../fakes/fake-bridge'

const PLACE = { folderId: 'folder-1', path: '' }

function listOf(transfer: Partial<Transfer>, files: readonly Partial<TransferFile>[]): TransferList {
  const told = aTransfer({ local: PLACE, fileCount: files.length, ...transfer })
  return applyTransferUpdate(NO_TRANSFERS, {
    kind: 'all',
    transfers: [told],
    files: [{ transferId: told.transferId, files: files.map((file, index) => aTransferFile({ index, ...file })) }],
    gone: [],
  })
}

describe('names and folders', () => {
  test('paths of both sides are taken apart and put together', () => {
    expect(joinPath('/', 'a')).toBe('/a')
    expect(joinPath('/lib', 'a b')).toBe('/lib/a b')
    expect(joinPath('', 'a')).toBe('a')
    expect([parentPath('/'), parentPath('/lib'), parentPath('/lib/x'), parentPath(''), parentPath('lib'), parentPath('lib/x')]).toEqual([
      null,
      '/',
      '/lib',
      null,
      '',
      'lib',
    ])
    expect(crumbsOf('/lib/umqtt', { name: '/', path: '/' }).map(({ path }) => path)).toEqual(['/', '/lib', '/lib/umqtt'])
    expect(crumbsOf('lib/x', { name: 'oven', path: '' }).map(({ name, path }) => [name, path])).toEqual([
      ['oven', ''],
      ['lib', 'lib'],
      ['x', 'lib/x'],
    ])
  })

  test('a name that can not be given says why', () => {
    const taken = new Set(['main.py'])
    expect(problemOfName('', taken)).toMatch(/at least one/)
    expect(problemOfName('..', taken)).toMatch(/stands for a folder/)
    expect(problemOfName('a/b', taken)).toMatch(/no \//)
    expect(problemOfName('main.py', taken)).toMatch(/already/)
    expect(problemOfName('é'.repeat(300), taken)).toMatch(/longer/)
    expect(problemOfName('it’s "new"\\.py', taken)).toBeNull()
  })

  test('folders stand before files, numbers in order, in whatever direction', () => {
    const entries = [
      { name: 'b10', kind: 'file' as const, size: 1, modifiedAt: 3 },
      { name: 'b9', kind: 'file' as const, size: 2, modifiedAt: 1 },
      { name: 'z', kind: 'folder' as const, size: null, modifiedAt: 2 },
    ]
    const names = (key: 'name' | 'size' | 'changed', isDescending: boolean) =>
      sortEntries(entries, { key, isDescending }).map(({ name }) => name)
    expect(names('name', false)).toEqual(['z', 'b9', 'b10'])
    expect(names('name', true)).toEqual(['z', 'b10', 'b9'])
    expect(names('size', true)).toEqual(['z', 'b9', 'b10'])
    expect(names('changed', true)).toEqual(['z', 'b10', 'b9'])
  })

  test('sizes and dates are as short as their columns', () => {
    expect([814, 2_100, 99_949, 99_950, 430_000, 999_499, 999_500, 1_000_000].map(formatSize)).toEqual([
      '814 B',
      '2.1 kB',
      '99.9 kB',
      '100 kB',
      '430 kB',
      '999 kB',
      '1.0 MB',
      '1.0 MB',
    ])
    const now = new Date(2026, 10, 21, 14, 2).getTime()
    expect(formatChanged(new Date(2026, 10, 21, 9, 5).getTime(), now)).toBe('today 09:05')
    expect(formatChanged(new Date(2026, 10, 19).getTime(), now)).toBe('19 Nov')
    expect(formatChanged(new Date(2024, 1, 3).getTime(), now)).toBe('3 Feb 2024')
  })
})

describe('what is marked', () => {
  const order = ['a', 'b', 'c', 'd']

  test('one, one more, a range, all; what has gone is not', () => {
    const one = select(NOTHING, order, 'b', 'only')
    const range = select(one, order, 'd', 'range')
    expect(selectedNames(range, order)).toEqual(['b', 'c', 'd'])
    // The range turns round its beginning.
    expect(selectedNames(select(range, order, 'a', 'range'), order)).toEqual(['a', 'b'])
    expect(selectedNames(select(range, order, 'c', 'toggle'), order)).toEqual(['b', 'd'])
    expect(selectedNames(select(one, order, 'd', 'move'), order)).toEqual(['b'])
    expect(selectedNames(selectAll(one, order), order)).toEqual(order)
    expect(pruned(range, order)).toBe(range)
    const left = pruned(range, ['a', 'c'])
    expect([...left.names]).toEqual(['c'])
    expect(left.current).toBeNull()
  })

  test('typing finds names from where the keyboard is, round the end', () => {
    const names = ['adc.py', 'boot.py', 'Main.py', 'model.bin']
    expect(findTyped(names, null, 'm')).toBe('Main.py')
    expect(findTyped(names, 'Main.py', 'm')).toBe('model.bin')
    expect(findTyped(names, 'model.bin', 'm')).toBe('Main.py')
    expect(findTyped(names, 'Main.py', 'mo')).toBe('model.bin')
    expect(findTyped(names, 'Main.py', 'ma')).toBe('Main.py')
    expect(findTyped(names, 'Main.py', 'x')).toBeNull()
  })
})

describe('what is known of a file of the board', () => {
  const entry = { name: 'main.py', kind: 'file' as const, size: 100, modifiedAt: null }
  const localEntry = { name: 'main.py', kind: 'file' as const, size: 100, modifiedAt: 1_000 }
  const local = { place: PLACE, entry: localEntry }
  const nothing = { mark: undefined, compared: undefined, changedAt: undefined }
  const markOf = (transfer: Partial<Transfer>, file: Partial<TransferFile>) =>
    marksOf(listOf({ startedAt: 5_000, ...transfer }, [{ bytes: 100, ...file }])).get('/main.py')

  test('sizes alone never say that two files are the same', () => {
    expect(statusOf({ entry, local, ...nothing })?.word).toBe('same size')
    expect(statusOf({ entry: { ...entry, size: 99 }, local, ...nothing })?.word).toBe('differs')
    expect(statusOf({ entry, local: null, ...nothing })).toBeNull()
    expect(statusOf({ entry: { ...entry, size: null }, local, ...nothing })).toBeNull()
  })

  test('a comparison by hash holds until one side has changed', () => {
    const compared = { isSame: true, localKey: 'folder-1\nmain.py', localSize: 100, localModifiedAt: 1_000, boardSize: 100, at: 6_000 }
    expect(statusOf({ entry, local, ...nothing, compared })?.word).toBe('same')
    expect(statusOf({ entry, local, ...nothing, compared: { ...compared, isSame: false } })?.word).toBe('differs')
    expect(statusOf({ entry, local, ...nothing, compared, changedAt: 7_000 })?.word).toBe('same size')
    expect(statusOf({ entry, local: { place: PLACE, entry: { ...localEntry, modifiedAt: 2_000 } }, ...nothing, compared })?.word).toBe(
      'same size',
    )
  })

  test('verified is what a transfer has proved, as long as nothing has changed since', () => {
    const mark = markOf({ state: 'done', endedAt: 6_000 }, { state: 'done', proof: 'sha256' })
    expect(statusOf({ entry, local, ...nothing, mark })?.word).toBe('verified')
    expect(statusOf({ entry, local: null, ...nothing, mark })?.word).toBe('verified')
    expect(statusOf({ entry, local, ...nothing, mark, changedAt: 6_001 })?.word).toBe('same size')
    // Saved on the computer after the copy began: what was copied may be older.
    expect(statusOf({ entry, local: { place: PLACE, entry: { ...localEntry, modifiedAt: 5_500 } }, ...nothing, mark })?.word).toBe(
      'same size',
    )
    expect(statusOf({ entry: { ...entry, size: 7 }, local, ...nothing, mark })?.word).toBe('differs')
    const bySize = markOf({ state: 'done', endedAt: 6_000 }, { state: 'done', proof: 'size' })
    expect(statusOf({ entry, local, ...nothing, mark: bySize })).toMatchObject({ word: 'size only', tone: 'warn' })
    const skipped = markOf({ state: 'done', endedAt: 6_000 }, { state: 'skipped', proof: 'sha256' })
    expect(statusOf({ entry, local, ...nothing, mark: skipped })?.word).toBe('same')
    expect(markOf({ state: 'failed', endedAt: 6_000 }, { state: 'failed' })).toBeUndefined()
  })

  test('what arrives is shown under the name it will have', () => {
    const list = listOf({ startedAt: 5_000 }, [{ name: 'model.bin', boardPath: '/model.bin', doneBytes: 430 }])
    const part = { name: 'model.bin.muster.part', kind: 'file' as const, size: 430, modifiedAt: null }
    const shown = withArriving('/', [entry, part], marksOf(list))
    expect(shown.map(({ name, size }) => [name, size])).toEqual([
      ['main.py', 100],
      ['model.bin', 430],
    ])
    expect(withArriving('/lib', [part], marksOf(list))).toEqual([part])
    // A part that nobody sends any more is a file like any other.
    expect(withArriving('/', [part], new Map())).toEqual([part])
    expect(statusOf({ entry, local, ...nothing, mark: markOf({}, { doneBytes: 43 }) })?.word).toBe('arriving')
    expect(markOf({ state: 'asking', questions: [0] }, { state: 'waiting' })).toBeUndefined()
  })
})

describe('what is said of transfers', () => {
  const transfer = aTransfer({ bytesPerSecond: 612_000, local: PLACE })
  const text = (file: Partial<TransferFile>, over: Partial<Transfer> = {}) => describeFile(aTransferFile(file), { ...transfer, ...over })

  test('of a file in each of its states', () => {
    expect(text({ bytes: 1_000_000, doneBytes: 430_000 })).toMatchObject({
      text: '430 kB of 1.0 MB · 612 kB/s · 1 s left',
      shape: 'toBoard',
    })
    expect(text({ bytes: 1_000_000, doneBytes: 430_000, resumedAtBytes: 430_000, retries: 2 }).text).toBe(
      '430 kB of 1.0 MB · 612 kB/s · 1 s left · resumed at 430 kB · 2 chunks sent again',
    )
    expect(text({ state: 'waiting', doneBytes: 0, replacesBytes: 1_900 }).text).toBe('waiting · replaces 1.9 kB')
    expect(describeFile(aTransferFile({ state: 'waiting', bytes: 1_000, doneBytes: 430 }), transfer, true).text).toBe(
      'waits for the board · 430 B of 1.0 kB',
    )
    expect(text({ state: 'verifying' })).toMatchObject({ shape: 'verifying' })
    expect(text({ state: 'done', bytes: 814, proof: 'sha256', durationMs: 6.2 })).toMatchObject({
      text: 'verified by sha256 · 814 B in 6 ms',
      tone: 'ok',
      shape: 'proved',
    })
    expect(text({ state: 'done', bytes: 814, proof: 'readBack', durationMs: 1_240 }).text).toBe('read back and compared · 814 B in 1.2 s')
    expect(text({ state: 'done', proof: 'size' })).toMatchObject({ tone: 'warn', shape: 'unproved' })
    expect(text({ state: 'done', proof: null })).toMatchObject({ text: 'copied, not verified · 1.0 kB', tone: 'warn' })
    expect(text({ state: 'skipped', proof: 'sha256' }).text).toBe('the same by sha256, not copied')
    expect(text({ state: 'skipped', proof: null }).text).toBe('left as it is')
    expect(text({ state: 'removed' }).text).toBe('removed')
    expect(text({ state: 'cancelled' }).text).toBe('cancelled · 430 B of 1.0 kB were there')
    const error = { code: 'FileFailed' as const, message: 'There is no room for main.py.' }
    expect(text({ state: 'failed', error, doneBytes: 0 })).toMatchObject({ text: 'There is no room for main.py.', tone: 'bad' })
    // The file stands beside it: what has gone wrong comes first, all of it where the pointer rests.
    const message = 'Writing /main.py on the board on /dev/ttyACM0 failed: there is no room left.'
    expect(text({ state: 'failed', error: { code: 'FileFailed', message, hint: 'Remove something.' }, doneBytes: 0 })).toMatchObject({
      text: 'There is no room left.',
      title: `${message} Remove something.`,
    })
    expect(text({ state: 'failed', error: { code: 'FileFailed', message }, bytes: 2_000, doneBytes: 1_000 }).text).toBe(
      'There is no room left · 1.0 kB of 2.0 kB were there',
    )
  })

  test('of a whole transfer, and of all of them in one line', () => {
    // Nothing is known of one that nobody has looked through yet.
    expect(describeTransfer({ ...transfer, state: 'waiting', fileCount: 0, totalBytes: 0, doneBytes: 0 }, []).text).toBe('waiting')
    const files = [aTransferFile({ state: 'done', proof: 'sha256' }), aTransferFile({ index: 1 })]
    expect(describeTransfer({ ...transfer, fileCount: 2, totalBytes: 2_000, doneBytes: 1_430, secondsLeft: 61 }, files).text).toBe(
      '1 of 2 files · 1.4 kB of 2.0 kB · 612 kB/s · 2 min left',
    )
    expect(describeTransfer({ ...transfer, state: 'asking', questions: [0, 1] }, files).text).toBe(
      'waits for your answer · 2 files would be replaced',
    )
    const done = { ...transfer, state: 'done' as const, totalBytes: 2_000 }
    expect(describeTransfer(done, files).tone).toBe('ok')
    expect(describeTransfer(done, [aTransferFile({ state: 'done', proof: 'size' })])).toMatchObject({ tone: 'warn', shape: 'unproved' })
    expect(describeTransfer({ ...transfer, state: 'failed' }, [...files, aTransferFile({ index: 2, state: 'failed' })]).text).toBe(
      '1 copied, 1 failed',
    )
    expect(totalText([done], () => files)).toBe('1 copied')
    expect(totalText([{ ...transfer, totalBytes: 2_000_000, doneBytes: 1_000_000, secondsLeft: 2 }], () => files)).toBe(
      '1 of 1 file · 1.0 MB of 2.0 MB · 612 kB/s · 2 s left',
    )
    expect([0, 0.2, 59.5, 60, 3_599, 3_600].map(timeLeft)).toEqual([
      '1 s left',
      '1 s left',
      '1 min left',
      '1 min left',
      '60 min left',
      '1 h 0 min left',
    ])
  })

  test('few files stand alone, many under a line that opens; the newest first', () => {
    const few = listOf({}, [{ name: 'a' }, { name: 'b' }])
    expect(transferRows(few, new Set(), new Set()).map(({ key }) => key)).toEqual(['transfer-1:0', 'transfer-1:1'])
    const many = listOf(
      { startedAt: 9 },
      Array.from({ length: 5 }, (_, index) => ({ name: `${index}` })),
    )
    expect(transferRows(many, new Set(), new Set()).map(({ type }) => type)).toEqual(['transfer'])
    expect(transferRows(many, new Set(['transfer-1']), new Set())).toHaveLength(6)
    const ended = listOf({ state: 'done', endedAt: 3 }, [{ state: 'done' }, { state: 'done' }])
    expect(transferRows(ended, new Set(), new Set(['transfer-1:0'])).map(({ key }) => key)).toEqual(['transfer-1:1'])
    const older = aTransfer({ transferId: 'older', startedAt: 1, state: 'planning', fileCount: 0 })
    const both = applyTransferUpdate(many, { kind: 'more', transfers: [older], files: [], gone: [] })
    expect(transferRows(both, new Set(), new Set()).map(({ key }) => key)).toEqual(['transfer-1', 'older'])
  })

  test('updates change what is known, file by file, and forget what has gone', () => {
    const list = listOf({}, [{ name: 'a' }, { name: 'b' }])
    const more = applyTransferUpdate(list, {
      kind: 'more',
      transfers: [],
      files: [
        {
          transferId: 'transfer-1',
          files: [aTransferFile({ index: 1, name: 'b', state: 'done' }), aTransferFile({ index: 2, name: 'c' })],
        },
      ],
      gone: [],
    })
    expect(more.files.get('transfer-1')?.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'copying'],
      ['b', 'done'],
      ['c', 'copying'],
    ])
    expect(list.files.get('transfer-1')).toHaveLength(2)
    expect(applyTransferUpdate(more, { kind: 'more', transfers: [], files: [], gone: ['transfer-1'] }).transfers.size).toBe(0)
  })

  test('a screen reader hears the beginning, the quarters and the end', () => {
    const at = (over: Partial<Transfer>, file: Partial<TransferFile> = {}) =>
      listOf({ totalBytes: 100, doneBytes: 0, ...over }, [{ name: 'model.bin', bytes: 100, ...file }])
    expect(sentences(NO_TRANSFERS, at({}))).toEqual(['Copying model.bin to the board.'])
    expect(sentences(at({ doneBytes: 20 }), at({ doneBytes: 24 }))).toEqual([])
    expect(sentences(at({ doneBytes: 24 }), at({ doneBytes: 55 }))).toEqual(['model.bin: 50 percent.'])
    expect(sentences(at({}), at({ state: 'asking', questions: [0] }))).toEqual(['Copying model.bin to the board waits for your answer.'])
    expect(sentences(at({}), at({ state: 'done', endedAt: 1 }, { state: 'done', proof: 'sha256', durationMs: 6 }))).toEqual([
      'model.bin: verified by sha256 · 100 B in 6 ms',
    ])
    const failed = { ...at({}), files: new Map() }
    const error = { code: 'FileFailed' as const, message: 'Listing / failed.' }
    expect(sentences(failed, { ...at({ state: 'failed', endedAt: 1, error }), files: new Map() })).toEqual([
      'Copying to the board has ended: Listing / failed.',
    ])
    // What had ended before the view was there is old.
    expect(sentences(NO_TRANSFERS, at({ state: 'done', endedAt: 1 }))).toEqual([])
  })
})

describe('a file as text', () => {
  const open = (data: Uint8Array) => documentOf({ path: '/a', data, sha256: 'aa', proof: 'sha256' }, 0)
  const bytes = (text: string) => new TextEncoder().encode(text)

  test('goes back with the line ends it came with', () => {
    for (const [text, lineEnd] of [
      ['a\nb\n', 'lf'],
      ['a\r\nb\r\n', 'crlf'],
      ['a\r\nb\n', 'mixed'],
      ['a\rb', 'mixed'],
      ['', 'lf'],
    ] as const) {
      const document = open(bytes(text))
      expect(document).toMatchObject({ phase: 'text', lineEnd })
      if (document.phase === 'text' && lineEnd !== 'mixed') expect(textToSave(document)).toBe(text)
    }
    const marked = open(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))
    expect(marked.phase === 'text' && bytes(textToSave(marked))).toEqual(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))
  })

  test('is refused where saving it would change bytes that nobody has touched', () => {
    expect(open(new Uint8Array([0x61, 0, 0x62]))).toMatchObject({ phase: 'refused', cause: 'binary' })
    expect(open(new Uint8Array([0xe4, 0x20]))).toMatchObject({ phase: 'refused', cause: 'not-utf8' })
  })
})
