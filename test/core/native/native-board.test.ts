import { afterEach, describe, expect, it } from 'vitest'
import { type NativeBoard, type NativeBoardOptions, startNativeBoard } from '../../boards/native-board'
import { Conversation } from './conversation'

describe('a native board', () => {
  let board: NativeBoard
  let bench: Conversation
  const start = async (options: NativeBoardOptions = {}): Promise<void> => {
    board = await startNativeBoard(options)
    bench = await Conversation.start(board.path)
  }
  afterEach(async () => {
    await bench.end()
    await board.unplug()
  })

  it('runs code, tells who it is, and keeps its files over a soft reset', async () => {
    await start({ uniqueId: 'a0b1c2d3e4f50617' })
    expect(await bench.protocol.identify({ timeoutMs: 5_000 })).toMatchObject({ name: 'micropython', uniqueId: 'a0b1c2d3e4f50617' })
    expect(await bench.run('with open("kept", "w") as f: f.write("yes")\nx = 1')).toMatchObject({ outcome: 'ok' })
    await expect(bench.protocol.execute('import sys\nsys.exit()')).resolves.toMatchObject({ restarted: true })
    expect((await bench.run('print(open("kept").read(), "x" in globals())')).stdout).toBe('yes False\r\n')
  })

  it('is interrupted in a loop, in a sleep and in a flood', async () => {
    await start()
    for (const code of ['while True: pass', 'import time\ntime.sleep(100)', 'while True: print("x" * 60)']) {
      const running = bench.run(`print("begun")\n${code}`)
      await expect.poll(() => bench.stdout).toContain('begun')
      expect(await bench.protocol.interrupt(10_000)).toBe(true)
      expect((await running).exception).toContain('KeyboardInterrupt')
    }
  })

  it('prints every byte that it was told to', async () => {
    await start()
    const { stdout } = await bench.run('import sys\nfor i in range(64): sys.stdout.buffer.write(bytes(b for b in range(256) if b != 4))')
    const expected = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte).filter(byte => byte !== 4)).toString('latin1')
    expect(stdout).toBe(expected.repeat(64))
  })

  it('is out of memory where a board is, and goes on (fault 28)', async () => {
    await start({ heapKb: 64 })
    expect((await bench.run('x = bytearray(100_000)')).exception).toContain('MemoryError')
    expect((await bench.run('print(1)')).stdout).toBe('1\r\n')
  })

  it('is entered although it says nothing at first, and although its main.py prints for ever', async () => {
    await start({ muteMs: 1_000 })
    await bench.run('with open("main.py", "w") as f: f.write("while True:\\n    print(\'busy\')\\n")')
    await bench.protocol.leave(1_000)
    // Ctrl-D at the friendly prompt: main.py runs.
    await bench.transport.write(Uint8Array.of(4))
    await bench.enter()
    expect((await bench.run('print(1)')).stdout).toBe('1\r\n')
  })

  it('is gone for the app when it is unplugged', async () => {
    await start()
    const lost = new Promise(resolve => bench.transport.onLost(resolve))
    await board.unplug()
    expect(await lost).toMatchObject({ reason: 'disconnected' })
  })
})
