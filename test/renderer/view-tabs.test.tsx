import { screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { aPort, aSession, type FakeBridge } from '../fakes/fake-bridge'
import { renderApp } from './support/render-app'

function twoBoards(bridge: FakeBridge): void {
  bridge.ports = { ports: [aPort('/dev/ttyACM0', { label: 'oven' }), aPort('/dev/ttyACM1', { label: 'pico' })], scannedAt: 0, stale: null }
  bridge.sessions = [aSession('/dev/ttyACM0'), aSession('/dev/ttyACM1')]
}

const views = () => within(screen.getByRole('tablist', { name: 'Views' })).getAllByRole('tab')
const shown = () => views().find(view => view.getAttribute('aria-selected') === 'true')?.textContent

describe('the views of a session', () => {
  test('have a tab each, and one of them is shown', async () => {
    const { user } = await renderApp(twoBoards)
    expect(views().map(view => view.textContent)).toEqual([
      'Console',
      'Files',
      'Metrics',
      'Events',
      'Details',
      'Metadata',
      'Attributes',
      'Filters',
    ])
    expect(shown()).toBe('Console')
    await user.click(screen.getByRole('tab', { name: 'Filters' }))
    expect(shown()).toBe('Filters')
    expect(screen.getByRole('tabpanel', { name: 'Filters' })).toBeDefined()
    expect(await screen.findByRole('region', { name: 'Filters' })).toBeDefined()
  })

  test('are walked with arrow keys, Home and End, round at both ends; one of them is reached with Tab', async () => {
    const { user, settle } = await renderApp(twoBoards)
    const press = async (keys: string): Promise<void> => {
      await user.keyboard(keys)
      await settle()
      await new Promise(resolve => requestAnimationFrame(resolve))
    }
    screen.getByRole('tab', { name: 'Console' }).focus()
    await press('{ArrowLeft}')
    expect(shown()).toBe('Filters')
    expect(document.activeElement?.textContent).toBe('Filters')
    await press('{ArrowRight}{ArrowRight}')
    expect(shown()).toBe('Files')
    await press('{End}')
    expect(shown()).toBe('Filters')
    await press('{Home}')
    expect(shown()).toBe('Console')
    expect(views().filter(view => view.tabIndex === 0)).toHaveLength(1)
  })

  test('one that takes away what had the focus gives it to its tab', async () => {
    const { user } = await renderApp(twoBoards)
    await user.click(await screen.findByLabelText('Code for oven'))
    await user.keyboard('{Alt>}5{/Alt}')
    expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'Details' }))
    const search = screen.getByRole('searchbox', { name: 'Search the fleet' })
    await user.click(search)
    await user.keyboard('{Alt>}8{/Alt}')
    expect(document.activeElement).toBe(search)
  })

  test('are gone to with Alt and a digit from anywhere, and by the menu', async () => {
    const { bridge, user, settle } = await renderApp(twoBoards)
    await user.keyboard('{Alt>}5{/Alt}')
    expect(shown()).toBe('Details')
    await user.keyboard('{Alt>}9{/Alt}')
    expect(shown()).toBe('Details')
    for (const [action, label] of [
      ['show-files', 'Files'],
      ['show-events', 'Events'],
      ['show-metadata', 'Metadata'],
      ['show-attributes', 'Attributes'],
      ['show-filters', 'Filters'],
      ['show-details', 'Details'],
    ] as const) {
      await settle(() => bridge.emit('menu:invoked', { action }))
      expect(shown()).toBe(label)
    }
  })

  test('are remembered for each session', async () => {
    const { user } = await renderApp(twoBoards)
    await user.click(screen.getByRole('tab', { name: 'Metadata' }))
    await user.click(screen.getByRole('tab', { name: /^pico/ }))
    expect(shown()).toBe('Console')
    await user.click(screen.getByRole('tab', { name: /^oven/ }))
    expect(shown()).toBe('Metadata')
  })
})
