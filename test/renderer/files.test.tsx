import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { DROP_PIECE_BYTES } from '../../shared/limits'
import { aBoard } from '../fakes/fake-bridge'
import { fail } from '../fakes/fake-files'
import { board, computer, grid, lines, marked, names, openFiles, row, rowTexts, transfers } from './support/files-page'
import { openView } from './support/open-view'

const BOARD = { '/lib': null, '/lib/a.py': 'a', '/boot.py': 'boot', '/main.py': 'main on the board', '/calib.json': '{}' }
const LOCAL = { lib: null, 'lib/b.py': 'bb', 'boot.py': 'boot', 'main.py': 'main', 'sweep.py': 'sweep' }

describe('the two folders', () => {
  test('stand side by side with size, change and comparison, folders first', async () => {
    await openFiles({ board: BOARD, local: LOCAL })
    expect(names(computer())).toEqual(['lib', 'boot.py', 'main.py', 'sweep.py'])
    expect(rowTexts(board())).toEqual(['lib | – | ', 'boot.py | 4 B | same size', 'calib.json | 2 B | ', 'main.py | 17 B | differs'])
    expect(grid(board()).getAttribute('aria-rowcount')).toBe('5')
    expect(board().getByText('1.3 of 2.1 MB free')).toBeDefined()
    expect(computer().getByText('3 files, 1 folder · 13 B')).toBeDefined()
  })

  test('are sorted by a column, either way', async () => {
    const { user } = await openFiles({ board: BOARD, local: LOCAL })
    await user.click(board().getByRole('button', { name: 'Size' }))
    expect(names(board())).toEqual(['lib', 'calib.json', 'boot.py', 'main.py'])
    await user.click(board().getByRole('button', { name: 'Size' }))
    expect(names(board())).toEqual(['lib', 'main.py', 'boot.py', 'calib.json'])
    expect(board().getByRole('columnheader', { name: 'Size' }).getAttribute('aria-sort')).toBe('descending')
    // By the keyboard as well.
    grid(computer()).focus()
    await user.tab()
    await user.tab()
    await user.keyboard('{Enter}')
    expect(computer().getByRole('columnheader', { name: 'Size' }).getAttribute('aria-sort')).toBe('ascending')
  })

  test('are marked with the mouse: one, one more, a range', async () => {
    const { user } = await openFiles({ board: BOARD, local: LOCAL })
    await user.click(row(computer(), 'boot.py'))
    await user.keyboard('{Control>}')
    await user.click(row(computer(), 'sweep.py'))
    await user.keyboard('{/Control}')
    expect(marked(computer())).toEqual(['boot.py', 'sweep.py'])
    expect(computer().getByText('2 selected · 9 B')).toBeDefined()
    await user.click(row(computer(), 'lib'))
    await user.keyboard('{Shift>}')
    await user.click(row(computer(), 'main.py'))
    await user.keyboard('{/Shift}')
    expect(marked(computer())).toEqual(['lib', 'boot.py', 'main.py'])
  })

  test('are walked with the keyboard: arrows, Space, Ctrl+A, letters, Enter, Backspace', async () => {
    const { user, bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    grid(board()).focus()
    await user.keyboard('{ArrowDown}{Shift>}{ArrowDown}{/Shift}')
    expect(marked(board())).toEqual(['boot.py', 'calib.json'])
    await user.keyboard('{Control>}{ArrowDown}{/Control} ')
    expect(marked(board())).toEqual(['boot.py', 'calib.json', 'main.py'])
    await user.keyboard('{Control>}a{/Control}')
    expect(marked(board())).toHaveLength(4)
    await user.keyboard('{Escape}')
    expect(marked(board())).toEqual([])
    await user.keyboard('l')
    expect(marked(board())).toEqual(['lib'])
    await user.keyboard('{Enter}')
    await settle()
    expect(names(board())).toEqual(['a.py'])
    await user.keyboard('{Backspace}')
    await settle()
    expect(names(board())).toContain('main.py')
    // Where it came from is where the keyboard stands.
    expect(grid(board()).getAttribute('aria-activedescendant')).toBe(row(board(), 'lib').id)
    expect(bridge.callsOf('files:list').map(({ path }) => path)).toEqual(['/', '/lib', '/'])
    await user.keyboard('{F5}')
    expect(bridge.callsOf('files:list')).toHaveLength(4)
    expect(bridge.callsOf('ports:list')).toHaveLength(0)
  })

  test('are searched; only what is shown can be marked', async () => {
    const { user } = await openFiles({ board: BOARD, local: LOCAL })
    grid(computer()).focus()
    await user.keyboard('{Control>}a{/Control}{Control>}f{/Control}')
    await user.keyboard('.PY')
    expect(names(computer())).toEqual(['boot.py', 'main.py', 'sweep.py'])
    expect(computer().getByText('3 of 4')).toBeDefined()
    expect(marked(computer())).toHaveLength(3)
    await user.keyboard('zzz')
    expect(computer().getByText(/0 of 4 match/)).toBeDefined()
    await user.keyboard('{Escape}')
    expect(names(computer())).toHaveLength(4)
    expect(document.activeElement).toBe(grid(computer()))
  })

  test('ten thousand names are no more rows than fit', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`s-${index}.csv`, 'x']))
    await openFiles({ board: BOARD, local: many })
    expect(grid(computer()).getAttribute('aria-rowcount')).toBe('10001')
    expect(names(computer()).length).toBeLessThan(80)
    expect(names(computer())[2]).toBe('s-2.csv')
  })

  test('the path leads back up', async () => {
    const { user, settle } = await openFiles({ board: BOARD, local: LOCAL })
    await user.dblClick(row(computer(), 'lib'))
    await settle()
    expect(names(computer())).toEqual(['b.py'])
    await user.click(computer().getByRole('button', { name: 'oven' }))
    await settle()
    expect(names(computer())).toContain('sweep.py')
  })
})

