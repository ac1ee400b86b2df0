import path from 'node:path'
import type { Page } from '@playwright/test'
import type { SessionEvent } from '../../shared/model'
import { FakeUsb, PICO, type UsbDevice } from '../boards/fake-usb'
import { type PtyBoard, startPtyBoard } from '../boards/pty-board'
import { startScriptedPty } from '../boards/scripted-pty'
import { expect, test } from './harness/test'
import { MusterWindow } from './support/window'
import { beginExecution, callMuster } from './support/windows'

const builtWorker = path.resolve(__dirname, '../../dist/main/simulated-worker.js')
/** From the moment the system lists the board again. Measured on a quiet machine; a busy one gets twice as long. */
const RECONNECT_MS = 3_000

// Boards are made after the app: one that is there before has its master inherited by the app, and then no close is a hang-up.

test.describe('a board whose cable is pulled', () => {
  const ends: (() => Promise<void>)[] = []
  test.afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function makeUsb(): Promise<FakeUsb> {
    const usb = await FakeUsb.create()
    ends.push(() => usb.dispose())
    return usb
  }

  async function board(number = 1): Promise<PtyBoard> {
    const started = await startPtyBoard({ workerPath: builtWorker, number })
    ends.push(() => started.stop())
    return started
  }

  test('while it floods: the same row is lost, and connected by itself when it is back under another path; nothing is run again (T8, T9, T10, E-02, E-22, B-23)', async ({
    launch,
  }) => {
    const usb = await makeUsb()
    const { page } = await launch({ env: usb.environment })
    const cabled = await board()
    const port = await usb.plug('ttyACM0', cabled.path, PICO)
    const window = new MusterWindow(page)
    const row = window.fleet.getByRole('treeitem', { name: /^Pico,/ })
    await expect(row).toHaveCount(1)
    const told = await followSessions(page)
    const { sessionId } = await callMuster(page, 'sessions:open', { port })
    await expect(row).toHaveAttribute('data-state', 'ready')
    await callMuster(page, 'sessions:exec', { sessionId, code: 'runs = 0' })
    await beginExecution(page, sessionId, 'runs += 1\nwhile True:\n    print("flood", runs)\n')
    await expect.poll(async () => (await callMuster(page, 'sessions:stats', { sessionId })).bytesIn).toBeGreaterThan(100_000)

    await usb.unplug('ttyACM0')
    await cabled.pullCable()
    await expect(row).toHaveAttribute('data-state', /lost|reconnecting|absent/)
    await expect(row).toHaveCount(1)
    await expect.poll(async () => await told(sessionId, 'disconnected')).toMatchObject({ reason: 'unexpected' })
    expect((await callMuster(page, 'sessions:info', { sessionId })).snapshot).toMatchObject({ state: 'Error', fault: { final: false } })

    const moved = await usb.plug('ttyACM7', await cabled.replug(), PICO)
    const listedAt = Date.now()
    await expect(row).toHaveAttribute('data-state', 'ready', { timeout: 30_000 })
    await expect(row).toHaveCount(1)
    await expect.poll(() => told(sessionId, 'connected', { reconnected: true })).toBeDefined()
    const back = await told(sessionId, 'connected', { reconnected: true })
    const tookMs = (back?.at ?? Number.NaN) - listedAt
    console.log(`a board that was back was connected after ${tookMs} ms`)
    expect(tookMs).toBeLessThan(2 * RECONNECT_MS)
    const { snapshot } = await callMuster(page, 'sessions:info', { sessionId })
    expect(snapshot).toMatchObject({ port: moved, fault: null, running: null, queuedExecutions: 0, statistics: { reconnects: 1 } })
    // The board has lived on: what was cut off was begun once.
    expect(await callMuster(page, 'sessions:exec', { sessionId, code: 'runs', expect: 'json' })).toMatchObject({ value: 1 })
  })

  test('an impostor in its place is refused, by its number or by what it says itself; the board itself is taken back (G-01, E-22, fault 10)', async ({
    launch,
  }) => {
    const usb = await makeUsb()
    const { page } = await launch({ env: usb.environment })
    const own = await board()
    const port = await usb.plug('ttyACM0', own.path, PICO)
    const told = await followSessions(page)
    await callMuster(page, 'ports:list', { refresh: true })
    const { sessionId, board: known } = await callMuster(page, 'sessions:open', { port })
    await usb.unplug('ttyACM0')
    await own.pullCable()
    await expect.poll(async () => await told(sessionId, 'disconnected')).toBeDefined()

    // Another device with a number of its own: it is not even asked.
    const other = await board(2)
    const impostor: UsbDevice = { ...PICO, serialNumber: 'another0001' }
    await usb.plug('ttyACM0', other.path, impostor)
    await expect.poll(async () => (await portOf(page, port))?.usb?.serialNumber).toBe('another0001')
    expect((await stateAndStage(page, sessionId)).state).toBe('Error')
    expect(other.received.length).toBe(0)
    await usb.unplug('ttyACM0')

    // Another board behind the same number: it is asked who it is, and left alone.
    await usb.plug('ttyACM1', other.path, PICO)
    await expect
      .poll(async () => (await callMuster(page, 'sessions:info', { sessionId })).snapshot.fault?.reason, { timeout: 20_000 })
      .toBe('another-board')
    await usb.unplug('ttyACM1')

    await usb.plug('ttyACM2', await own.replug(), PICO)
    await callMuster(page, 'ports:list', { refresh: true })
    const back = await callMuster(page, 'sessions:reconnect', { sessionId })
    expect(back).toMatchObject({ state: 'Connected', board: { uniqueId: known?.uniqueId } })
  })
})

