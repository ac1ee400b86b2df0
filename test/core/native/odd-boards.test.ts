import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type NativeBoard, startNativeBoard } from '../../boards/native-board'
import { Conversation } from './conversation'

const LIMITS = { timeoutMs: 30_000, signal: new AbortController().signal }
/** All of the heap is taken, down to the last block, and stays so. */
const FILL_HEAP = 'l = None\ntry:\n while 1: l = [l]\nexcept MemoryError: pass'

describe('a native board', () => {
  let board: NativeBoard
  let bench: Conversation
  beforeEach(async () => {
    board = await startNativeBoard()
    bench = await Conversation.start(board.path)
  })
  afterEach(async () => {
    await bench.end()
    await board.unplug()
  })

  it('whose heap is full is entered, says so to every snippet, and works again after a soft reset (fault 28)', async () => {
    await bench.run('x = 1')
    await bench.run(FILL_HEAP)
    await bench.protocol.leave(10_000)
    bench.forget()
    await bench.enter()
    expect(await bench.protocol.identify(LIMITS)).toMatchObject({ name: null })
    expect((await bench.run('print(1)')).exception).toMatch(/^MemoryError/)
    // Bytes of a person's, after which the prompt is proved anew.
    await bench.protocol.write(Buffer.from('\x03'))
    expect((await bench.run('print(1)')).exception).toMatch(/^MemoryError/)
    await bench.protocol.softReset(LIMITS)
    expect(await bench.run('print(1)')).toEqual({ outcome: 'ok', stdout: '1\r\n', exception: '' })
    expect(await bench.protocol.identify(LIMITS)).toMatchObject({ name: 'micropython' })
  })

  it('whose prompt is another one is left without a trace of that, entered, and restarted', async () => {
    const code = 'import sys\nsys.ps1 = "--> "\nsys.ps2 = "... "'
    await bench.run(code)
    bench.outside = ''
    await bench.protocol.leaveToWatch(10_000)
    expect(bench.outside).toBe('')
    await bench.enter()
    expect(await bench.run('print(sys.ps1)')).toMatchObject({ stdout: '--> \r\n' })
    await bench.protocol.restart(LIMITS)
    expect(bench.outside).toContain('MPY: soft reboot\r\n')
    await bench.enter()
    expect(await bench.run('import sys\nprint(sys.ps1)')).toMatchObject({ stdout: '>>> \r\n' })
  })
})
