import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SIMULATED_OUTPUT_RING_BYTES } from '../../../shared/limits'
import { Terminal, useBoard } from './rig'

describe('a paused line to a simulated board', () => {
  const board = useBoard()

  it('holds a flooding board back and loses nothing', async () => {
    const { terminal } = board
    const count = SIMULATED_OUTPUT_RING_BYTES / 8
    terminal.transport.setPaused(true)
    await terminal.type(`for i in range(${count}): print("%015d" % i)\x04`)
    await sleep(300)
    expect(terminal.received).toBe('')
    terminal.transport.setPaused(false)
    const output = await terminal.read('\x04\x04>')
    const expected = Array.from({ length: count }, (_, index) => `${`${index}`.padStart(15, '0')}\r\n`).join('')
    expect(output).toBe(`OK${expected}\x04\x04>`)
  })

  it('goes on where it was, also after a pause in the middle of a flood', async () => {
    const { terminal } = board
    await terminal.type('for i in range(100000): print(i)\x04')
    await terminal.read('\r\n1000\r\n')
    terminal.transport.setPaused(true)
    const before = terminal.received.length
    await sleep(100)
    expect(terminal.received).toHaveLength(before)
    terminal.transport.setPaused(false)
    const rest = await terminal.read('\x04\x04>')
    expect(rest.startsWith('1001\r\n')).toBe(true)
    expect(rest.split('\r\n')).toHaveLength(99_000)
  })

  it('tells of a board that ends, and is not paused any more when it is opened anew', async () => {
    const { boards, terminal } = board
    terminal.transport.setPaused(true)
    await terminal.transport.close()
    const [started] = await boards.start(1)
    const port = started?.path ?? ''
    const other = await Terminal.open(boards, port)
    other.transport.setPaused(true)
    await boards.stop(port)
    expect(other.losses).toHaveLength(1)
    const again = await Terminal.open(boards)
    await again.enterRaw()
    expect(await again.output('print("here")')).toContain('here')
    await again.transport.close()
  })
})
