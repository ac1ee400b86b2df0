import { afterEach, describe, expect, it } from 'vitest'
import { BoardBench } from './board-bench'
import { MICROBIT } from './targets'

describe('a micro:bit that is asked who it is', () => {
  let bench: BoardBench
  afterEach(() => bench.end())

  it('tells what little it knows', async () => {
    bench = await BoardBench.start(MICROBIT)
    expect(await bench.identify()).toMatchObject({
      name: 'micropython',
      version: '1.9.2',
      platform: 'microbit',
      frequencyHz: 16_000_000,
      resetCause: null,
      flashTotalBytes: null,
      features: ['kbdIntr'],
    })
  })

  it('tells what tells it from others while its program takes most of its memory', async () => {
    bench = await BoardBench.start(MICROBIT)
    const first = await bench.identify()
    expect(first).toMatchObject({ name: 'micropython', uniqueId: expect.stringMatching(/^[0-9a-f]{16}$/) })
    await bench.softReset()
    await bench.output('program = bytearray(4000)')
    expect(await bench.identify()).toMatchObject({ name: 'micropython', version: '1.9.2', uniqueId: first.uniqueId })
    expect(await bench.output('print(len(program))')).toBe('4000\n')
  })
})
