import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Core, composeCore } from '../../../electron/compose-core'
import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import { buildSimulatedWorker, interpreterPackage } from '../../boards/build-worker'
import { FakeUsb, PICO } from '../../boards/fake-usb'
import { type PtyBoard, startPtyBoard } from '../../boards/pty-board'
import { failureOf } from './rig'

const OPTIONS = { reconnectDelayMs: 100, maxReconnectAttempts: 50, connectionTimeoutMs: 10_000 }
const ROOMY = { timeout: 20_000, interval: 20 }
const SECRET = 'job_of_the_first_board = 1'

describe('which board is which', () => {
  let folder: string
  let usb: FakeUsb
  let core: Core
  const boards: PtyBoard[] = []

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'muster-identity-'))
    usb = await FakeUsb.create()
    core = await composeCore({
      clock: systemClock,
      logger: silentLogger,
      simulatedWorker: await buildSimulatedWorker(),
      interpreterPackage,
      userDataFolder: folder,
      typedPorts: { load: async () => [], save: async () => {} },
      systemRoot: usb.root,
    })
  })
  afterEach(async () => {
    await core.shutDown()
    await Promise.all(boards.splice(0).map(board => board.stop()))
    await usb.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  /** Boards of different numbers have different unique ids. */
  async function board(number: number): Promise<PtyBoard> {
    const started = await startPtyBoard({ number })
    boards.push(started)
    return started
  }

  const execute = (sessionId: string, code: string) => core.services.sessions.execute(sessionId, code, {})
  const open = async (port: string) => {
    await core.services.ports.refresh()
    return await core.services.sessions.open({ port, options: OPTIONS }, 'test')
  }
  const snapshotOf = (sessionId: string) => core.services.sessions.info(sessionId).snapshot
  const ready = (sessionId: string) => expect.poll(() => snapshotOf(sessionId).state, ROOMY).toMatch(/^(Connected|Idle)$/)
  const lost = (sessionId: string) => expect.poll(() => snapshotOf(sessionId).reconnect?.stage, ROOMY).toBe('absent')
  const isSecretIn = (received: Buffer): boolean => received.toString('latin1').includes(SECRET)

  it('a board that comes back under another number is the same session, with its history; nothing is run anew (fault 9)', async () => {
    const own = await board(1)
    const { sessionId, deviceKey, board: identity } = await open(await usb.plug('ttyACM0', own.path, PICO))
    await execute(sessionId, 'runs = globals().get("runs", 0) + 1')
    await usb.unplug('ttyACM0')
    await own.pullCable()
    await lost(sessionId)
    const moved = await usb.plug('ttyACM7', await own.replug(), PICO)
    await ready(sessionId)
    expect(snapshotOf(sessionId)).toMatchObject({
      port: moved,
      deviceKey,
      board: { uniqueId: identity?.uniqueId },
      statistics: { reconnects: 1 },
    })
    expect(core.services.sessions.list({ includeClosed: false })).toHaveLength(1)
    const { stdout } = await execute(sessionId, 'print(runs)')
    expect(stdout).toBe('1\n')
    expect(core.services.history.list(sessionId).length).toBeGreaterThan(2)
  })

  it('an impostor on the old port, with the same serial number, gets no byte of a job (fault 10)', async () => {
    const own = await board(1)
    const { sessionId } = await open(await usb.plug('ttyACM0', own.path, PICO))
    const running = failureOf(execute(sessionId, `${SECRET}\nimport time\ntime.sleep(100)`))
    const waiting = failureOf(execute(sessionId, SECRET))
    await expect.poll(() => isSecretIn(own.received), ROOMY).toBe(true)
    await usb.unplug('ttyACM0')
    await own.pullCable()
    await Promise.all([running, waiting])
    const impostor = await board(2)
    await usb.plug('ttyACM0', impostor.path, PICO)
    await expect.poll(() => snapshotOf(sessionId).fault?.reason, ROOMY).toBe('another-board')
    expect((await failureOf(execute(sessionId, SECRET))).code).toBe('SessionNotReady')
    expect(isSecretIn(impostor.received)).toBe(false)
  })

  it('two boards with the same numbers are both listed and used, and none is picked for the other (fault 11)', async () => {
    const first = await board(1)
    const second = await board(2)
    const alone = await open(await usb.plug('ttyACM0', first.path, PICO))
    const other = await usb.plug('ttyACM1', second.path, PICO)
    await core.services.ports.refresh()
    expect(core.services.ports.current.ports.map(({ path: port, deviceKey }) => [port, deviceKey])).toEqual([
      [alone.port, `path:${alone.port}`],
      [other, `path:${other}`],
    ])
    await usb.unplug('ttyACM0')
    await first.pullCable()
    await lost(alone.sessionId)
    await core.services.ports.refresh()
    await core.services.ports.refresh()
    expect(second.received.length).toBe(0)
    expect(snapshotOf(alone.sessionId).reconnect).toMatchObject({ stage: 'absent' })

    const twin = await open(other)
    const { stdout } = await execute(twin.sessionId, 'print(1)')
    expect(stdout).toBe('1\n')
    expect(twin.board?.uniqueId).not.toBe(alone.board?.uniqueId)
    expect(snapshotOf(alone.sessionId).reconnect).toMatchObject({ stage: 'absent' })
  })
})
