import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineSplitter } from '../../../../electron/core/sessions/filters/line-splitter'
import type { FilterSpec } from '../../../../shared/model'
import { bytes, ChainBench } from './chain-bench'

async function codec(settings: FilterSpec['settings'] = {}): Promise<ChainBench> {
  const bench = new ChainBench()
  await bench.chain.add({ name: 'codec', type: 'textCodec', settings })
  return bench
}

async function linesOf(chunks: readonly Uint8Array[], settings: FilterSpec['settings'] = {}): Promise<readonly string[]> {
  const bench = await codec(settings)
  for (const chunk of chunks) bench.chain.receive(chunk)
  return bench.readers
}

describe('the filter textCodec', () => {
  it('M-09 keeps characters and line ends together, wherever they are cut', async () => {
    const text = 'aä€😀\r\nzweite \u{1f600}\n\nlast €\r\n'
    const whole = Buffer.from(text)
    const expected = ["'aä€😀'", "'zweite \u{1f600}'", "''", "'last €'"]
    for (let first = 0; first <= whole.length; first++) {
      for (let second = first; second <= whole.length; second++) {
        expect(await linesOf([whole.subarray(0, first), whole.subarray(first, second), whole.subarray(second)])).toEqual(expected)
      }
    }
  })

  it('finds a delimiter of several characters, wherever it is cut', async () => {
    const whole = Buffer.from('a==b===>c=>==>')
    for (let cut = 0; cut <= whole.length; cut++) {
      expect(await linesOf([whole.subarray(0, cut), whole.subarray(cut)], { delimiter: '==>' })).toEqual(["'a==b='", "'c=>'"])
    }
  })

  it('makes U+FFFD of what is no UTF-8, and keeps a byte order mark', async () => {
    expect(await linesOf([Uint8Array.of(0xff, 0x61, 0xc3, 0x0a), bytes('\u{feff}b\n')])).toEqual(["'\u{fffd}a\u{fffd}'", "'\u{feff}b'"])
  })

  it('cuts a line that is too long, and loses nothing of it', async () => {
    const bench = await codec({ maxLineLength: 10 })
    bench.chain.receive(bytes('0123456789\n'))
    bench.chain.receive(bytes('0123456789\r\n'))
    expect(bench.readers).toEqual(["'0123456789'", "'0123456789'"])
    bench.chain.receive(bytes('abcdefghijklmnopqrstuvwxyz'))
    bench.chain.receive(bytes('.\n'))
    expect(bench.readers.slice(2)).toEqual(["'abcdefghij'", "'klmnopqrst'", "'uvwxyz.'"])
    expect(bench.report('codec')).toEqual({ 'Lines received': '5', 'Lines sent': '0', 'Lines cut': '2' })
  })

  it('gives the same lines however the text arrives (any text, cuts, delimiter and limit)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', '\n', '\r', ';', '😀')),
        fc.array(fc.nat({ max: 40 })),
        fc.constantFrom('\n', ';', '\r\n', ';;', 'ab;'),
        fc.integer({ min: 2, max: 12 }),
        (characters, cuts, delimiter, maxChars) => {
          const text = characters.join('')
          const places = [...new Set(cuts)].filter(cut => cut < text.length).sort((a, b) => a - b)
          const whole = new LineSplitter(delimiter, 1_000)
          const expected = [...whole.push(text), whole.takeRest()]
          const pieces = new LineSplitter(delimiter, 1_000)
          const lines = [0, ...places].flatMap((start, index) => pieces.push(text.slice(start, places[index])))
          expect([...lines, pieces.takeRest()]).toEqual(expected)

          const short = new LineSplitter(delimiter, maxChars)
          const cut = [0, ...places].flatMap((start, index) => short.push(text.slice(start, places[index])))
          cut.push(short.takeRest())
          expect(cut.every((line, index) => line.length <= maxChars || index === cut.length - 1)).toBe(true)
          expect(cut.join('')).toBe(expected.join(''))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('M-09 sends text as a line, and bytes as they are', async () => {
    const bench = await codec({ delimiter: '\r\n' })
    await bench.chain.send('ä')
    await bench.chain.send('done\r\n')
    await bench.chain.send(Uint8Array.of(3))
    expect(bench.port).toEqual(['Ã¤\r\n', 'done\r\n', '\x03'])
  })

  it('hands several lines on one after the other to a filter that waits', async () => {
    const bench = await codec()
    const waiting: (() => void)[] = []
    await bench.add('slow', {
      async received(message, next) {
        await new Promise<void>(resolve => waiting.push(resolve))
        await next(message)
      },
    })
    bench.chain.receive(bytes('1\n2\n3\n'))
    for (let line = 1; line <= 3; line++) {
      await bench.clock.advance(0)
      expect(waiting).toHaveLength(line)
      waiting[line - 1]?.()
    }
    await bench.clock.advance(0)
    expect(bench.readers).toEqual(["'1'", "'2'", "'3'"])
  })
})
