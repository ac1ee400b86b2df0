import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import type { SessionManager } from '../../../electron/core/sessions/manager/manager'
import { SimulatedBoards } from '../../../electron/core/transport/simulated/simulated-boards'
import { buildSimulatedWorker, interpreterPackage } from '../../boards/build-worker'
import { createFleet, failureOf } from './rig'

const PATIENCE = { timeout: 20_000, interval: 20 }

describe('control over a simulated board', () => {
  let boards: SimulatedBoards
  let fleet: SessionManager

  beforeAll(async () => {
    const workerPath = await buildSimulatedWorker()
    boards = new SimulatedBoards({ workerPath, packageFolder: interpreterPackage, clock: systemClock, logger: silentLogger })
    await boards.start(1)
    fleet = createFleet(boards)
  })
  afterEach(async () => {
    for (const { sessionId } of fleet.list({ includeClosed: false })) await fleet.close(sessionId, { mode: 'now' })
  })
  afterAll(async () => {
    await fleet.shutdown()
    await boards.dispose()
  })

  const open = async (): Promise<string> => (await fleet.open({ port: 'simulated:1', backend: 'simulated' })).sessionId
  const run = (sessionId: string, code: string) => fleet.execute(sessionId, code, { timeoutMs: 20_000 })
  const textOf = (sessionId: string): string =>
    fleet
      .output(sessionId)
      .read(0, 1_000_000)
      .items.map(item => (item.type === 'bytes' ? Buffer.from(item.bytes).toString() : ''))
      .join('')

  it.each(['soft', 'hard'] as const)('is reset, and its variables are gone: %s', async kind => {
    const sessionId = await open()
    await run(sessionId, 'kept = 1')
    expect(await fleet.reset(sessionId, kind)).toMatchObject({ state: 'Idle', attachment: 'prompt' })
    expect(await run(sessionId, 'print("kept" in globals())')).toMatchObject({ stdout: 'False\n' })
  })

  it('says that it has no bootloader', async () => {
    const sessionId = await open()
    expect((await failureOf(fleet.reset(sessionId, 'bootloader'))).info).toMatchObject({
      code: 'OperationFailed',
      reason: 'not-supported',
      hint: expect.any(String),
    })
    expect(await run(sessionId, 'print(6 * 7)')).toMatchObject({ outcome: 'ok', stdout: '42\n' })
  })

  it('is watched, typed to, restarted and taken over', async () => {
    const sessionId = await open()
    await fleet.watch(sessionId)
    await fleet.write(sessionId, 'print("ty" + "ped")\r')
    await expect.poll(() => textOf(sessionId), PATIENCE).toContain('typed')
    expect(await fleet.reset(sessionId, 'restart')).toMatchObject({ attachment: 'watching' })
    expect(await fleet.takeOver(sessionId)).toMatchObject({ attachment: 'prompt' })
    expect(await run(sessionId, 'print(6 * 7)')).toMatchObject({ outcome: 'ok', stdout: '42\n' })
  })

  it('is brought to an end by a cancel, on whatever rung', async () => {
    const sessionId = await open()
    const running = failureOf(run(sessionId, 'while True: pass'))
    await expect.poll(() => fleet.info(sessionId).snapshot.running, PATIENCE).not.toBeNull()
    expect(await fleet.cancel(sessionId)).toEqual({ cancelled: true })
    expect((await running).code).toBe('OperationCancelled')
    expect(await run(sessionId, 'print(6 * 7)')).toMatchObject({ stdout: '42\n' })
  })
})
