import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { FILE_READ_MAX_BYTES } from '../../shared/limits'
import { aBoard } from '../fakes/fake-bridge'
import { board, names, openFiles, row } from './support/files-page'

const BOARD = {
  '/main.py': 'print(1)\n',
  '/dos.py': 'a\r\nb\r\n',
  '/model.bin': new Uint8Array([1, 0, 2]),
  '/latin.txt': new Uint8Array([0xe4, 0x20]),
}

async function openInEditor(name: string, options: Parameters<typeof openFiles>[0] = {}) {
  const page = await openFiles({ board: BOARD, local: { 'a.py': 'a' }, ...options })
  await page.user.dblClick(row(board(), name))
  await page.settle()
  return page
}

const text = (name: string) => screen.getByRole<HTMLTextAreaElement>('textbox', { name: `Text of /${name}` })
const write = (name: string, value: string): void => void fireEvent.input(text(name), { target: { value } })
const textOf = (data: Uint8Array | null | undefined): string => new TextDecoder().decode(data ?? undefined)

describe('a file of the board in the editor', () => {
  test('is saved in one step, only over the file that was opened', async () => {
    const { user, bridge, fake, settle } = await openInEditor('main.py')
    expect(text('main.py').value).toBe('print(1)\n')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Save Ctrl/ }).disabled).toBe(true)
    write('main.py', 'print(2)\n')
    expect(screen.getByText('not saved')).toBeDefined()
    await user.keyboard('{Control>}s{/Control}')
    await settle()
    const [written] = bridge.callsOf('files:write')
    expect(written).toMatchObject({ path: '/main.py', data: 'print(2)\n' })
    expect(written?.ifSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(screen.getByText(/^saved \d\d:\d\d:\d\d · verified by sha256$/)).toBeDefined()
    // The next save knows the file that this one has made.
    write('main.py', 'print(3)\n')
    await user.keyboard('{Control>}s{/Control}')
    await settle()
    expect(textOf(fake.board.get('/main.py')?.data)).toBe('print(3)\n')
  })

  test('keeps its line ends, and is unsaved only while it differs', async () => {
    const { user, bridge, settle } = await openInEditor('dos.py')
    expect(text('dos.py').value).toBe('a\nb\n')
    write('dos.py', 'a\nc\n')
    write('dos.py', 'a\nb\n')
    expect(screen.queryByText('not saved')).toBeNull()
    write('dos.py', 'a\nc\n')
    await user.keyboard('{Control>}s{/Control}')
    await settle()
    expect(bridge.callsOf('files:write')[0]?.data).toBe('a\r\nc\r\n')
  })

  test('that has changed on the board meanwhile is not overwritten: replace, reload or another name', async () => {
    const { user, bridge, fake, settle } = await openInEditor('main.py')
    const change = async (mine: string): Promise<void> => {
      fake.board.set('/main.py', { data: new TextEncoder().encode('theirs'), modifiedAt: 1 })
      write('main.py', mine)
      await user.keyboard('{Control>}s{/Control}')
      await settle()
      expect(screen.getByRole('alert').textContent).toMatch(/^\/main.py has changed on oven since you opened it/)
      expect(textOf(fake.board.get('/main.py')?.data)).toBe('theirs')
    }
    await change('mine')
    expect(text('main.py').value).toBe('mine')
    await user.click(screen.getByRole('button', { name: 'Replace it with mine' }))
    await settle()
    expect(textOf(fake.board.get('/main.py')?.data)).toBe('mine')
    expect(bridge.callsOf('files:write').at(-1)).not.toHaveProperty('ifSha256')

    await change('mine again')
    await user.click(screen.getByRole('button', { name: 'Reload, drop mine' }))
    await settle()
    expect(text('main.py').value).toBe('theirs')
    expect(screen.queryByRole('alert')).toBeNull()

    fake.board.set('/main.py', { data: new TextEncoder().encode('others'), modifiedAt: 2 })
    write('main.py', 'mine at last')
    await user.keyboard('{Control>}s{/Control}')
    await settle()
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Save as…' }))
    const dialog = within(screen.getByRole('dialog'))
    await user.clear(dialog.getByRole('textbox', { name: 'Name' }))
    await user.type(dialog.getByRole('textbox', { name: 'Name' }), 'dos.py{Enter}')
    await settle()
    expect(dialog.getByText('There is already a file called dos.py in this folder.')).toBeDefined()
    await user.clear(dialog.getByRole('textbox', { name: 'Name' }))
    await user.type(dialog.getByRole('textbox', { name: 'Name' }), 'copy.py{Enter}')
    await settle()
    expect(textOf(fake.board.get('/copy.py')?.data)).toBe('mine at last')
    expect(textOf(fake.board.get('/main.py')?.data)).toBe('others')
    expect(screen.getByRole('region', { name: 'Editor: copy.py' })).toBeDefined()
  })

  test('that has gone from the board is written anew only on demand, and then is listed', async () => {
    const { user, fake, settle } = await openInEditor('main.py')
    fake.board.delete('/main.py')
    write('main.py', 'mine')
    await user.keyboard('{Control>}s{/Control}')
    await settle()
    expect(screen.getByRole('alert').textContent).toMatch(/^\/main\.py has gone from oven since you opened it/)
    await user.click(screen.getByRole('button', { name: 'Write it anew' }))
    await settle()
    expect(textOf(fake.board.get('/main.py')?.data)).toBe('mine')
    await user.click(screen.getByRole('button', { name: 'Back to the folders' }))
    expect(names(board())).toContain('main.py')
  })

  test('asks before unsaved changes are dropped, and keeps them while another view is looked at', async () => {
    const { user, bridge, settle } = await openInEditor('main.py')
    write('main.py', 'unsaved')
    await user.click(screen.getByRole('tab', { name: 'Details' }))
    // The tab says that there is something.
    await user.click(screen.getByRole('tab', { name: 'Files , a text is not saved' }))
    await settle()
    expect(text('main.py').value).toBe('unsaved')
    await user.click(screen.getByRole('button', { name: 'Close main.py' }))
    const dialog = within(screen.getByRole('dialog', { name: 'Save main.py before closing it?' }))
    expect(document.activeElement).toBe(dialog.getByRole('button', { name: 'Save' }))
    await user.click(dialog.getByRole('button', { name: 'Go on editing' }))
    expect(text('main.py').value).toBe('unsaved')
    await user.click(screen.getByRole('button', { name: 'Close main.py' }))
    await user.click(screen.getByRole('button', { name: 'Drop the changes' }))
    expect(names(board())).toContain('main.py')
    expect(bridge.callsOf('files:write')).toEqual([])
  })

  test('stays when its session is closed: that is said, and it is there again with the next one', async () => {
    const { bridge, stores, settle, sessionId, user } = await openInEditor('main.py')
    write('main.py', 'unsaved')
    const session = bridge.sessions.find(other => other.sessionId === sessionId)
    if (session === undefined) throw new Error('There is no session.')
    await settle(() => bridge.setSession({ ...session, state: 'Disposed' }, 'disposed'))
    expect(stores.notices.getState().lastEvent?.text).toMatch(/^\/main\.py is not saved on oven: its text is kept/)
    await settle(() => bridge.setSession({ ...session, sessionId: 'session-next' }, 'connected'))
    await user.click(screen.getByRole('tab', { name: /^Files/ }))
    await settle()
    expect(text('main.py').value).toBe('unsaved')
  })

  test('saves and closes in one go; without changes it just closes', async () => {
    const { user, fake, settle } = await openInEditor('main.py')
    await user.click(screen.getByRole('button', { name: 'Back to the folders' }))
    expect(names(board())).toContain('main.py')
    await user.dblClick(row(board(), 'main.py'))
    await settle()
    write('main.py', 'done')
    await user.click(screen.getByRole('button', { name: 'Close main.py' }))
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Save' }))
    await settle()
    expect(textOf(fake.board.get('/main.py')?.data)).toBe('done')
    expect(names(board())).toContain('main.py')
  })

  test('can be a new one, which must not be there yet', async () => {
    const { user, bridge, settle } = await openFiles({ board: BOARD })
    await user.click(board().getByRole('button', { name: 'More for these files' }))
    await user.click(screen.getByRole('menuitem', { name: 'New file…' }))
    await user.type(board().getByRole('textbox', { name: 'Name of the new file' }), 'new.py{Enter}')
    expect(screen.getByText('new, not saved')).toBeDefined()
    await user.keyboard('{Control>}s{/Control}')
    await settle()
    expect(bridge.callsOf('files:write')).toEqual([expect.objectContaining({ path: '/new.py', ifSha256: null, data: '' })])
    await user.click(screen.getByRole('button', { name: 'Back to the folders' }))
    expect(names(board())).toContain('new.py')
  })

  test.each([
    ['model.bin', 'Its 3 B are no text.'],
    ['latin.txt', 'Its text is not UTF-8: saving it from here would change bytes that you have not touched.'],
  ])('%s is refused, and offered for the computer', async (name, sentence) => {
    const { user, bridge } = await openInEditor(name)
    expect(screen.getByText(sentence)).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Copy it to the computer' }))
    expect(bridge.callsOf('files:copy')[0]).toMatchObject({ direction: 'fromBoard', names: [name], boardFolder: '/' })
  })

  test('what is too large is not even read', async () => {
    const { bridge } = await openInEditor('huge.log', { board: { '/huge.log': new Uint8Array(FILE_READ_MAX_BYTES + 1) } })
    expect(screen.getByText('It has 4.2 MB; the editor opens files of up to 4.2 MB.')).toBeDefined()
    expect(bridge.callsOf('files:read')).toEqual([])
  })

  test('nothing can be saved while the board is lost, and nothing is lost by it', async () => {
    const { tell, user, bridge } = await openInEditor('main.py')
    write('main.py', 'kept')
    await tell({ state: 'Error' })
    await user.keyboard('{Control>}s{/Control}')
    expect(bridge.callsOf('files:write')).toEqual([])
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Save Ctrl/ }).disabled).toBe(true)
    await tell({ state: 'Idle' })
    expect(text('main.py').value).toBe('kept')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Save Ctrl/ }).disabled).toBe(false)
  })
})

