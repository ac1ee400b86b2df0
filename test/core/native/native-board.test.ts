import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import type { BoardProtocol } from '../../../electron/core/micropython/board-protocol'
import { createMicroPythonProtocol } from '../../../electron/core/micropython/micropython-protocol'
import { SerialTransports } from '../../../electron/core/transport/serial/serial-transports'
import type { Transport } from '../../../electron/core/transport/transport'
import { type NativeBoard, type NativeBoardOptions, startNativeBoard } from '../../boards/native-board'

const ENTER_LIMIT_MS = 20_000

class Bench {
  stdout = ''

  private constructor(
    readonly board: NativeBoard,
    readonly transport: Transport,
    readonly protocol: BoardProtocol,
  ) {
    protocol.onOutput(({ channel, bytes }) => {
      if (channel === 'stdout') this.stdout += Buffer.from(bytes).toString('latin1')
    })
  }

  static async start(options: NativeBoardOptions = {}): Promise<Bench> {
    const board = await startNativeBoard(options)
    const transport = new SerialTransports(systemClock, silentLogger).create({ port: board.path, baudRate: 115_200 })
    await transport.open(new AbortController().signal)
    const protocol = createMicroPythonProtocol(transport, { clock: systemClock, logger: silentLogger })
    const bench = new Bench(board, transport, protocol)
    await protocol.enter({ timeoutMs: ENTER_LIMIT_MS, signal: new AbortController().signal })
    return bench
  }

  async run(code: string): Promise<{ readonly outcome: string; readonly stdout: string; readonly exception: string }> {
    this.stdout = ''
    const { outcome, exception } = await this.protocol.execute(code)
    return { outcome, stdout: this.stdout, exception: Buffer.from(exception).toString('utf8') }
  }

  async end(): Promise<void> {
    this.protocol.dispose()
    await this.transport.close()
    await this.board.unplug()
  }
}

describe('a native board', () => {
  let bench: Bench
  afterEach(() => bench.end())

  it('runs code, tells who it is, and keeps its files over a soft reset', async () => {
    bench = await Bench.start({ uniqueId: 'a0b1c2d3e4f50617' })
    expect(await bench.protocol.identify({ timeoutMs: 5_000 })).toMatchObject({ name: 'micropython', uniqueId: 'a0b1c2d3e4f50617' })
    expect(await bench.run('with open("kept", "w") as f: f.write("yes")\nx = 1')).toMatchObject({ outcome: 'ok' })
    await expect(bench.protocol.execute('import sys\nsys.exit()')).resolves.toMatchObject({ restarted: true })
    expect((await bench.run('print(open("kept").read(), "x" in globals())')).stdout).toBe('yes False\r\n')
  })

  it('is interrupted in a loop, in a sleep and in a flood', async () => {
    bench = await Bench.start()
    for (const code of ['while True: pass', 'import time\ntime.sleep(100)', 'while True: print("x" * 60)']) {
      const running = bench.run(`print("begun")\n${code}`)
      await expect.poll(() => bench.stdout).toContain('begun')
      expect(await bench.protocol.interrupt(10_000)).toBe(true)
      expect((await running).exception).toContain('KeyboardInterrupt')
    }
  })

  it('prints every byte that it was told to', async () => {
    bench = await Bench.start()
    const { stdout } = await bench.run('import sys\nfor i in range(64): sys.stdout.buffer.write(bytes(b for b in range(256) if b != 4))')
    const expected = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte).filter(byte => byte !== 4)).toString('latin1')
    expect(stdout).toBe(expected.repeat(64))
  })

  it('is out of memory where a board is, and goes on', async () => {
    bench = await Bench.start({ heapKb: 64 })
    expect((await bench.run('x = bytearray(100_000)')).exception).toContain('MemoryError')
    expect((await bench.run('print(1)')).stdout).toBe('1\r\n')
  })

  it('is entered although it says nothing at first, and although its main.py prints for ever', async () => {
    bench = await Bench.start({ muteMs: 1_000 })
    await bench.run('with open("main.py", "w") as f: f.write("while True:\\n    print(\'busy\')\\n")')
    await bench.protocol.leave(1_000)
    // Ctrl-D at the friendly prompt: main.py runs.
    await bench.transport.write(Uint8Array.of(4))
    await bench.protocol.enter({ timeoutMs: ENTER_LIMIT_MS, signal: new AbortController().signal })
    expect((await bench.run('print(1)')).stdout).toBe('1\r\n')
  })

  it('is gone for the app when it is unplugged', async () => {
    bench = await Bench.start()
    const lost = new Promise(resolve => bench.transport.onLost(resolve))
    await bench.board.unplug()
    expect(await lost).toMatchObject({ reason: 'disconnected' })
  })
})
