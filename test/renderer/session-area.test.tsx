import { render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { Tooltip } from 'radix-ui'
import { use } from 'react'
import { expect, test } from 'vitest'
import { createClient } from '../../renderer/bridge/client'
import { SessionArea } from '../../renderer/features/session/session-area'
import { createAppStores } from '../../renderer/stores/app-stores'
import { createCommands } from '../../renderer/stores/commands'
import { connectStores } from '../../renderer/stores/connect-stores'
import { ServicesProvider } from '../../renderer/stores/context'
import { ActionsProvider } from '../../renderer/ui/actions'
import { aPort, aSession, FakeBridge } from '../fakes/fake-bridge'
import { memoryStorage, renderApp } from './support/render-app'

const never = new Promise<never>(() => {})

/** A console that takes its time. */
function Slow() {
  return use(never)
}

test('another tab shows its header at once, and nothing of the board before, however long its console takes', async () => {
  const bridge = new FakeBridge()
  const [oven, pico] = [aSession('/dev/ttyACM0'), aSession('/dev/ttyACM1')]
  bridge.ports = { ports: [aPort(oven.port, { label: 'oven' }), aPort(pico.port, { label: 'pico' })], scannedAt: 0, stale: null }
  bridge.sessions = [oven, pico]
  const client = createClient(bridge)
  const stores = createAppStores(memoryStorage())
  const disconnect = connectStores(client, stores)
  const nothing = () => null
  render(
    <ServicesProvider services={{ client, stores, commands: createCommands(client, stores) }}>
      <ActionsProvider>
        <Tooltip.Provider>
          <SessionArea
            renderConsole={({ sessionId }) => (sessionId === oven.sessionId ? <p>console of oven</p> : <Slow />)}
            renderFiles={nothing}
            renderMetrics={nothing}
            renderEvents={nothing}
            renderDetails={nothing}
            renderMetadata={nothing}
            renderAttributes={nothing}
            renderFilters={nothing}
            renderPage={nothing}
          />
        </Tooltip.Provider>
      </ActionsProvider>
    </ServicesProvider>,
  )
  await screen.findByText('console of oven')
  await userEvent.click(screen.getByRole('tab', { name: /^pico/ }))
  expect(screen.getByRole('heading', { name: 'pico' })).toBeDefined()
  expect(screen.getByRole('tab', { name: 'Console' })).toBeDefined()
  expect(screen.queryByText('console of oven')).toBeNull()
  disconnect()
})

test('closing a tab from the keyboard leaves the focus in the strip', async () => {
  const [oven, pico] = [aSession('/dev/ttyACM0'), aSession('/dev/ttyACM1')]
  const { bridge, user, settle } = await renderApp(given => {
    given.ports = { ports: [aPort(oven.port, { label: 'oven' }), aPort(pico.port, { label: 'pico' })], scannedAt: 0, stale: null }
    given.sessions = [oven, pico]
  })
  await user.click(screen.getByRole('button', { name: 'Soft reset' }))
  await user.keyboard('{Control>}w{/Control}')
  await settle(() => bridge.setSession({ ...oven, state: 'Disposed' }, 'disposed', { reason: 'client-close' }))
  expect(document.activeElement).toBe(screen.getByRole('tab', { name: /^pico/ }))
})