describe('packages', () => {
  async function openDialog() {
    const page = await openFiles({ session: { board: aBoard({ features: [...aBoard().features, 'mip'] }) } })
    await page.user.click(board().getByRole('button', { name: 'More for these files' }))
    await page.user.click(screen.getByRole('menuitem', { name: 'Install package…' }))
    return { ...page, dialog: within(screen.getByRole('dialog', { name: 'Install a package on oven' })) }
  }
  const answer = (stdout: string) => ({
    ok: true as const,
    value: { executionId: 'e1', number: 1, outcome: 'ok' as const, stdout, stdoutBytes: stdout.length, durationMs: 1_200 },
  })

  test('are installed by name, version and folder; the board’s own words tell how it went', async () => {
    const { user, bridge, dialog, settle, sessionId } = await openDialog()
    bridge.answer('packages:install', () => answer('Installing umqtt.simple\nDone\n'))
    await user.type(dialog.getByRole('textbox', { name: 'Package' }), 'umqtt.simple')
    await user.type(dialog.getByRole('textbox', { name: 'Version' }), '1.2')
    await user.click(dialog.getByRole('button', { name: 'Install' }))
    await settle()
    expect(bridge.callsOf('packages:install')).toEqual([{ sessionId, name: 'umqtt.simple', version: '1.2' }])
    expect(dialog.getByRole('status').textContent).toBe('Installed in 1.2 s. Done')
    // It prints that it failed, and ends well.
    bridge.answer('packages:install', () => answer('Package not found: umqtt\nPackage may be partially installed\n'))
    await user.click(dialog.getByRole('button', { name: 'Install' }))
    await settle()
    expect(dialog.getByRole('status').textContent).toBe('Not installed. Package may be partially installed')
    await user.click(dialog.getByRole('button', { name: 'Show the console' }))
    expect(screen.getByRole('tab', { name: 'Console' }).getAttribute('aria-selected')).toBe('true')
  })
})
