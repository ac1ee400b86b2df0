import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SERIAL_READ_BUFFER_BYTES } from '../../../shared/limits'
import { first, flood, Heard, openOn, processorMs, serialTransport, useTerminals } from './rig'

const DETECTION_LIMIT_MS = 1_000
const WATCHED_MS = 500

describe('a paused serial transport', () => {
  const terminal = useTerminals()

  it('E-44 holds a flooding board back, costs nothing meanwhile, and loses no byte', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    const heard = new Heard()
    transport.onData(chunk => heard.add(chunk))
    const bytes = randomBytes(3_000_000)
    let isTaken = false
    const sent = pty.write(bytes).then(() => {
      isTaken = true
    })
    for (let pause = 0; pause < 5; pause++) {
      await heard.reach(pause * 300_000 + 1)
      transport.setPaused(true)
      // What was on its way to the listener at that moment has come.
      await sleep(20)
      const before = heard.bytes
      expect(await processorMs(() => sleep(WATCHED_MS / 5))).toBeLessThan(WATCHED_MS / 5)
      expect(heard.bytes).toBe(before)
      expect(isTaken).toBe(false)
      transport.setPaused(false)
    }
    await Promise.all([sent, heard.reach(bytes.length)])
    expect(heard.text).toBe(bytes.toString('latin1'))
    await transport.close()
  })

  it('E-44 notices an unplug of a flooding board within a second', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    const heard = new Heard()
    transport.onData(chunk => heard.add(chunk))
    flood(pty)
    await heard.reach(SERIAL_READ_BUFFER_BYTES)
    transport.setPaused(true)
    await sleep(20)
    const before = heard.bytes
    const lost = first(transport.onLost)
    const startedAt = performance.now()
    await pty.hangUp()
    expect((await lost).reason).toBe('disconnected')
    expect(performance.now() - startedAt).toBeLessThan(DETECTION_LIMIT_MS)
    await transport.released
    // Nothing is told of a port that is gone.
    transport.setPaused(false)
    await sleep(20)
    expect(heard.bytes).toBe(before)
  })

  it('E-44 notices an unplug of a silent board within a second', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    transport.setPaused(true)
    const lost = first(transport.onLost)
    const startedAt = performance.now()
    await pty.hangUp()
    await lost
    expect(performance.now() - startedAt).toBeLessThan(DETECTION_LIMIT_MS)
    await transport.released
  })

  it('takes writes, and closes like any other', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    const fromApp = new Heard()
    pty.onData(chunk => fromApp.add(chunk))
    transport.setPaused(true)
    await pty.write('unread')
    await transport.write(Buffer.from('\x03'))
    await fromApp.reach(1)
    await transport.close()
    await transport.released
    const next = await openOn(pty)
    await next.close()
  })

  it('can be paused before it is opened', async () => {
    const pty = terminal()
    const transport = serialTransport(pty.path)
    const heard = new Heard()
    transport.onData(chunk => heard.add(chunk))
    transport.setPaused(true)
    await openOn(pty, transport)
    await pty.write('later')
    await sleep(50)
    expect(heard.text).toBe('')
    transport.setPaused(false)
    await heard.reach(5)
    expect(heard.text).toBe('later')
    await transport.close()
  })
})
