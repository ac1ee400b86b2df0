import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { HistoryEntry } from '../../shared/model'
import { aHistoryEntry } from '../fakes/fake-bridge'
import { openView } from './support/open-view'

const list = () => screen.getByRole('listbox', { name: 'Events of this session' })
const texts = () =>
  within(list())
    .getAllByRole('option')
    .map(option => option.querySelector('.event-text')?.textContent)
const at = (second: number) => new Date(2026, 0, 1, 14, 2, second, 42).getTime()

const LIFE: readonly HistoryEntry[] = [
  aHistoryEntry(1, { at: at(1), type: 'created', text: 'oven is being opened.' }),
  aHistoryEntry(2, { at: at(2), type: 'connected', text: 'oven is ready.' }),
  aHistoryEntry(3, { at: at(11), type: 'disconnected', tone: 'bad', text: 'oven was lost.' }),
  aHistoryEntry(4, { at: at(12), type: 'connected', text: 'oven is connected again.' }),
]

const openEvents = (entries: readonly HistoryEntry[] = LIFE) =>
  openView('Events', {}, bridge => {
    bridge.history = entries
  })

describe('Events', () => {
  test('B-35: each has its time, type and sentence, oldest first; the tab counts them', async () => {
    const { bridge, settle } = await openEvents()
    await waitFor(() => expect(texts()).toEqual(LIFE.map(({ text }) => text)))
    const first = within(list()).getAllByRole('option')[0]
    expect(first?.textContent).toContain('Created')
    expect(first?.querySelector('time')?.dateTime).toBe(new Date(at(1)).toISOString())
    expect(screen.getByRole('tab', { name: 'Events 4' })).toBeDefined()
    await settle(() => bridge.addHistory(aHistoryEntry(5, { type: 'idle', tone: 'warn', text: 'Nothing was read for 10 s.' })))
    expect(texts().at(-1)).toBe('Nothing was read for 10 s.')
    expect(screen.getByRole('tab', { name: 'Events 5' })).toBeDefined()
  })

  test('only those of this session are asked for, and one subscription tells the tab and the list', async () => {
    const { bridge, sessionId, end } = await openEvents()
    expect(bridge.subscriptionsOf('history:entries')).toEqual([{ sessionId }])
    end()
    expect(bridge.subscriptionCount).toBe(0)
  })

  test('B-35: types are chosen by chips with counts, and text is searched', async () => {
    const { user } = await openEvents()
    const chips = within(screen.getByRole('group', { name: 'Types' }))
    await waitFor(() =>
      expect(chips.getAllByRole('button').map(chip => chip.textContent)).toEqual(['All 4', 'Created 1', 'Connected 2', 'Disconnected 1']),
    )
    await user.click(chips.getByRole('button', { name: 'Connected 2' }))
    expect(texts()).toEqual(['oven is ready.', 'oven is connected again.'])
    await user.click(chips.getByRole('button', { name: 'Disconnected 1' }))
    expect(texts()).toHaveLength(3)
    await user.type(screen.getByRole('searchbox', { name: 'Search the events' }), 'LOST oven')
    expect(texts()).toEqual(['oven was lost.'])
    await user.type(screen.getByRole('searchbox', { name: 'Search the events' }), ' nowhere')
    await user.click(screen.getByRole('button', { name: 'clear filter' }))
    expect(texts()).toHaveLength(4)
    expect(chips.getByRole('button', { name: 'All 4' }).getAttribute('aria-pressed')).toBe('true')
  })

  test('a row is marked with the arrow keys and copied', async () => {
    const { user } = await openEvents()
    await waitFor(() => expect(texts()).toHaveLength(4))
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Copy the marked event' }).disabled).toBe(true)
    list().focus()
    await user.keyboard('{ArrowUp}{ArrowUp}')
    const marked = within(list()).getByRole('option', { selected: true })
    expect(marked.textContent).toContain('oven was lost.')
    expect(list().getAttribute('aria-activedescendant')).toBe(marked.id)
    await user.keyboard('{Control>}c{/Control}')
    const line = `${new Date(at(11)).toISOString()}\tDisconnected\tttyACM0\t/dev/ttyACM0\toven was lost.`
    expect(await navigator.clipboard.readText()).toBe(line)
    await user.keyboard('{Home}')
    await user.click(screen.getByRole('button', { name: 'Copy the marked event' }))
    expect(await navigator.clipboard.readText()).toContain('oven is being opened.')
  })

  test('all of them are exported as CSV or JSON lines, whatever is shown; a refusal is told', async () => {
    const { bridge, user, sessionId } = await openEvents()
    await waitFor(() => expect(texts()).toHaveLength(4))
    await user.click(screen.getByRole('button', { name: 'Export' }))
    expect(screen.getByText('All 4 events, whatever is shown')).toBeDefined()
    await user.click(screen.getByRole('menuitem', { name: 'CSV…' }))
    expect(await screen.findByText('4 events saved to /home/user/events.csv')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Export' }))
    await user.click(screen.getByRole('menuitem', { name: 'JSON lines…' }))
    expect(bridge.callsOf('history:save')).toEqual([
      { sessionId, format: 'csv' },
      { sessionId, format: 'jsonl' },
    ])
    bridge.fail('history:save', { code: 'internal', message: 'The disk is full.' })
    await user.click(screen.getByRole('button', { name: 'Export' }))
    await user.click(screen.getByRole('menuitem', { name: 'CSV…' }))
    expect((await screen.findByRole('alert')).textContent).toContain('The disk is full.')
  })

  test('without any it says what belongs there', async () => {
    await openEvents([])
    expect(screen.getByText(/^What happens to this session is listed here/)).toBeDefined()
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Export' }).disabled).toBe(true)
  })

  test('of thousands only those that fit are drawn, and the newest is in view until it is scrolled away from', async () => {
    const many = Array.from({ length: 5_000 }, (_, index) => aHistoryEntry(index + 1, { text: `entry ${index + 1}` }))
    const { bridge, user, settle } = await openEvents(many)
    await waitFor(() => expect(texts().length).toBeGreaterThan(10))
    expect(texts().length).toBeLessThan(100)
    const rows = list()
    expect(rows.scrollTop).toBe(5_000 * 24)
    expect(screen.getByRole('tab', { name: 'Events 999+' })).toBeDefined()

    // Scrolled up: the entry at the top stays where it is, also when the oldest are dropped.
    Object.defineProperty(rows, 'scrollHeight', { configurable: true, value: 5_000 * 24 })
    rows.scrollTop = 2_400
    fireEvent.scroll(rows)
    await settle(() => bridge.addHistory(...Array.from({ length: 10 }, (_, index) => aHistoryEntry(5_001 + index))))
    expect(rows.scrollTop).toBe(2_400 - 10 * 24)
    await user.click(screen.getByRole('button', { name: 'Newest' }))
    fireEvent.scroll(rows, { target: { scrollTop: 5_000 * 24 - 600 } })
    expect(screen.queryByRole('button', { name: 'Newest' })).toBeNull()
  })
})
