import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import type { SerialHandle } from '../../../electron/core/transport/serial/serial-handle'
import { SerialTransports } from '../../../electron/core/transport/serial/serial-transports'
import { WriteQueue } from '../../../electron/core/transport/serial/write-queue'
import type { TransportError } from '../../../electron/core/transport/transport'
import { DEFAULT_BAUD_RATE } from '../../../shared/limits'
import { Pty } from '../../boards/pty'
import { FakeClock, settle } from '../../fakes/fake-clock'
import { openOn } from './rig'

const TIMEOUT_MS = 60_000

function rig() {
  const clock = new FakeClock()
  const state = { timeouts: 0, take: (_count: number): void => {} }
  const handle: Pick<SerialHandle, 'write'> = {
    write: () =>
      new Promise(resolve => {
        state.take = resolve
      }),
  }
  const queue = new WriteQueue({
    handle: handle as SerialHandle,
    clock,
    timeoutMs: TIMEOUT_MS,
    onFailure() {},
    onTimeout() {
      state.timeouts++
      queue.end(new Error('too slow'))
    },
  })
  const take = async (count: number): Promise<void> => {
    state.take(count)
    await settle()
  }
  return { clock, state, queue, take }
}

describe('the time-out of writes', () => {
  it('E-33 counts from the moment of the write, however long nothing was written before', async () => {
    const { clock, state, queue, take } = rig()
    const first = queue.add(Buffer.alloc(10))
    await take(10)
    await first
    expect(clock.pendingTimers).toBe(0)
    await clock.advance(10 * TIMEOUT_MS)
    const second = expect(queue.add(Buffer.alloc(10))).rejects.toThrow('too slow')
    await clock.advance(TIMEOUT_MS - 1)
    expect(state.timeouts).toBe(0)
    await clock.advance(1)
    expect(state.timeouts).toBe(1)
    await second
    expect(clock.pendingTimers).toBe(0)
  })

  it('E-33 counts anew whenever the port takes something', async () => {
    const { clock, state, queue, take } = rig()
    const written = queue.add(Buffer.alloc(3))
    for (let count = 0; count < 3; count++) {
      await clock.advance(TIMEOUT_MS - 1)
      await take(1)
    }
    await written
    expect(state.timeouts).toBe(0)
    expect(clock.pendingTimers).toBe(0)
  })

  it('E-33 is not put off by further writes behind one that is stuck', async () => {
    const { clock, state, queue } = rig()
    const add = () => expect(queue.add(Buffer.alloc(3))).rejects.toThrow('too slow')
    const refusals = [add()]
    for (let count = 0; count < 3; count++) {
      await clock.advance(TIMEOUT_MS / 4)
      refusals.push(add())
    }
    await clock.advance(TIMEOUT_MS / 4)
    expect(state.timeouts).toBe(1)
    await Promise.all(refusals)
    expect(queue.pendingBytes).toBe(0)
  })

  it('E-33 gives each write of a long queue its time', async () => {
    const { clock, state, queue, take } = rig()
    const written = Promise.all([queue.add(Buffer.alloc(1)), queue.add(Buffer.alloc(1))])
    await clock.advance(TIMEOUT_MS - 1)
    await take(1)
    await clock.advance(TIMEOUT_MS - 1)
    await take(1)
    await written
    expect(state.timeouts).toBe(0)
  })

  it('E-33 fails the writes and loses the port, once, when a board takes nothing', async () => {
    const pty = Pty.open()
    const timeoutMs = 300
    const transport = new SerialTransports(systemClock, silentLogger).create({
      port: pty.path,
      baudRate: DEFAULT_BAUD_RATE,
      writeTimeoutMs: timeoutMs,
    })
    await openOn(pty, transport)
    const losses: TransportError[] = []
    transport.onLost(error => losses.push(error))
    const startedAt = performance.now()
    const writes = [transport.write(Buffer.alloc(100_000)), transport.write(Buffer.from('x'))]
    for (const write of writes) {
      await expect(write).rejects.toMatchObject({
        reason: 'timeout',
        message: `The board on ${pty.path} has taken nothing of what was sent to it for 0.3 s.`,
      })
    }
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(timeoutMs - 1)
    expect(transport.isOpen).toBe(false)
    expect(losses.map(({ reason }) => reason)).toEqual(['timeout'])
    await transport.released
    await pty.hangUp()
  })
})
