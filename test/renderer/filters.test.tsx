import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { chainLinks } from '../../renderer/features/filters/chain-rows'
import type { FilterInfo } from '../../shared/model'
import { aFilter } from '../fakes/fake-bridge'
import { openView, PORT } from './support/open-view'

const CODEC = aFilter('lines', 'textCodec', { settings: { delimiter: '\r\n' } })

const chain = () => within(screen.getByRole('list', { name: 'Filter chain, from the port to the readers' }))
/** The rows and the types between them, as they stand. */
const order = () =>
  chain()
    .getAllByRole('listitem')
    .map(item => item.querySelector('.chain-name, b')?.textContent ?? item.textContent)
const row = (name: string) => within(chain().getByRole('article', { name: new RegExp(`^${name},`) }))

async function openFilters(filters: readonly FilterInfo[] = []) {
  const view = await openView('Filters', {}, (bridge, id) => bridge.setFilters(id, filters))
  await screen.findByRole('list', { name: 'Filter chain, from the port to the readers' })
  return view
}

describe('Filters', () => {
  test('M-09: the chain from the port to the readers, with what flows between, and the protocol where bytes end', async () => {
    await openFilters([aFilter('stats'), CODEC, aFilter('log', 'logging')])
    expect(order()).toEqual(['Port', 'bytes', 'stats', 'bytes', 'MicroPython protocol', 'bytes', 'lines', 'text', 'log', 'text', 'Readers'])
    expect(chain().getByText(PORT)).toBeDefined()
    expect(row('lines').getByText('line ends with \\r\\n')).toBeDefined()
  })

  test('an empty chain says so', async () => {
    await openFilters()
    expect(order()).toEqual(['Port', 'bytes', 'MicroPython protocol', 'bytes', 'Readers'])
    expect(screen.getByText('none: bytes go straight through')).toBeDefined()
  })

  test('M-10: the keyboard goes on at a new filter, also when the display draws before its form has gone', async () => {
    const { user } = await openFilters()
    await user.click(screen.getByRole('button', { name: 'Add filter' }))
    await user.click(screen.getByRole('menuitem', { name: /^Rate limit/ }))
    const eager = vi.spyOn(globalThis, 'requestAnimationFrame').mockImplementation(callback => {
      callback(0)
      return 0
    })
    await user.type(screen.getByRole('textbox', { name: 'Rate' }), '11520{Enter}')
    await waitFor(() => expect(document.activeElement?.textContent).toBe('rateLimit'))
    eager.mockRestore()
  })

  test('M-10: a filter is added to one session alone, with a name and settings', async () => {
    const { bridge, user, sessionId } = await openFilters([aFilter('rateLimit', 'rateLimit')])
    await user.click(screen.getByRole('button', { name: 'Add filter' }))
    await user.click(screen.getByRole('menuitem', { name: /^Rate limit/ }))
    const form = within(screen.getByRole('form', { name: 'Add: Rate limit' }))
    const name = form.getByRole<HTMLInputElement>('textbox', { name: 'Name' })
    expect(name.value).toBe('rateLimit-2')
    await user.clear(name)
    await user.type(name, 'rateLimit')
    expect(form.getByRole('alert').textContent).toBe('There is already a filter called rateLimit.')
    await user.type(name, '-slow')
    await user.type(form.getByRole('textbox', { name: 'Rate' }), 'much')
    expect(form.getByRole('alert').textContent).toBe('Rate: a whole number, 0 or more.')
    await user.clear(form.getByRole('textbox', { name: 'Rate' }))
    await user.type(form.getByRole('textbox', { name: 'Rate' }), '11520{Enter}')
    expect(bridge.callsOf('filters:add')).toEqual([
      {
        sessionId,
        filter: { name: 'rateLimit-slow', type: 'rateLimit', settings: { bytesPerSecond: 11_520 } },
        place: { at: 'first' },
      },
    ])
    await waitFor(() => expect(order()).toContain('rateLimit-slow'))
    expect(screen.queryByRole('form')).toBeNull()
    await waitFor(() => expect(document.activeElement?.textContent).toBe('rateLimit-slow'))
  })

  test('a delimiter is written with escapes; what is left empty is not sent', async () => {
    const { bridge, user } = await openFilters()
    await user.click(screen.getByRole('button', { name: 'Add filter' }))
    await user.click(screen.getByRole('menuitem', { name: /^Text codec/ }))
    fireEvent.change(screen.getByRole('textbox', { name: 'Line ends with' }), { target: { value: '\\r\\n\\\\' } })
    await user.click(screen.getByRole('button', { name: 'Add' }))
    expect(bridge.callsOf('filters:add')[0]?.filter).toEqual({ name: 'textCodec', type: 'textCodec', settings: { delimiter: '\r\n\\' } })
  })

  test('M-11: a filter is replaced and removed', async () => {
    const { bridge, user, sessionId } = await openFilters([aFilter('log', 'logging', { settings: { sent: 'off' } }), CODEC])
    await user.click(row('log').getByRole('button', { name: 'Change log' }))
    const form = within(screen.getByRole('form', { name: 'Replace: Logging' }))
    expect(form.getByRole<HTMLSelectElement>('combobox', { name: 'Sent' }).value).toBe('off')
    await user.selectOptions(form.getByRole('combobox', { name: 'Received' }), 'info')
    await user.click(form.getByRole('button', { name: 'Replace' }))
    expect(bridge.callsOf('filters:replace')).toEqual([
      { sessionId, name: 'log', filter: { name: 'log', type: 'logging', settings: { received: 'info', sent: 'off' } } },
    ])
    await user.click(await waitFor(() => row('lines').getByRole('button', { name: 'Remove lines' })))
    expect(bridge.callsOf('filters:remove')).toEqual([{ sessionId, name: 'lines' }])
    await waitFor(() => expect(order()).not.toContain('lines'))
  })

  test('M-11: a filter is moved by buttons and by Alt and an arrow key, and keeps the focus', async () => {
    const { bridge, user, sessionId } = await openFilters([aFilter('one'), aFilter('two'), aFilter('three')])
    const filters = () => order().filter(name => ['one', 'two', 'three'].includes(name ?? ''))
    expect(row('one').getByRole<HTMLButtonElement>('button', { name: 'Move one towards the port' }).disabled).toBe(true)
    await user.click(row('one').getByRole('button', { name: 'Move one towards the readers' }))
    expect(bridge.callsOf('filters:move')).toEqual([{ sessionId, name: 'one', place: { after: 'two' } }])
    await waitFor(() => expect(filters()).toEqual(['two', 'one', 'three']))

    row('three').getByRole('button', { name: 'three' }).focus()
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}')
    await waitFor(() => expect(filters()).toEqual(['two', 'three', 'one']))
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}')
    await waitFor(() => expect(filters()).toEqual(['three', 'two', 'one']))
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}')
    expect(bridge.callsOf('filters:move')).toHaveLength(3)
    expect(document.activeElement?.textContent).toBe('three')
  })

  test('M-11: a place that is not possible is refused beside the filter, and nothing moves', async () => {
    const { bridge, user } = await openFilters([aFilter('stats'), CODEC])
    bridge.fail('filters:move', {
      code: 'FilterError',
      reason: 'type-mismatch',
      message: "The chain of oven can't be built like this: 'stats' takes bytes, but text come from 'lines'.",
      hint: 'Choose another place for it.',
    })
    await user.click(row('stats').getByRole('button', { name: 'Move stats towards the readers' }))
    expect((await row('stats').findByRole('alert')).textContent).toContain("'stats' takes bytes, but text come from 'lines'.")
    expect(order().indexOf('stats')).toBeLessThan(order().indexOf('lines'))
    expect(row('lines').queryByRole('alert')).toBeNull()
  })

  test('reports are read again while they are looked at, and another window’s change appears', async () => {
    const { bridge, sessionId, settle, view } = await openFilters([
      aFilter('stats', 'stats', { report: [{ label: 'Received: calls', value: '1204' }] }),
    ])
    expect(row('stats').getByText('1,204')).toBeDefined()
    vi.useFakeTimers({ shouldAdvanceTime: true })
    try {
      await settle(() => bridge.setFilters(sessionId, [aFilter('log', 'logging')]))
      await waitFor(() => expect(order()).toContain('log'))
      view.unmount()
      const reads = bridge.callsOf('filters:list').length
      await vi.advanceTimersByTimeAsync(10_000)
      expect(bridge.callsOf('filters:list')).toHaveLength(reads)
    } finally {
      vi.useRealTimers()
    }
  })

  test('a filter’s form is left with Escape', async () => {
    const { user } = await openFilters([aFilter('stats')])
    await user.click(row('stats').getByRole('button', { name: 'Change stats' }))
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Name' }))
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('form')).toBeNull()
    await waitFor(() => expect(document.activeElement).toBe(row('stats').getByRole('button', { name: 'stats' })))
  })
})

test('the protocol stands before the first filter that makes text, wherever that is', () => {
  const rows = (filters: readonly FilterInfo[]) =>
    chainLinks(filters).map(({ link }) => (link.row === 'filter' ? link.filter.name : link.row))
  expect(rows([CODEC])).toEqual(['port', 'protocol', 'lines', 'readers'])
  expect(rows([aFilter('a'), aFilter('b')])).toEqual(['port', 'a', 'b', 'protocol', 'readers'])
})
