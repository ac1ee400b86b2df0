import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { PORT_CLOSE_TIMEOUT_MS } from '../../../shared/limits'
import { CountingClock, Heard, openFiles, openOn, serialTransport, useTerminals } from './rig'

describe('a serial transport on a pseudo-terminal', () => {
  const terminal = useTerminals()

  it('carries every byte value both ways unchanged', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    const fromBoard = new Heard()
    const fromApp = new Heard()
    transport.onData(chunk => fromBoard.add(chunk))
    pty.onData(chunk => fromApp.add(chunk))
    const bytes = randomBytes(200_000)

    await Promise.all([transport.write(bytes), pty.write(bytes), fromApp.reach(bytes.length), fromBoard.reach(bytes.length)])

    expect(fromBoard.text).toBe(bytes.toString('latin1'))
    expect(fromApp.text).toBe(bytes.toString('latin1'))
    await transport.close()
  })

  it('gives each listener a buffer of its own', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    const chunks: Uint8Array[] = []
    const heard = new Heard()
    transport.onData(chunk => {
      chunks.push(chunk)
      heard.add(chunk)
    })
    await pty.write('first')
    await heard.reach(5)
    await pty.write('again')
    await heard.reach(10)

    expect(Buffer.from(chunks[0] ?? []).toString()).toBe('first')
    expect(chunks.every(chunk => chunk.buffer.byteLength === chunk.length)).toBe(true)
    await transport.close()
  })

  it('sends overlapping writes in the order of the calls', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    const heard = new Heard()
    pty.onData(chunk => heard.add(chunk))
    const parts = Array.from({ length: 50 }, (_, index) => `${index}`.padStart(4, '0').repeat(100))
    const writes = parts.map(part => transport.write(Buffer.from(part)))
    await Promise.all([...writes, heard.reach(parts.length * 400)])
    expect(heard.text).toBe(parts.join(''))
    await transport.close()
  })

  it('counts the bytes the system has not taken, and gets rid of them once the board reads', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    const bytes = Buffer.alloc(200_000, 'w')
    const written = transport.write(bytes)
    await sleep(50)
    expect(transport.pendingWriteBytes).toBeGreaterThan(100_000)
    expect(transport.pendingWriteBytes).toBeLessThan(bytes.length)
    pty.onData(() => {})
    await written
    expect(transport.pendingWriteBytes).toBe(0)
    await transport.close()
  })

  it('hears a board whose input is full, as that board may be waiting for its output to be read', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    const heard = new Heard()
    transport.onData(chunk => heard.add(chunk))
    const blocked = transport.write(Buffer.alloc(200_000))
    await sleep(50)
    await pty.write('still here')
    await heard.reach(10)
    pty.onData(() => {})
    await blocked
    await transport.close()
  })

  it('knows that a pseudo-terminal pushes back', async () => {
    const transport = await openOn(terminal())
    expect(transport.hasBackPressure).toBe(true)
    await transport.close()
  })

  it('gives the port back on close, and stays silent and useless afterwards', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    const events: string[] = []
    transport.onData(() => events.push('data'))
    transport.onLost(() => events.push('lost'))
    await transport.close()
    await transport.close()
    await transport.released
    await pty.write('too late')

    expect(transport.isOpen).toBe(false)
    await expect(transport.write(Buffer.from('x'))).rejects.toMatchObject({ reason: 'disconnected' })
    const next = await openOn(pty)
    await pty.hangUp()
    await next.released
    expect(events).toEqual([])
  })

  it('sends what was written before a close', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    const heard = new Heard()
    pty.onData(chunk => heard.add(chunk))
    const written = transport.write(Buffer.from('farewell'))
    await transport.close()
    await written
    await heard.reach(8)
    expect(heard.text).toBe('farewell')
  })

  it('closes within its limit although a write is blocked, and fails that write once (fault 7)', async () => {
    for (let round = 0; round < 5; round++) {
      const pty = terminal()
      const transport = await openOn(pty)
      const results: string[] = []
      for (let count = 0; count < 3; count++) {
        transport.write(Buffer.alloc(100_000)).then(
          () => results.push('written'),
          error => results.push(error.reason),
        )
      }
      await sleep(20)
      const startedAt = performance.now()
      await transport.close()
      // Without its limit the close would never end; the rest is room for a machine that is busy elsewhere.
      expect(performance.now() - startedAt).toBeLessThan(2 * PORT_CLOSE_TIMEOUT_MS)
      await transport.released
      expect(results).toEqual(['disconnected', 'disconnected', 'disconnected'])
      expect(transport.pendingWriteBytes).toBe(0)
    }
  })

  it('kills at once although a write is blocked, and the port is free when it is released', async () => {
    const pty = terminal()
    const transport = await openOn(pty)
    const blocked = transport.write(Buffer.alloc(100_000))
    await sleep(20)
    transport.kill()
    transport.kill()
    expect(transport.isOpen).toBe(false)
    await expect(blocked).rejects.toMatchObject({ reason: 'disconnected' })
    await transport.released
    const next = await openOn(pty)
    await next.close()
  })

  it('turns a close into a kill when asked to', async () => {
    const transport = await openOn(terminal())
    const blocked = transport.write(Buffer.alloc(100_000))
    const closed = transport.close()
    transport.kill()
    await expect(blocked).rejects.toMatchObject({ reason: 'disconnected' })
    await Promise.all([closed, transport.released])
  })

  it('resolves its release when it was never opened', async () => {
    const transport = serialTransport('/dev/none')
    await transport.close()
    await transport.released
    await expect(transport.open(new AbortController().signal)).rejects.toMatchObject({ reason: 'cancelled' })
  })

  it('leaves no file and no timer behind after 200 times open and close', async () => {
    const pty = terminal()
    const clock = new CountingClock()
    const cycle = async (): Promise<void> => {
      const transport = await openOn(pty, serialTransport(pty.path, clock))
      expect(clock.pendingTimers).toBeGreaterThan(0)
      await transport.close()
      await transport.released
    }
    await cycle()
    const files = await openFiles()
    for (let count = 0; count < 200; count++) await cycle()
    expect(await openFiles()).toBe(files)
    expect(clock.pendingTimers).toBe(0)
  })
})
