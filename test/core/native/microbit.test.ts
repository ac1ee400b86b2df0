import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import { type Microbit, startMicrobit } from '../../boards/microbit'
import { Conversation } from './conversation'

describe('a micro:bit with firmware of 2017', () => {
  let board: Microbit
  let bench: Conversation
  beforeEach(async () => {
    board = await startMicrobit()
    bench = await Conversation.start(board.path, { withoutBackPressure: true })
  })
  afterEach(async () => {
    await bench.end()
    await board.unplug()
  })

  it('runs code, tells exceptions from output, and says who it is as far as it knows', async () => {
    expect(await bench.run('print(1 + 1)')).toEqual({ outcome: 'ok', stdout: '2\r\n', exception: '' })
    expect((await bench.run('print("before")\n1 / 0')).exception).toContain('ZeroDivisionError')
    expect(await bench.protocol.identify({ timeoutMs: 10_000 })).toMatchObject({ name: 'micropython', version: '1.9.2' })
  })

  it('gets long code the plain way, for it knows no raw-paste mode', async () => {
    const lines = Array.from({ length: 40 }, (_, line) => `x${line % 4} = ${line}`)
    expect(await bench.run([...lines, 'print(x3)'].join('\n'))).toEqual({ outcome: 'ok', stdout: '39\r\n', exception: '' })
  })

  it('is interrupted in a loop', async () => {
    const running = bench.run('print("begun")\nwhile True: pass')
    await expect.poll(() => bench.stdout).toContain('begun')
    expect(await bench.protocol.interrupt(10_000)).toBe(true)
    expect((await running).exception).toContain('KeyboardInterrupt')
  })

  it('is out of memory alone, and goes on (fault 28)', async () => {
    expect((await bench.run('x = bytearray(20000)')).exception).toContain('MemoryError')
    const snippet = Array.from({ length: 600 }, (_, line) => `x = ${line}`).join('\n')
    expect((await bench.run(snippet)).exception).toContain('MemoryError')
    expect((await bench.run('print(1)')).stdout).toBe('1\r\n')
  })

  it('that is reset during a run is never said to have ended well', async () => {
    const running = bench.protocol.execute('print("begun")\nwhile True: pass')
    const ended = running.then(
      () => 'ok',
      error => error,
    )
    await expect.poll(() => bench.stdout).toContain('begun')
    board.reset()
    const error = await ended
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error).toMatchObject({ reason: 'restarted' })
    expect((await bench.run('print(1)')).stdout).toBe('1\r\n')
  })
})
