import { screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { aTransfer, aTransferFile } from '../fakes/fake-bridge'
import { board, computer, lines, names, openFiles, row, rowTexts, transfers } from './support/files-page'

const BOARD = { '/main.py': 'main on the board', '/old.py': 'old' }
const LOCAL = { 'main.py': 'main', 'calib.json': '{}', 'model.bin': 'x'.repeat(1_000_000) }

async function copyUp(...marked: readonly string[]) {
  const page = await openFiles({ board: BOARD, local: LOCAL })
  for (const [index, name] of marked.entries()) {
    if (index > 0) await page.user.keyboard('{Control>}')
    await page.user.click(row(computer(), name))
  }
  await page.user.keyboard('{/Control}')
  await page.user.click(screen.getByRole('button', { name: /^Copy \d+ entr.* to the board$/ }))
  await page.settle()
  return page
}

describe('a transfer', () => {
  test('is followed from the first byte to its proof; the board’s folder shows what has arrived', async () => {
    const { user, fake, settle } = await copyUp('model.bin')
    expect(lines()).toEqual(['model.bin, to the board: waiting'])
    await settle(() =>
      fake.tell('transfer-1', { doneBytes: 430_000, bytesPerSecond: 612_000, secondsLeft: 1 }, [
        { index: 0, state: 'copying', doneBytes: 430_000 },
      ]),
    )
    expect(lines()).toEqual(['model.bin, to the board: 430 kB of 1.0 MB · 612 kB/s · 1 s left'])
    const bar = transfers().getByRole('progressbar', { name: 'model.bin, to the board' })
    expect(bar.getAttribute('aria-valuenow')).toBe('43')
    expect(transfers().getByText('0 of 1 file · 430 kB of 1.0 MB · 612 kB/s · 1 s left')).toBeDefined()
    expect(rowTexts(board())).toContain('model.bin | 430 kB | arriving')
    await settle(() => fake.finish('transfer-1'))
    expect(lines()).toEqual(['model.bin, to the board: verified by sha256 · 1.0 MB in 6 ms'])
    expect(rowTexts(board())).toContain('model.bin | 1.0 MB | verified')
    expect(transfers().getByText('1 copied')).toBeDefined()
    await user.click(transfers().getByRole('button', { name: 'Clear ended' }))
    await settle()
    expect(screen.queryByRole('region', { name: 'Transfers' })).toBeNull()
    expect(rowTexts(board())).toContain('model.bin | 1.0 MB | verified')
    expect(screen.getByRole('status', { name: 'Transfers, spoken' }).textContent).not.toBe('')
  })

  test('is cancelled file by file or as a whole, taken up again, and put away', async () => {
    const { user, bridge, fake, settle } = await copyUp('calib.json', 'model.bin')
    await user.click(transfers().getByRole('button', { name: 'Cancel model.bin' }))
    await settle()
    expect(bridge.callsOf('files:cancel')).toEqual([{ transferId: 'transfer-1', index: 1 }])
    expect(lines()[1]).toBe('model.bin, to the board: cancelled')
    await settle(() => fake.tell('transfer-1', { state: 'cancelled', endedAt: 1 }, [{ index: 0, state: 'done', proof: 'sha256' }]))
    await user.click(transfers().getByRole('button', { name: 'Retry model.bin' }))
    await settle()
    expect(bridge.callsOf('files:retry')).toEqual([{ transferId: 'transfer-1' }])
    expect(lines()[1]).toBe('model.bin, to the board: waiting')
    await user.click(transfers().getByRole('button', { name: 'Cancel all' }))
    await settle()
    expect(bridge.callsOf('files:cancel').at(-1)).toEqual({ transferId: 'transfer-1' })
    await user.click(transfers().getByRole('button', { name: 'Put away: calib.json' }))
    expect(lines()).toHaveLength(1)
    expect(bridge.callsOf('files:dismiss')).toEqual([])
    await user.click(transfers().getByRole('button', { name: 'Put away: model.bin' }))
    await settle()
    expect(bridge.callsOf('files:dismiss')).toEqual([{ transferId: 'transfer-1' }])
    expect(screen.queryByRole('region', { name: 'Transfers' })).toBeNull()
  })

  test('that fails says the cause; one verified by size only warns', async () => {
    const { fake, settle } = await copyUp('calib.json', 'model.bin')
    fake.board.set('/calib.json', { data: new TextEncoder().encode('{}'), modifiedAt: 1 })
    await settle(() =>
      fake.tell('transfer-1', { state: 'failed', endedAt: Date.now() }, [
        { index: 0, state: 'done', proof: 'size', doneBytes: 2, durationMs: 5 },
        {
          index: 1,
          state: 'failed',
          error: { code: 'FileFailed', reason: 'disk-full', message: 'There is no room for model.bin (1.0 MB): 61 kB are free.' },
        },
      ]),
    )
    expect(lines()).toEqual([
      'calib.json, to the board: verified by size only · 2 B in 5 ms',
      'model.bin, to the board: There is no room for model.bin (1.0 MB): 61 kB are free.',
    ])
    const [first, second] = transfers().getAllByRole('listitem')
    expect([first?.dataset.tone, second?.dataset.tone]).toEqual(['warn', 'bad'])
    expect(rowTexts(board())).toContain('calib.json | 2 B | size only')
  })

  test('waits for a board that is lost, and says so', async () => {
    const { tell } = await copyUp('model.bin')
    await tell({ state: 'Error' })
    expect(lines()).toEqual(['model.bin, to the board: waits for the board'])
  })

  test('of many files is one line with all of them under it; hundreds are no more rows than fit', async () => {
    const { user, fake, settle, sessionId } = await openFiles({ board: BOARD, local: LOCAL })
    const files = Array.from({ length: 400 }, (_, index) =>
      aTransferFile({
        index,
        name: `lib/${index}.py`,
        boardPath: `/lib/${index}.py`,
        state: index === 0 ? 'done' : 'waiting',
        proof: 'sha256',
      }),
    )
    const transfer = aTransfer({
      sessionId,
      fileCount: 400,
      totalBytes: 400_000,
      doneBytes: 1_000,
      bytesPerSecond: 1_000,
      secondsLeft: 399,
    })
    await settle(() => fake.add(transfer, files))
    expect(lines()).toEqual(['400 files, to the board: 1 of 400 files · 1.0 kB of 400 kB · 1.0 kB/s · 7 min left'])
    await user.click(transfers().getByRole('button', { name: '400 files' }))
    expect(lines()[1]).toMatch(/^lib\/0.py, to the board: verified by sha256/)
    expect(lines().length).toBeLessThan(60)
  })

  test('that was there before the page is shown as it stands', async () => {
    const { sessionId } = await openFiles({
      prepare: fake => fake.add(aTransfer({ sessionId: 'any' }), [aTransferFile({ name: 'before.py' })]),
    })
    expect(sessionId).not.toBe('')
    expect(lines()[0]).toMatch(/^before.py/)
  })
})

describe('files that would be replaced', () => {
  test('are asked about with both sizes and dates, one by one or all at once', async () => {
    const { user, bridge, fake, settle } = await openFiles({
      board: { '/main.py': 'main on the board', '/calib.json': 'four' },
      local: LOCAL,
      at: new Date(2024, 1, 3).getTime(),
    })
    await user.click(row(computer(), 'main.py'))
    await user.keyboard('{Control>}a{/Control}')
    await user.click(row(computer(), 'calib.json'))
    await user.keyboard('{Control>}')
    await user.click(row(computer(), 'main.py'))
    await user.keyboard('{/Control}')
    await user.click(screen.getByRole('button', { name: 'Copy 2 entries to the board' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Replace 2 files on oven?' }))
    await settle()
    const [main] = dialog.getAllByRole('listitem')
    expect(main?.textContent).toMatch(/New, Computer4 B · changed 3 Feb 2024Old, Board17 B · changed 3 Feb 2024/)
    await user.click(dialog.getByRole('button', { name: 'Skip main.py' }))
    await settle()
    expect(bridge.callsOf('files:resolve')).toEqual([{ transferId: 'transfer-1', decision: 'skip', indices: [0] }])
    await user.click(screen.getByRole('button', { name: 'Replace' }))
    await settle()
    expect(bridge.callsOf('files:resolve').at(-1)).toEqual({ transferId: 'transfer-1', decision: 'replace' })
    expect(screen.queryByRole('dialog')).toBeNull()
    await settle(() => fake.finish('transfer-1'))
    expect(lines()).toEqual(['main.py, to the board: left as it is', 'calib.json, to the board: verified by sha256 · 2 B in 6 ms'])
  })

  test('can be answered later', async () => {
    const { user, bridge, settle } = await copyUp('main.py')
    const dialog = await screen.findByRole('dialog', { name: 'Replace main.py on oven?' })
    dialog.dispatchEvent(new Event('close'))
    await settle()
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(bridge.callsOf('files:resolve')).toEqual([])
    expect(lines()[0]).toBe('main.py, to the board: waits for your answer · 1 file would be replaced')
    await user.click(transfers().getByRole('button', { name: 'Answer…' }))
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Cancel the copy' }))
    await settle()
    expect(bridge.callsOf('files:cancel')).toEqual([{ transferId: 'transfer-1' }])
  })
})

describe('sync', () => {
  test('shows what would be done, and does no more; strays go only when it is asked for', async () => {
    const { user, bridge, settle, sessionId } = await openFiles({ board: BOARD, local: LOCAL })
    await user.click(screen.getByRole('button', { name: 'Sync the two folders…' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Sync oven and / of oven' }))
    await settle()
    const plan = within(dialog.getByRole('region', { name: 'What would be done' }))
    expect(plan.getByText('Add').parentElement?.textContent).toBe('Add2 filesnot there yet')
    expect(plan.getByText('Strays').parentElement?.textContent).toBe('Strays1 fileonly on oven; kept')
    expect(bridge.callsOf('files:sync')).toEqual([])
    await user.click(dialog.getByRole('switch', { name: 'Remove strays' }))
    expect(plan.getByText('Remove').parentElement?.textContent).toBe('Remove1 fileonly on oven')
    await user.click(dialog.getByRole('radio', { name: /^To the computer/ }))
    await settle()
    await user.click(dialog.getByRole('radio', { name: /^To the board/ }))
    await settle()
    expect(bridge.callsOf('files:compare').map(({ direction }) => direction)).toEqual(['toBoard', 'fromBoard', 'toBoard'])
    await user.click(dialog.getByRole('button', { name: 'Sync: copy 3, remove 1' }))
    await settle()
    expect(bridge.callsOf('files:sync')).toEqual([
      {
        sessionId,
        direction: 'toBoard',
        deleteStrays: true,
        conflict: 'replace',
        local: { folderId: 'folder-1', path: '' },
        boardFolder: '/',
      },
    ])
    expect(screen.queryByRole('dialog')).toBeNull()
    // The comparison has told what differs.
    expect(rowTexts(board()).find(text => text.startsWith('main.py'))).toMatch(/waiting|differs/)
  })

  test('of equal folders has nothing to do', async () => {
    const { user, settle } = await openFiles({ board: { '/a.py': 'a' }, local: { 'a.py': 'a' } })
    await user.click(screen.getByRole('button', { name: 'Sync the two folders…' }))
    await settle()
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Nothing to do' }).disabled).toBe(true)
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(rowTexts(board())).toEqual(['a.py | 1 B | same'])
  })

  test('that can’t compare says so, and tries again', async () => {
    const { user, bridge, settle } = await openFiles({ board: BOARD, local: LOCAL })
    bridge.fail('files:compare', { code: 'OperationTimeout', message: 'The board did not answer.' })
    await user.click(screen.getByRole('button', { name: 'Sync the two folders…' }))
    await settle()
    const dialog = within(screen.getByRole('dialog'))
    expect(dialog.getByRole('alert').textContent).toMatch(/did not answer/)
    await user.click(dialog.getByRole('button', { name: 'Retry' }))
    await settle()
    expect(bridge.callsOf('files:compare')).toHaveLength(2)
  })
})

test('a comparison by hash tells what is the same', async () => {
  const { user, settle } = await openFiles({ board: { '/a.py': 'a', '/b.py': 'b' }, local: { 'a.py': 'a', 'b.py': 'c' } })
  expect(rowTexts(board())).toEqual(['a.py | 1 B | same size', 'b.py | 1 B | same size'])
  await user.click(board().getByRole('button', { name: 'More for these files' }))
  await user.click(screen.getByRole('menuitem', { name: 'Compare by hash' }))
  await settle()
  expect(rowTexts(board())).toEqual(['a.py | 1 B | same', 'b.py | 1 B | differs'])
  expect(screen.getByText('Compared by hash: 1 the same, 1 differs.')).toBeDefined()
  expect(names(board())).toHaveLength(2)
})
