import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { TransportError } from '../../../electron/core/transport/transport'
import { Pty } from '../../boards/pty'
import { first, flood, Heard, openFiles, openOn, processorMs, serialTransport, unwatchedTransport } from './rig'

const DETECTION_LIMIT_MS = 1_000
/** A spinning read loop uses all of a core; an idle process, even with a garbage collection in between, much less than half of one. */
const WATCHED_MS = 1_000
const IDLE_PROCESSOR_MS = 500

describe('an unplug', () => {
  it('is noticed once while the board is silent (fault 1)', async () => {
    for (let round = 0; round < 5; round++) {
      const pty = Pty.open()
      const transport = await openOn(pty)
      const losses: TransportError[] = []
      transport.onLost(error => losses.push(error))
      await sleep(20)
      const lost = first(transport.onLost)
      const startedAt = performance.now()
      await pty.hangUp()
      const error = await lost
      expect(performance.now() - startedAt).toBeLessThan(DETECTION_LIMIT_MS)
      expect(error.reason).toBe('disconnected')
      expect(error.message).toContain(pty.path)
      await transport.released
      await transport.close()
      expect(losses).toHaveLength(1)
    }
  })

  it('is noticed each of 25 times in a row at full output speed, and leaves the processor idle (fault 2)', async () => {
    const files = await openFiles()
    let losses = 0
    for (let round = 0; round < 25; round++) {
      const pty = Pty.open()
      const transport = await openOn(pty, unwatchedTransport(pty.path))
      const heard = new Heard()
      transport.onData(chunk => heard.add(chunk))
      transport.onLost(() => losses++)
      const lost = first(transport.onLost)
      flood(pty)
      // Different moments of the flood: the trap is a race.
      await heard.reach(50_000 + round * 10_000)
      const startedAt = performance.now()
      await pty.hangUp()
      await lost
      expect(performance.now() - startedAt).toBeLessThan(DETECTION_LIMIT_MS)
      await transport.released
    }
    expect(await processorMs(() => sleep(WATCHED_MS))).toBeLessThan(IDLE_PROCESSOR_MS)
    expect(losses).toBe(25)
    expect(await openFiles()).toBe(files)
  })

  it('of 16 busy boards at the same moment loses each of them once (fault 3)', async () => {
    const terminals = Array.from({ length: 16 }, () => Pty.open())
    const transports = await Promise.all(terminals.map(pty => openOn(pty)))
    const losses: string[] = []
    for (const transport of transports) transport.onLost(() => losses.push(transport.port))
    for (const pty of terminals) flood(pty)
    await sleep(200)
    const all = Promise.all(transports.map(transport => first(transport.onLost)))
    const startedAt = performance.now()
    await Promise.all(terminals.map(pty => pty.hangUp()))
    await all
    expect(performance.now() - startedAt).toBeLessThan(DETECTION_LIMIT_MS)
    await Promise.all(transports.map(transport => transport.released))
    expect(losses.sort()).toEqual(terminals.map(({ path }) => path).sort())
    expect(await processorMs(() => sleep(WATCHED_MS))).toBeLessThan(IDLE_PROCESSOR_MS)
  })

  it('fails every queued write once and is told once (fault 6)', async () => {
    const pty = Pty.open()
    const transport = await openOn(pty)
    let losses = 0
    transport.onLost(() => losses++)
    const results: string[] = []
    for (let count = 0; count < 4; count++) {
      transport.write(Buffer.alloc(100_000)).then(
        () => results.push('written'),
        (error: TransportError) => results.push(error.reason),
      )
    }
    await sleep(20)
    const lost = first(transport.onLost)
    await pty.hangUp()
    await lost
    await transport.released
    expect(results).toEqual(Array(4).fill('disconnected'))
    expect(losses).toBe(1)
  })

  it('does not end the process when nobody waits for the write that fails', async () => {
    const pty = Pty.open()
    const transport = await openOn(pty)
    void transport.write(Buffer.alloc(100_000))
    await sleep(20)
    await pty.hangUp()
    await transport.released
    void transport.write(Buffer.from('after'))
    // An unhandled rejection would fail the test run.
    await sleep(20)
    expect(transport.isOpen).toBe(false)
  })

  it('during a close is no loss', async () => {
    const pty = Pty.open()
    const transport = await openOn(pty)
    let losses = 0
    transport.onLost(() => losses++)
    void transport.write(Buffer.alloc(100_000))
    const closed = transport.close()
    await pty.hangUp()
    await closed
    await transport.released
    expect(losses).toBe(0)
  })

  it('leaves the other boards alone, and a new board under the same name is a new port (fault 10)', async () => {
    const other = Pty.open()
    const otherTransport = await openOn(other)
    const folder = await mkdtemp(path.join(tmpdir(), 'muster-ports-'))
    const name = path.join(folder, 'ttyACM0')
    const pty = Pty.open()
    await symlink(pty.path, name)
    const transport = await openOn(pty, serialTransport(name))
    const lost = first(transport.onLost)
    await pty.hangUp()
    await lost
    await transport.released

    const successor = Pty.open()
    await rm(name)
    await symlink(successor.path, name)
    const next = await openOn(successor, serialTransport(name))
    const heard = new Heard()
    const otherHeard = new Heard()
    next.onData(chunk => heard.add(chunk))
    otherTransport.onData(chunk => otherHeard.add(chunk))
    await expect(transport.write(Buffer.from('to the wrong board'))).rejects.toMatchObject({ reason: 'disconnected' })
    await Promise.all([successor.write('new'), other.write('other'), heard.reach(3), otherHeard.reach(5)])
    expect([heard.text, otherHeard.text]).toEqual(['new', 'other'])
    await Promise.all([next.close(), otherTransport.close(), successor.hangUp(), other.hangUp()])
    await rm(folder, { recursive: true })
  })
})