test('64 boards are opened, 8 are pulled and come back, and all are accounted for (B-07, B-08, E-07)', async ({ launch }) => {
  test.setTimeout(180_000)
  const usb = await FakeUsb.create()
  const nodes = new Map<string, Awaited<ReturnType<typeof startScriptedPty>>>()
  try {
    const names = Array.from({ length: 64 }, (_, index) => `ttyACM${index}`)
    const plugIn = async (name: string): Promise<string> => {
      const node = await startScriptedPty()
      nodes.set(name, node)
      return await usb.plug(name, node.path, { ...PICO, serialNumber: name, product: `Board ${name.slice('ttyACM'.length)}` })
    }
    const { page } = await launch({ env: usb.environment })
    const ports = await Promise.all(names.map(plugIn))
    await callMuster(page, 'ports:list', { refresh: true })
    const window = new MusterWindow(page)
    const stats = () => callMuster(page, 'manager:stats', {})
    const counted = async (): Promise<Readonly<Record<string, number>>> => {
      const counts: Record<string, number> = {}
      for (const { state } of await callMuster(page, 'sessions:list', {})) counts[state] = (counts[state] ?? 0) + 1
      return counts
    }
    const openedMs = Date.now()
    const sessions = await Promise.all(ports.map(port => callMuster(page, 'sessions:open', { port })))
    console.log(`64 boards were open after ${Date.now() - openedMs} ms`)
    expect(new Set(sessions.map(({ sessionId }) => sessionId)).size).toBe(64)
    expect(await stats()).toMatchObject({ open: 64, totalOpened: 64, totalClosed: 0, peakOpen: 64 })
    await expect(window.fleet).toContainText('Board 0')
    await expect(callMuster(page, 'sessions:open', { port: '/dev/ttyNoSuchPort' })).rejects.toThrow('SessionLimitExceeded')

    const pulled = names.slice(20, 28)
    for (const name of pulled) await usb.unplug(name)
    await Promise.all(pulled.map(name => nodes.get(name)?.unplug()))
    await expect.poll(async () => (await counted()).Error, { timeout: 20_000 }).toBe(8)
    // A lost session keeps its place until somebody closes it.
    expect(await stats()).toMatchObject({ open: 64, totalClosed: 0 })

    await Promise.all(pulled.map(plugIn))
    // Of one look: between two, a board whose attempt failed may go from one state to the other.
    const connected = async (): Promise<number> => {
      const { Connected = 0, Idle = 0 } = await counted()
      return Connected + Idle
    }
    await expect.poll(connected, { timeout: 60_000 }).toBe(64)
    const after = await callMuster(page, 'sessions:list', {})
    const reconnected = after.filter(({ statistics }) => statistics.reconnects === 1).map(({ sessionId }) => sessionId)
    expect(reconnected.sort()).toEqual(
      sessions
        .filter((_, index) => index >= 20 && index < 28)
        .map(({ sessionId }) => sessionId)
        .sort(),
    )
    await Promise.all(sessions.map(({ sessionId }) => callMuster(page, 'sessions:close', { sessionId })))
    expect(await stats()).toMatchObject({ open: 0, totalOpened: 64, totalClosed: 64 })
    expect(await callMuster(page, 'sessions:list', {})).toEqual([])
  } finally {
    await Promise.all([...nodes.values()].map(node => node.stop()))
    await usb.dispose()
  }
})

type Told = (
  sessionId: string,
  type: SessionEvent['type'],
  also?: Partial<Pick<SessionEvent, 'reconnected'>>,
) => Promise<Pick<SessionEvent, 'type' | 'at' | 'reason' | 'reconnected'> | undefined>

/** Remembers in the page what is told of sessions from now on; the result gives the latest event of a type. */
async function followSessions(page: Page): Promise<Told> {
  const seen = await page.evaluateHandle(() => {
    const events: { sessionId: string; type: string; at: number; reason: string | undefined; reconnected: boolean | undefined }[] = []
    window.muster.subscribe('sessions:changed', {}, change => {
      if (change.kind !== 'events') return
      for (const { sessionId, type, at, reason, reconnected } of change.events) {
        if (type !== 'statistics') events.push({ sessionId, type, at, reason, reconnected })
      }
    })
    return events
  })
  return async (sessionId, type, also = {}) => {
    const events = (await seen.jsonValue()) as unknown as readonly SessionEvent[]
    const fits = (event: SessionEvent): boolean =>
      event.sessionId === sessionId && event.type === type && (also.reconnected === undefined || event.reconnected === also.reconnected)
    return events.filter(fits).at(-1)
  }
}

async function portOf(page: Page, path: string) {
  return (await callMuster(page, 'ports:list', {})).ports.find(port => port.path === path)
}

async function stateAndStage(page: Page, sessionId: string) {
  const { state, reconnect } = (await callMuster(page, 'sessions:info', { sessionId })).snapshot
  return { state, stage: reconnect?.stage ?? null }
}
