import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import { type BoardProtocol, ProtocolError } from '../../../electron/core/micropython/board-protocol'
import { createMicroPythonProtocol } from '../../../electron/core/micropython/micropython-protocol'
import { SerialTransports } from '../../../electron/core/transport/serial/serial-transports'
import type { Transport } from '../../../electron/core/transport/transport'
import { type Microbit, startMicrobit } from '../../boards/microbit'

describe('a micro:bit with firmware of 2017', () => {
  let board: Microbit
  let transport: Transport
  let protocol: BoardProtocol
  let stdout = ''

  beforeEach(async () => {
    board = await startMicrobit()
    transport = new SerialTransports(systemClock, silentLogger).create({ port: board.path, baudRate: 115_200 })
    // As a real UART: nothing holds the sender back.
    Object.defineProperty(transport, 'hasBackPressure', { value: false })
    await transport.open(new AbortController().signal)
    protocol = createMicroPythonProtocol(transport, { clock: systemClock, logger: silentLogger })
    protocol.onOutput(({ channel, bytes }) => {
      if (channel === 'stdout') stdout += Buffer.from(bytes).toString('latin1')
    })
    await protocol.enter({ timeoutMs: 30_000, signal: new AbortController().signal })
  })

  afterEach(async () => {
    protocol.dispose()
    await transport.close()
    await board.unplug()
  })

  const run = async (code: string): Promise<{ outcome: string; stdout: string; exception: string }> => {
    stdout = ''
    const { outcome, exception } = await protocol.execute(code)
    return { outcome, stdout, exception: Buffer.from(exception).toString('latin1') }
  }

  it('runs code, tells exceptions from output, and says who it is as far as it knows', async () => {
    expect(await run('print(1 + 1)')).toEqual({ outcome: 'ok', stdout: '2\r\n', exception: '' })
    expect((await run('print("before")\n1 / 0')).exception).toContain('ZeroDivisionError')
    expect(await protocol.identify({ timeoutMs: 10_000 })).toMatchObject({ name: 'micropython', version: '1.9.2' })
  })

  it('gets long code the plain way, for it knows no raw-paste mode', async () => {
    const lines = Array.from({ length: 40 }, (_, line) => `x${line % 4} = ${line}`)
    expect(await run([...lines, 'print(x3)'].join('\n'))).toEqual({ outcome: 'ok', stdout: '39\r\n', exception: '' })
  })

  it('is interrupted in a loop', async () => {
    const running = run('print("begun")\nwhile True: pass')
    await expect.poll(() => stdout).toContain('begun')
    expect(await protocol.interrupt(10_000)).toBe(true)
    expect((await running).exception).toContain('KeyboardInterrupt')
  })

  it('is out of memory alone, and goes on', async () => {
    expect((await run('x = bytearray(20000)')).exception).toContain('MemoryError')
    expect((await run('print(1)')).stdout).toBe('1\r\n')
  })

  it('that is reset during a run is never said to have ended well', async () => {
    const running = protocol.execute('print("begun")\nwhile True: pass')
    const ended = running.then(
      () => 'ok',
      error => error,
    )
    await expect.poll(() => stdout).toContain('begun')
    board.reset()
    const error = await ended
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error).toMatchObject({ reason: 'restarted' })
    expect((await run('print(1)')).stdout).toBe('1\r\n')
  })
})
