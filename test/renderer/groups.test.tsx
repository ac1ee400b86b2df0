import { screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { SessionSnapshot } from '../../shared/model'
import { aGroup, aHealth, aLostSession, aPort, aSession, type FakeBridge, someMetadata } from '../fakes/fake-bridge'
import { renderApp } from './support/render-app'

const OVEN = aSession('/dev/ttyACM0', { portLabel: 'oven' })
const PICO = aSession('/dev/ttyACM1', { portLabel: 'pico' })

function group(name: string, members: readonly SessionSnapshot[]): SessionSnapshot {
  const metadata = someMetadata({ dataSource: name, identifier: name, associateSessionKeys: members.map(({ sessionId }) => sessionId) })
  return aGroup(name, { metadata })
}

const BENCH = group('bench', [OVEN, PICO])
const NIGHT = group('night', [BENCH])

function withGroups(bridge: FakeBridge): void {
  bridge.ports = { ports: [aPort('/dev/ttyACM0', { label: 'oven' }), aPort('/dev/ttyACM1', { label: 'pico' })], scannedAt: 0, stale: null }
  bridge.sessions = [OVEN, PICO, BENCH, NIGHT]
}

const tree = () => screen.getByRole('tree', { name: 'Fleet' })
const items = () =>
  within(tree())
    .getAllByRole('treeitem')
    .map(item => `${item.getAttribute('aria-level')} ${item.getAttribute('aria-label')?.split(',')[0]}`)
const groupRow = (name: RegExp) => within(tree()).getByRole('treeitem', { name })
const button = (name: string) => within(tree()).getByRole('button', { name, hidden: true })
const dialog = () => screen.getByRole('dialog')

describe('groups (S-09)', () => {
  test('S-09: stand as a tree, each with the sessions that belong to it', async () => {
    await renderApp(withGroups)
    expect(items()).toEqual(['1 Groups', '2 night', '3 bench', '4 oven', '4 pico', '1 Boards open', '2 oven', '2 pico'])
    expect(groupRow(/^bench/).getAttribute('aria-label')).toBe('bench, 2 members, 2 ready')
  })

  test('a group says how its members are', async () => {
    const { bridge, settle } = await renderApp(withGroups)
    await settle(() => bridge.setSession(aLostSession('/dev/ttyACM1', Date.now(), { portLabel: 'pico' }), 'error'))
    expect(groupRow(/^bench/).getAttribute('aria-label')).toBe('bench, 2 members, 1 ready, 1 lost')
  })

  test('fold and unfold by button and from the keyboard, which also goes in and out', async () => {
    const { user } = await renderApp(withGroups)
    await user.click(button('Hide the sessions of bench'))
    expect(items()).toEqual(['1 Groups', '2 night', '3 bench', '1 Boards open', '2 oven', '2 pico'])
    tree().focus()
    await user.keyboard('{Home}{ArrowRight}{ArrowRight}{ArrowRight}')
    expect(items()).toContain('4 oven')
    await user.keyboard('{ArrowRight}')
    expect(tree().getAttribute('aria-activedescendant')).toContain('member:')
    await user.keyboard('{ArrowLeft}{ArrowLeft}')
    expect(items()).not.toContain('4 oven')
    expect(groupRow(/^bench/).getAttribute('aria-selected')).toBe('true')
  })

  test('a search finds a group by its name, its data source and its members', async () => {
    const { user } = await renderApp(withGroups)
    await user.type(screen.getByRole('searchbox', { name: 'Search the fleet' }), 'night')
    expect(items()).toEqual(['1 Groups', '2 night', '3 bench', '4 oven', '4 pico'])
  })

  test('a cycle that slipped in does not hang the list', async () => {
    await renderApp(bridge => {
      withGroups(bridge)
      const one = group('one', [])
      const two = group('two', [one])
      bridge.sessions = [{ ...one, metadata: { ...one.metadata, associateSessionKeys: [two.sessionId] } }, two, group('top', [two])]
    })
    expect(items().slice(0, 4)).toEqual(['1 Groups', '2 top', '3 two', '4 one'])
  })

  test('S-09: one is made with name, data source and members', async () => {
    const { bridge, user } = await renderApp(withGroups)
    await user.click(within(tree()).getAllByRole('treeitem', { name: /^pico/ }).at(-1) as HTMLElement)
    await user.click(screen.getByRole('button', { name: 'New group' }))
    expect(within(dialog()).getByRole('button', { name: 'Create group' })).toHaveProperty('disabled', true)
    // The selected session is offered first of all.
    expect(within(dialog()).getByRole('checkbox', { name: /^pico/ })).toHaveProperty('checked', true)
    await user.type(within(dialog()).getByRole('textbox', { name: 'Name' }), 'Shelf')
    await user.type(within(dialog()).getByRole('textbox', { name: 'Data source' }), 'shelf-1')
    await user.click(within(dialog()).getByRole('checkbox', { name: /^oven/ }))
    await user.click(within(dialog()).getByRole('button', { name: 'Create group' }))
    expect(bridge.callsOf('sessions:open')).toEqual([
      {
        backend: 'none',
        metadata: { identifier: 'Shelf', dataSource: 'shelf-1', associateSessionKeys: [OVEN.sessionId, PICO.sessionId] },
      },
    ])
  })

  test('is renamed and gets other members; one that holds it is not offered', async () => {
    const { bridge, user } = await renderApp(withGroups)
    await user.click(button('Edit bench'))
    expect(within(dialog()).queryByRole('checkbox', { name: /^night/ })).toBeNull()
    const name = within(dialog()).getByRole('textbox', { name: 'Name' })
    await user.clear(name)
    await user.type(name, 'Bench B')
    await user.click(within(dialog()).getByRole('checkbox', { name: /^pico/ }))
    await user.click(within(dialog()).getByRole('button', { name: 'Save' }))
    expect(bridge.callsOf('sessions:updateIdentifier')).toEqual([{ sessionId: BENCH.sessionId, identifier: 'Bench B' }])
    expect(bridge.callsOf('sessions:associate')).toEqual([{ sessionId: BENCH.sessionId, associateSessionKeys: [OVEN.sessionId] }])
    expect(items()).toEqual(['1 Groups', '2 night', '3 Bench B', '4 oven', '1 Boards open', '2 oven', '2 pico'])
  })

  test('Delete takes a member out of its group; its session stays', async () => {
    const { bridge, user } = await renderApp(withGroups)
    tree().focus()
    await user.keyboard('{Home}{ArrowDown}{ArrowDown}{ArrowDown}{Delete}')
    expect(bridge.callsOf('sessions:associate')).toEqual([{ sessionId: BENCH.sessionId, associateSessionKeys: [PICO.sessionId] }])
    expect(bridge.callsOf('sessions:close')).toEqual([])
  })

  test('closing one asks whether its members go too', async () => {
    const { bridge, user } = await renderApp(withGroups)
    await user.click(button('Close bench'))
    expect(dialog().textContent).toContain('2 sessions belong to it: oven, pico.')
    await user.click(within(dialog()).getByRole('button', { name: 'Close the group' }))
    expect(bridge.callsOf('sessions:close')).toEqual([{ sessionId: BENCH.sessionId, mode: 'now' }])
    await user.click(button('Close bench'))
    await user.click(within(dialog()).getByRole('checkbox', { name: 'Also close its members' }))
    await user.click(within(dialog()).getByRole('button', { name: 'Close the group and 2 sessions' }))
    expect(bridge.callsOf('sessions:close').at(-1)).toEqual({ sessionId: BENCH.sessionId, mode: 'now', cascade: true })
  })

  test('one without members is closed at once, and a question about one that has gone is withdrawn', async () => {
    const { bridge, user, settle } = await renderApp(given => {
      withGroups(given)
      given.sessions = [...given.sessions, group('empty', [])]
    })
    await user.click(button('Close empty'))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(bridge.callsOf('sessions:close')).toHaveLength(1)
    await user.click(button('Close bench'))
    await settle(() => bridge.setSession({ ...BENCH, state: 'Disposed' }, 'disposed'))
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe('the fleet as a whole', () => {
  test('B-07, B-08: says how many are open, warm and waiting, of how many', async () => {
    const { bridge, settle, user } = await renderApp(withGroups)
    await settle(() => bridge.setStatus({ open: 7, limit: 64, warm: 2, waiting: 3, totalOpened: 19, totalClosed: 12, peakOpen: 9 }))
    const header = screen.getByRole('complementary', { name: 'Fleet list' })
    expect(within(header).getByTitle(/of as many as may be/).textContent).toBe('7 of 64 open')
    expect(within(header).getByText('warm', { exact: false, selector: 'span' }).textContent).toBe('2 warm')
    expect(within(header).getByTitle(/that wait for a session/).textContent).toBe('3 waiting')
    await user.click(screen.getByRole('button', { name: /^Health/ }))
    const data = screen.getByRole('dialog', { name: 'Health of the session manager' })
    expect(data.textContent).toContain('Opened so far19')
    expect(data.textContent).toContain('Most at once9')
  })

  test('B-34: the health light says its word, its reason and its data', async () => {
    const { bridge, settle, user } = await renderApp(withGroups)
    expect(screen.getByRole('button', { name: 'Health: Healthy. Session management healthy' })).toBeDefined()
    const health = aHealth({
      status: 'Degraded',
      description: 'High session utilization',
      data: { active_sessions: 58, max_sessions: 64, utilization: 58 / 64, state: 'Active' },
    })
    await settle(() => bridge.setStatus({ health }))
    await user.click(screen.getByRole('button', { name: 'Health: Degraded. High session utilization' }))
    const data = screen.getByRole('dialog', { name: 'Health of the session manager' })
    expect(data.textContent).toContain('Active sessions58')
    expect(data.textContent).toContain('Most allowed64')
    expect(data.textContent).toContain('Used91 %')
    await user.keyboard('{Escape}')
    await settle(() =>
      bridge.setStatus({
        health: { ...health, status: 'Unhealthy', description: 'Session management failed', cause: 'The registry is gone.' },
      }),
    )
    expect(within(screen.getByRole('contentinfo')).getByText('Session management failed')).toBeDefined()
  })

  test('B-11: a warm session is marked as one', async () => {
    const { bridge, settle } = await renderApp(withGroups)
    await settle(() => bridge.setSession({ ...PICO, pool: 'warm' }, 'infoUpdated'))
    const warm = within(tree()).getAllByRole('treeitem', { name: /^pico, .*warm$/ })
    expect(warm.at(-1)?.textContent).toContain('warm')
  })
})