describe('the folder of the computer', () => {
  test('is chosen at first, or taken from those that were open before', async () => {
    const { user, bridge, fake, settle } = await openFiles({ board: BOARD, local: LOCAL, isFolderOpen: false, folders: [] })
    expect(computer().getByRole('heading', { name: 'Open a folder of this computer' })).toBeDefined()
    fake.chosen = null
    await user.click(computer().getByRole('button', { name: 'Open folder…' }))
    await settle()
    expect(computer().queryByRole('grid')).toBeNull()
    fake.chosen = { folderId: 'folder-2', name: 'green', path: '/home/ada/green' }
    await user.click(computer().getByRole('button', { name: 'Open folder…' }))
    await settle()
    expect(names(computer())).toContain('main.py')
    expect(bridge.callsOf('local:list').at(-1)).toEqual({ place: { folderId: 'folder-2', path: '' } })
  })

  test('one that is no longer granted is asked for again; a recent one opens with a click, and can be forgotten', async () => {
    const { user, bridge, settle } = await openFiles({
      local: LOCAL,
      isFolderOpen: true,
      folders: [{ folderId: 'folder-9', name: 'other', path: '/home/ada/other' }],
    })
    const recent = computer().getByRole('button', { name: /^other/ })
    await user.click(recent)
    await settle()
    expect(bridge.callsOf('local:list').at(-1)).toEqual({ place: { folderId: 'folder-9', path: '' } })
  })

  test('forgetting a recent folder takes it out of the list', async () => {
    const { user, settle } = await openFiles({ isFolderOpen: false })
    await user.click(computer().getByRole('button', { name: 'Forget oven' }))
    await settle()
    expect(computer().queryByText('Opened before')).toBeNull()
  })
})

