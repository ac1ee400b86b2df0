import { describe, expect, it } from 'vitest'
import { useBoard } from './rig'

describe('what a board brings along', () => {
  const board = useBoard()

  it('a machine with an identity', async () => {
    expect(await board.terminal.output('import machine\nprint(machine.unique_id(), machine.freq())')).toBe(
      "b'muster\\x00\\x01' 160000000\r\n",
    )
  })

  it('free memory that can be asked for', async () => {
    expect(Number(await board.terminal.output('import gc\ngc.collect()\nprint(gc.mem_free())'))).toBeGreaterThan(100_000)
  })

  it('an empty file system', async () => {
    expect(await board.terminal.output('import os\nprint(os.listdir("/"), os.getcwd())')).toBe('[] /\r\n')
  })

  it('the error numbers of MicroPython', async () => {
    const { terminal } = board
    expect((await terminal.run('open("/nothing")')).exception).toContain('OSError: [Errno 2] ENOENT\r\n')
    expect(
      await terminal.output(
        'import os, errno\nos.mkdir("/d")\ntry: os.mkdir("/d")\nexcept OSError as e: print(e.errno == errno.EEXIST)\nos.rmdir("/d")',
      ),
    ).toBe('True\r\n')
  })

  it('asyncio with run, sleep, gather and wait_for', async () => {
    const source = `
import asyncio
async def work(n):
    await asyncio.sleep(0.01 * n)
    return n
async def main():
    results = await asyncio.gather(work(2), work(1))
    try:
        await asyncio.wait_for(work(6000), 0.01)
    except asyncio.TimeoutError:
        results.append("timeout")
    return results
print(asyncio.run(main()))`
    expect(await board.terminal.output(source)).toBe("[2, 1, 'timeout']\r\n")
  })

  it('asyncio that raises what its main coroutine raises', async () => {
    const { output, exception } = await board.terminal.run('import asyncio\nasync def main():\n    1/0\nasyncio.run(main())')
    expect(output).toBe('')
    expect(exception).toContain('ZeroDivisionError')
  })

  it('a clock that keeps time', async () => {
    const startedAt = performance.now()
    const elapsed = await board.terminal.output(
      'import time\nt = time.ticks_ms()\ntime.sleep(0.3)\nprint(time.ticks_diff(time.ticks_ms(), t))',
    )
    expect(Number(elapsed)).toBeGreaterThanOrEqual(300)
    // No longer than it has really been; ticks are cut to whole milliseconds.
    expect(Number(elapsed)).toBeLessThanOrEqual(performance.now() - startedAt + 1)
  })

  it('a limit on recursion that is an exception', async () => {
    expect((await board.terminal.run('def f(): f()\nf()')).exception).toContain('RuntimeError: maximum recursion depth exceeded')
  })

  it('random numbers', async () => {
    expect(await board.terminal.output('import random\nprint(0 <= random.random() < 1)')).toBe('True\r\n')
  })

  it('no way to the process around it', async () => {
    const { terminal } = board
    expect((await terminal.run('import js\njs.process')).exception).toContain('AttributeError')
    expect((await terminal.run('import sys\ndel sys.modules["js"]\nimport js\njs.process')).exception).toContain('AttributeError')
  })
})
