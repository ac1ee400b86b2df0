import { act, cleanup, configure, type RenderResult, render } from '@testing-library/react'
import userEvent, { type UserEvent } from '@testing-library/user-event'
import { afterEach, beforeAll, vi } from 'vitest'
import { App, loadViews } from '../../../renderer/app'
import { createClient } from '../../../renderer/bridge/client'
import { type AppStores, createAppStores } from '../../../renderer/stores/app-stores'
import { createCommands } from '../../../renderer/stores/commands'
import { connectStores } from '../../../renderer/stores/connect-stores'
import type { DraftStorage } from '../../../renderer/stores/drafts'
import type { KeyValueStorage } from '../../../renderer/stores/preferences-store'
import { FakeBridge } from '../../fakes/fake-bridge'

vi.mock('../../../renderer/islands/terminal/output-terminal', async () => ({
  OutputTerminal: (await import('./fake-islands')).FakeTerminal,
}))
vi.mock('../../../renderer/islands/editor/snippet-editor', async () => ({
  SnippetEditor: (await import('./fake-islands')).FakeEditor,
}))
vi.mock('../../../renderer/islands/chart/metric-chart', async () => ({
  MetricChart: (await import('./fake-islands')).FakeChart,
}))

configure({ asyncUtilTimeout: 10_000 })
// The app does so after its first picture, which takes its time on a busy machine: a test could be over before.
beforeAll(loadViews)

// Sizes do not change here.
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  },
)
const { happyDOM } = window as unknown as { readonly happyDOM: { setViewport(size: { width: number; height: number }): void } }
happyDOM.setViewport({ width: 1440, height: 900 })
// The list draws what fits; without a layout nothing would.
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 600 })
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 300 })

const ends = new Set<() => void>()
afterEach(() => {
  for (const end of ends) end()
  ends.clear()
  cleanup()
})

export interface AppUnderTest {
  readonly bridge: FakeBridge
  readonly stores: AppStores
  readonly user: UserEvent
  readonly view: RenderResult
  /** Does something outside of React and waits until the page shows it. */
  settle(action?: () => void): Promise<void>
  /** Ends the page as `pagehide` does. */
  end(): void
}

/** Renders the whole window over a fake bridge. */
export async function renderApp(prepare: (bridge: FakeBridge) => void = () => {}, storage = memoryStorage()): Promise<AppUnderTest> {
  const bridge = new FakeBridge()
  prepare(bridge)
  const client = createClient(bridge)
  const stores = createAppStores(storage)
  const disconnect = connectStores(client, stores)
  ends.add(disconnect)
  const user = userEvent.setup()
  const view = render(<App services={{ client, stores, commands: createCommands(client, stores) }} />)
  const settle = async (action: () => void = () => {}): Promise<void> => {
    await act(async () => {
      action()
      await new Promise(resolve => setTimeout(resolve, 0))
    })
  }
  await settle()
  return {
    bridge,
    stores,
    user,
    view,
    settle,
    end() {
      view.unmount()
      disconnect()
    },
  }
}

export function memoryStorage(): KeyValueStorage & DraftStorage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: index => [...items.keys()][index] ?? null,
    getItem: key => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: key => void items.delete(key),
  }
}