describe('copying', () => {
  test('what is marked goes to the folder beside it, by button and by Ctrl+Enter', async () => {
    const { user, bridge, sessionId } = await openFiles({ board: BOARD, local: LOCAL })
    const up = screen.getByRole('toolbar', { name: 'Copy' })
    expect(within(up).getByRole<HTMLButtonElement>('button', { name: 'Copy to the board: nothing is marked' }).disabled).toBe(true)
    await user.click(row(computer(), 'sweep.py'))
    await user.click(within(up).getByRole('button', { name: 'Copy 1 entry to the board' }))
    const local = { folderId: 'folder-1', path: '' }
    expect(bridge.callsOf('files:copy')).toEqual([
      { sessionId, direction: 'toBoard', names: ['sweep.py'], conflict: 'ask', local, boardFolder: '/' },
    ])
    await user.click(row(board(), 'calib.json'))
    grid(board()).focus()
    await user.keyboard('{Control>}{Enter}{/Control}')
    expect(bridge.callsOf('files:copy')[1]).toEqual({
      sessionId,
      direction: 'fromBoard',
      names: ['calib.json'],
      conflict: 'ask',
      local,
      boardFolder: '/',
    })
  })

  test('names are dragged to the other side, also onto a folder there, and not onto their own', async () => {
    const { bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    const data = dragData()
    fireEvent.dragStart(row(computer(), 'sweep.py'), { dataTransfer: data })
    expect(fireEvent.dragOver(row(computer(), 'lib'), { dataTransfer: data })).toBe(true)
    // Not prevented means that it can't be dropped there.
    expect(fireEvent.dragOver(row(board(), 'lib'), { dataTransfer: data })).toBe(false)
    expect(row(board(), 'lib').dataset.target).toBe('true')
    fireEvent.drop(row(board(), 'lib'), { dataTransfer: data })
    await settle()
    expect(bridge.callsOf('files:copy')[0]).toMatchObject({ direction: 'toBoard', names: ['sweep.py'], boardFolder: '/lib' })
    const back = dragData()
    fireEvent.dragStart(row(board(), 'calib.json'), { dataTransfer: back })
    fireEvent.drop(row(computer(), 'lib'), { dataTransfer: back })
    await settle()
    expect(bridge.callsOf('files:copy')[1]).toMatchObject({
      direction: 'fromBoard',
      names: ['calib.json'],
      local: { folderId: 'folder-1', path: 'lib' },
    })
  })

  test('files and folders dropped from the desktop are copied like others: with bytes, rate and time, cancelled or verified', async () => {
    const { user, bridge, settle, fake } = await openFiles({ board: BOARD, local: LOCAL })
    const model = 'x'.repeat(DROP_PIECE_BYTES + 5)
    const data = dragData([
      aFile('new.py', 'print(1)'),
      aFile('model.bin', model),
      aFolder('pkg', [aFile('a.py', 'a'), aFolder('empty', [])]),
    ])
    fireEvent.dragOver(grid(board()), { dataTransfer: data })
    expect(board().getByText('Drop to copy to /')).toBeDefined()
    fireEvent.drop(grid(board()), { dataTransfer: data })
    await settle()
    await waitFor(() => expect(bridge.callsOf('files:copy')).toHaveLength(1))
    await settle()
    expect(bridge.callsOf('local:addDropped').map(({ place, offset, data: piece }) => [place.path, offset, piece?.length ?? null])).toEqual(
      [
        ['new.py', 0, 8],
        ['model.bin', 0, DROP_PIECE_BYTES],
        ['model.bin', DROP_PIECE_BYTES, 5],
        ['pkg', 0, null],
        ['pkg/a.py', 0, 1],
        ['pkg/empty', 0, null],
      ],
    )
    expect(bridge.callsOf('files:copy')[0]).toMatchObject({
      direction: 'toBoard',
      names: ['new.py', 'model.bin', 'pkg'],
      local: { folderId: 'drop-1', path: '' },
      boardFolder: '/',
      conflict: 'ask',
    })
    const [transferId = ''] = [...fake.transfers.keys()]
    await settle(() => fake.tell(transferId, { bytesPerSecond: 100_000 }, [{ index: 1, state: 'copying', doneBytes: 500_000 }]))
    expect(lines()[1]).toBe('model.bin, to the board: 500 kB of 1.0 MB · 100 kB/s · 6 s left')
    await user.click(transfers().getByRole('button', { name: 'Cancel model.bin' }))
    expect(bridge.callsOf('files:cancel')).toEqual([{ transferId, index: 1 }])
    await settle(() => fake.finish(transferId))
    expect(lines()[0]).toBe('new.py, to the board: verified by sha256 · 8 B in 6 ms')
    expect(lines()[1]).toMatch(/^model.bin, to the board: cancelled/)
    expect(new TextDecoder().decode(fake.board.get('/pkg/a.py')?.data ?? undefined)).toBe('a')
  })

  test('a dropped file that is there already asks before it replaces', async () => {
    const { user, bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    fireEvent.drop(grid(board()), { dataTransfer: dragData([aFile('main.py', 'mine')]) })
    const dialog = within(await screen.findByRole('dialog', { name: 'Replace main.py on oven?' }))
    expect(dialog.getByText(/^17 B/)).toBeDefined()
    await user.click(dialog.getByRole('button', { name: 'Replace' }))
    await settle()
    expect(bridge.callsOf('files:resolve')).toEqual([{ transferId: 'transfer-1', decision: 'replace' }])
  })

  test('what can’t be read, or finds no room, is said, and nothing of the drop is copied', async () => {
    const { bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    const unreadable = { ...aFile('gone.bin', 'xx'), slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }) }
    fireEvent.drop(grid(board()), { dataTransfer: dragData([aFile('a.py', 'a'), unreadable]) })
    expect(await screen.findByText(/gone\.bin could not be read\. Nothing was copied\./)).toBeDefined()
    bridge.answer('local:addDropped', () => fail('file-too-large', 'At most 256 MB can be dropped at once.'))
    fireEvent.drop(grid(board()), { dataTransfer: dragData([aFile('b.py', 'b')]) })
    expect(await screen.findByText(/At most 256 MB/)).toBeDefined()
    fireEvent.drop(grid(board()), { dataTransfer: dragData([aFile('c.py', 'c'), aFile('c.py', 'other')]) })
    expect(await screen.findByText(/There are two of the name c\.py/)).toBeDefined()
    await settle()
    expect(bridge.callsOf('files:copy')).toEqual([])
    expect(bridge.callsOf('local:forget')).toEqual([{ folderId: 'drop-1' }, { folderId: 'drop-1' }])
  })
})

describe('changing the computer’s folder', () => {
  test('F2 renames in its place; a name that is taken is refused at once', async () => {
    const { user, bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    await user.dblClick(row(computer(), 'lib'))
    await settle()
    const [name = ''] = names(computer())
    await user.click(row(computer(), name))
    grid(computer()).focus()
    await user.keyboard('{F2}')
    const field = computer().getByRole('textbox', { name: `New name of ${name}` })
    await user.clear(field)
    await user.type(field, 'renamed.py{Enter}')
    await settle()
    expect(bridge.callsOf('local:rename')).toEqual([{ place: { folderId: 'folder-1', path: `lib/${name}` }, name: 'renamed.py' }])
    expect(names(computer())).toContain('renamed.py')
  })

  test('Delete moves what is marked to the trash, after a question; what can’t be moved is said there', async () => {
    const { user, bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    await user.click(row(computer(), 'sweep.py'))
    grid(computer()).focus()
    await user.keyboard('{Delete}')
    const dialog = () => within(screen.getByRole('dialog', { name: 'Move sweep.py to the trash?' }))
    await user.click(dialog().getByRole('button', { name: 'Keep' }))
    expect(bridge.callsOf('local:trash')).toEqual([])
    const usual = bridge.callsOf('local:list').length
    bridge.answer('local:trash', () => fail('local-file', '“sweep.py” could not be put into the trash, and is where it was.'))
    await user.keyboard('{Delete}')
    await user.click(dialog().getByRole('button', { name: 'Move to the trash' }))
    await settle()
    expect(dialog().getByRole('alert').textContent).toMatch(/could not be put into the trash/)
    expect(bridge.callsOf('local:list').length).toBe(usual + 1)
    expect(names(computer())).toContain('sweep.py')
  })

  test('the menu has all of it, and says why something can’t be done', async () => {
    const { user, bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    await user.click(computer().getByRole('button', { name: 'More for these files' }))
    expect(screen.getByRole('menuitem', { name: /^Rename/ }).getAttribute('aria-disabled')).toBe('true')
    await user.keyboard('{Escape}')
    await user.click(row(computer(), 'sweep.py'))
    await user.click(computer().getByRole('button', { name: 'More for these files' }))
    await user.click(screen.getByRole('menuitem', { name: /^Move to the trash/ }))
    await user.click(screen.getByRole('button', { name: 'Move to the trash' }))
    await settle()
    expect(bridge.callsOf('local:trash')).toEqual([{ place: { folderId: 'folder-1', path: '' }, names: ['sweep.py'] }])
    expect(names(computer())).not.toContain('sweep.py')
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe('changing the board’s folder', () => {
  test('removing asks first, with what and how much, and takes folders with all that is in them', async () => {
    const { user, bridge, sessionId, settle } = await openFiles({ board: BOARD, local: LOCAL })
    await user.click(row(board(), 'lib'))
    await user.keyboard('{Control>}')
    await user.click(row(board(), 'main.py'))
    await user.keyboard('{/Control}')
    grid(board()).focus()
    await user.keyboard('{Delete}')
    const dialog = within(await screen.findByRole('dialog', { name: 'Remove 1 file and 1 folder from oven?' }))
    await settle()
    expect(dialog.getByText(/The folder with all that is in it: 1 file\./)).toBeDefined()
    expect(bridge.callsOf('files:remove')).toEqual([])
    await user.click(dialog.getByRole('button', { name: 'Remove 1 file and 1 folder' }))
    await settle()
    expect(bridge.callsOf('files:remove')).toEqual([{ sessionId, paths: ['/lib', '/main.py'], recursive: true }])
    expect(names(board())).toEqual(['boot.py', 'calib.json'])
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('a removal that fails says so where it was asked, and lists what is left', async () => {
    const { user, bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    bridge.answer('files:remove', () => fail('read-only-files', 'The files of oven can only be read.'))
    await user.click(row(board(), 'main.py'))
    grid(board()).focus()
    await user.keyboard('{Delete}')
    await user.click(await screen.findByRole('button', { name: 'Remove it' }))
    await settle()
    expect(within(screen.getByRole('dialog')).getByRole('alert').textContent).toMatch(/can only be read/)
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Keep' }))
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('F2 renames in its place; a name that is taken is refused at once', async () => {
    const { user, bridge, sessionId, settle } = await openFiles({ board: BOARD, local: LOCAL })
    await user.click(row(board(), 'main.py'))
    grid(board()).focus()
    await user.keyboard('{F2}')
    const field = board().getByRole<HTMLInputElement>('textbox', { name: 'New name of main.py' })
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, 4])
    await user.clear(field)
    await user.type(field, 'boot.py{Enter}')
    expect(board().getByRole('alert').textContent).toMatch(/already something called boot.py/)
    expect(bridge.callsOf('files:rename')).toEqual([])
    await user.clear(field)
    await user.type(field, 'app.py{Enter}')
    await settle()
    expect(bridge.callsOf('files:rename')).toEqual([{ sessionId, from: '/main.py', to: '/app.py' }])
    expect(names(board())).toContain('app.py')
    await user.click(row(board(), 'app.py'))
    grid(board()).focus()
    await user.keyboard('{F2}{Escape}')
    expect(board().queryByRole('textbox')).toBeNull()
  })

  test('a new folder gets its name on top of the list', async () => {
    const { user, bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    await user.click(board().getByRole('button', { name: 'New folder' }))
    await user.type(board().getByRole('textbox', { name: 'Name of the new folder' }), 'data{Enter}')
    await settle()
    expect(bridge.callsOf('files:mkdir').map(({ path }) => path)).toEqual(['/data'])
    expect(names(board())).toContain('data')
    await user.click(computer().getByRole('button', { name: 'New folder' }))
    await user.type(computer().getByRole('textbox', { name: 'Name of the new folder' }), 'out{Enter}')
    await settle()
    expect(bridge.callsOf('local:mkdir')).toEqual([{ place: { folderId: 'folder-1', path: 'out' } }])
    expect(names(computer())).toContain('out')
  })

  test('a board that has no folders, can’t rename or does not tell its room offers none of it', async () => {
    const features = aBoard().features.filter(feature => !['folders', 'rename', 'statvfs'].includes(feature))
    const { user } = await openFiles({ board: { '/main.py': 'x' }, session: { board: aBoard({ features }) } })
    expect(board().getByRole<HTMLButtonElement>('button', { name: 'This board has no folders' }).disabled).toBe(true)
    expect(board().getByText('This board does not tell how much room is left.')).toBeDefined()
    await user.click(row(board(), 'main.py'))
    grid(board()).focus()
    await user.keyboard('{F2}')
    expect(board().queryByRole('textbox')).toBeNull()
    await user.click(board().getByRole('button', { name: 'More for these files' }))
    expect(screen.getByRole('menuitem', { name: /Rename/ }).getAttribute('aria-disabled')).toBe('true')
    expect(screen.queryByRole('menuitem', { name: /Install package/ })).toBeNull()
  })
})

describe('when the board can’t be listed', () => {
  test('a listing that waits says for what', async () => {
    const running = { executionId: 'e4', number: 4, startedAt: 0, interrupting: false, interrupt: null }
    const { bridge } = await openFiles({
      board: BOARD,
      session: { state: 'Active', running },
      prepare: () => undefined,
    })
    bridge.answer('files:list', () => new Promise(() => undefined))
    fireEvent.click(board().getByRole('button', { name: 'List this folder anew' }))
    expect(await board().findByText('Listing / waits for execution 4.')).toBeDefined()
    // What was there stays readable.
    expect(names(board())).toContain('main.py')
  })

  test('a failure stands in the pane, with a way to try again', async () => {
    const { user, bridge, settle, fake } = await openFiles({ local: LOCAL })
    bridge.answer('files:list', () => fail('no-reply', 'Listing / of oven was given up: the board did not answer.'))
    await user.click(board().getByRole('button', { name: 'List this folder anew' }))
    await settle()
    expect(board().getByRole('alert').textContent).toMatch(/did not answer/)
    bridge.answer('files:list', ({ path }) => ({ ok: true, value: { path, entries: fake.listing(path) } }))
    await user.click(board().getByRole('button', { name: 'Retry' }))
    await settle()
    expect(board().queryByRole('alert')).toBeNull()
    expect(board().getByText(/This folder is empty/)).toBeDefined()
  })

  test('a folder that can’t be listed shows no rows of another one', async () => {
    const { user, bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    bridge.answer('files:list', () => fail('file-not-found', 'There is no /lib on oven.'))
    await user.dblClick(row(board(), 'lib'))
    await settle()
    expect(names(board())).toEqual([])
    expect(board().getByRole('button', { name: 'Go to /' })).toBeDefined()
  })

  test('a session that only watches offers to take over', async () => {
    const { user, bridge, sessionId } = await openFiles({ board: BOARD, session: { attachment: 'watching' } })
    expect(bridge.callsOf('files:list')).toEqual([])
    await user.click(board().getByRole('button', { name: 'Take over' }))
    expect(bridge.callsOf('sessions:takeOver')).toEqual([{ sessionId }])
  })

  test('a lost board keeps what was listed, says from when, and is listed anew when it is back', async () => {
    const { bridge, tell } = await openFiles({ board: BOARD, local: LOCAL })
    await tell({ state: 'Error' })
    expect(board().getByText(/^The board is lost\. This is what was here at \d\d:\d\d:\d\d\.$/)).toBeDefined()
    expect(names(board())).toContain('main.py')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Copy to the board: the board is lost' }).disabled).toBe(true)
    const listed = bridge.callsOf('files:list').length
    await tell({ state: 'Idle' })
    await waitFor(() => expect(bridge.callsOf('files:list')).toHaveLength(listed + 1))
  })

  test('leaving the view ends its subscription; coming back finds the folder it was in', async () => {
    const { user, bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    await user.dblClick(row(board(), 'lib'))
    await settle()
    expect(bridge.subscriptionsOf('files:transfers')).toHaveLength(1)
    await user.click(screen.getByRole('tab', { name: 'Details' }))
    expect(bridge.subscriptionsOf('files:transfers')).toHaveLength(0)
    await user.click(screen.getByRole('tab', { name: 'Files' }))
    expect(names(board())).toEqual(['a.py'])
  })

  test('a group has no files', async () => {
    await openView('Details', { backend: 'none' })
    expect(screen.queryByRole('tab', { name: 'Files' })).toBeNull()
  })
})

type Dropped = FakeFile | FakeFolder

interface FakeFile {
  readonly name: string
  readonly size: number
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> }
}

interface FakeFolder {
  readonly name: string
  readonly children: readonly Dropped[]
}

function aFile(name: string, text: string): FakeFile {
  const { buffer, length } = new TextEncoder().encode(text)
  return { name, size: length, slice: (from, to) => ({ arrayBuffer: async () => buffer.slice(from, to) as ArrayBuffer }) }
}

function aFolder(name: string, children: readonly Dropped[]): FakeFolder {
  return { name, children }
}

/** As the browser shows a file or a folder that is dropped; a folder tells what is in it in several answers. */
function entryOf(dropped: Dropped): unknown {
  if (!('children' in dropped)) return { name: dropped.name, isDirectory: false, file: (done: (file: FakeFile) => void) => done(dropped) }
  const left = dropped.children.map(entryOf)
  return {
    name: dropped.name,
    isDirectory: true,
    createReader: () => ({ readEntries: (done: (some: readonly unknown[]) => void) => done(left.splice(0, 1)) }),
  }
}

/** As much of a drag as a page may see. */
function dragData(dropped: readonly Dropped[] = []) {
  const types: string[] = dropped.length > 0 ? ['Files'] : []
  return {
    types,
    files: dropped,
    items: dropped.map(thing => ({
      kind: 'file',
      webkitGetAsEntry: () => entryOf(thing),
      getAsFile: () => ('children' in thing ? null : thing),
    })),
    dropEffect: 'none',
    effectAllowed: 'all',
    setData: (type: string) => void types.push(type),
  }
}
