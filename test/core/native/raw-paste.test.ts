import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import type { BoardProtocol } from '../../../electron/core/micropython/board-protocol'
import { createMicroPythonProtocol } from '../../../electron/core/micropython/micropython-protocol'
import { SerialTransports } from '../../../electron/core/transport/serial/serial-transports'
import { startNativeBoard } from '../../boards/native-board'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A native board at its prompt, what it prints, and what was written to it. */
async function enter(heapKb?: number) {
  const board = await startNativeBoard(heapKb === undefined ? {} : { heapKb })
  const transport = new SerialTransports(systemClock, silentLogger).create({ port: board.path, baudRate: 115_200 })
  await transport.open(new AbortController().signal)
  const written: Buffer[] = []
  const write = transport.write.bind(transport)
  transport.write = bytes => {
    written.push(Buffer.from(bytes))
    return write(bytes)
  }
  const protocol: BoardProtocol = createMicroPythonProtocol(transport, { clock: systemClock, logger: silentLogger })
  ends.push(
    () => board.unplug(),
    () => transport.close(),
    async () => protocol.dispose(),
  )
  let stdout = ''
  protocol.onOutput(({ channel, bytes }) => {
    if (channel === 'stdout') stdout += Buffer.from(bytes).toString('latin1')
  })
  await protocol.enter({ timeoutMs: 20_000, signal: new AbortController().signal })
  const run = async (code: string): Promise<{ outcome: string; stdout: string; exception: string }> => {
    stdout = ''
    const { outcome, exception } = await protocol.execute(code)
    return { outcome, stdout, exception: Buffer.from(exception).toString('latin1') }
  }
  return { protocol, run, written: () => Buffer.concat(written).toString('latin1') }
}

const LINES = Array.from({ length: 3_000 }, (_, line) => `x = ${line}`)

describe('raw-paste mode of a real interpreter', () => {
  it('takes a long source whole, and the lines of its traceback are those of the source', async () => {
    const { run, written } = await enter()
    const { stdout, exception } = await run([...LINES, 'print(x)', 'raise ValueError("end")'].join('\n'))
    expect(stdout).toBe('2999\r\n')
    expect(exception).toContain('line 3002, in <module>')
    expect(exception).toContain('ValueError: end')
    expect(written()).toContain('\x05A\x01x = 0')
    expect((await run('print(1)')).stdout).toBe('1\r\n')
  })

  it('ends early at a syntax error, and the board is there for the next run', async () => {
    const { run } = await enter()
    for (const place of [0, 1_000, 2_999]) {
      const { outcome, exception } = await run([...LINES.slice(0, place), 'if', ...LINES.slice(place)].join('\n'))
      expect(outcome).toBe('exception')
      expect(exception).toContain(`line ${place + 1}`)
      expect(exception).toContain('SyntaxError')
      expect(await run('print("x" in globals())')).toMatchObject({ stdout: expect.stringMatching(/^(True|False)\r\n$/) })
    }
  })

  it('ends early where the board has no memory for the source', async () => {
    const { run } = await enter(64)
    const { exception } = await run(Array.from({ length: 20_000 }, (_, line) => `variable_${line} = "${line}"`).join('\n'))
    expect(exception).toContain('MemoryError')
    expect((await run('print(1)')).stdout).toBe('1\r\n')
  })

  it('is left by an interrupt in the middle of the source, which is not run', async () => {
    const { protocol, run } = await enter()
    await run('ran = False')
    const source = `ran = True\n${'#'.repeat(200_000)}\n`
    const running = protocol.execute(source)
    expect(await protocol.interrupt(10_000)).toBe(true)
    expect((await running).outcome).toBe('exception')
    expect((await run('print(ran)')).stdout).toBe('False\r\n')
  })
})
