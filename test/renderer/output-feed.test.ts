import { beforeEach, describe, expect, test } from 'vitest'
import { OutputFeed } from '../../renderer/islands/terminal/output-feed'
import { OutputFormatter, type OutputTotals, type TerminalStep } from '../../renderer/islands/terminal/output-formatter'
import { FRAME_WRITE_BYTES, REPLAY_WRITE_BYTES, WRITE_INTERVAL_MS } from '../../shared/limits'
import type { OutputBatch, OutputItem } from '../../shared/model'
import { someBytes } from '../fakes/fake-bridge'

/** A terminal that takes steps in when the test says so, and frames that come when the test says so. */
class Bench {
  readonly taken: TerminalStep[] = []
  readonly acknowledged: number[] = []
  totals: OutputTotals = { lines: 0, bytes: 0, notes: 0 }
  isSlow = false
  private frames: ((atMs: number) => void)[] = []
  private nowMs = 0
  private waiting: (() => void)[] = []
  private seq = 0
  private upTo = 0
  readonly feed: OutputFeed

  constructor(options: { readonly timestamps: boolean } = { timestamps: false }) {
    this.feed = new OutputFeed({
      formatter: new OutputFormatter(options),
      sink: {
        take: (step, done) => {
          this.taken.push(step)
          if (this.isSlow) this.waiting.push(done)
          else done()
        },
      },
      acknowledge: upTo => this.acknowledged.push(upTo),
      onTotals: totals => {
        this.totals = totals
      },
      nextFrame: callback => {
        this.frames.push(callback)
        return () => {
          this.frames = this.frames.filter(other => other !== callback)
        }
      },
    })
  }

  batch(items: readonly OutputItem[], missedBytes = 0): OutputBatch {
    this.upTo += missedBytes + items.reduce((sum, item) => sum + (item.type === 'bytes' ? item.bytes.length : 1), 0)
    return { sessionId: 's', seq: ++this.seq, upTo: this.upTo, missedBytes, items }
  }

  push(items: readonly OutputItem[], missedBytes = 0): number {
    this.feed.push(this.batch(items, missedBytes))
    return this.upTo
  }

  /** The next frame, so long after the last one. */
  frame(afterMs = 100): void {
    this.nowMs += afterMs
    for (const callback of this.frames.splice(0)) callback(this.nowMs)
  }

  get pendingFrames(): number {
    return this.frames.length
  }

  finishWrites(): void {
    for (const done of this.waiting.splice(0)) done()
  }

  get text(): string {
    return this.taken.map(step => (step.type === 'text' ? new TextDecoder().decode(step.data) : `<${step.type}>`)).join('')
  }

  get takenBytes(): number {
    return this.taken.reduce((sum, step) => sum + (step.type === 'text' ? step.data.length : 0), 0)
  }
}

const COLOUR = /\u001b\[[0-9;]*m/g
const plain = (text: string): string => text.replaceAll(COLOUR, '')

describe('feed of a session’s output', () => {
  let bench: Bench
  beforeEach(() => {
    bench = new Bench()
  })

  test('nothing is written outside of a frame; all of it in order', () => {
    bench.push([someBytes('one\n'), someBytes('two\n')])
    bench.push([someBytes('three\n')])
    expect(bench.taken).toHaveLength(0)
    bench.frame()
    expect(plain(bench.text)).toBe('one\ntwo\nthree\n')
  })

  test('a position is acknowledged when the terminal has taken it in, not before', () => {
    bench.isSlow = true
    const upTo = bench.push([someBytes('hello\n')])
    bench.frame()
    expect(bench.acknowledged).toEqual([])
    bench.finishWrites()
    expect(bench.acknowledged).toEqual([upTo])
  })

  test('the next portion waits for the last one', () => {
    bench.isSlow = true
    bench.push([someBytes('a'.repeat(REPLAY_WRITE_BYTES))])
    bench.push([someBytes('b\n')])
    bench.frame()
    expect(bench.pendingFrames).toBe(0)
    bench.finishWrites()
    expect(bench.pendingFrames).toBe(1)
  })

  test('once the view has caught up, a frame never writes more than one portion', () => {
    bench.push([someBytes('start\n')])
    bench.frame()
    const before = bench.takenBytes
    bench.push([someBytes('x'.repeat(5 * FRAME_WRITE_BYTES))])
    let last = before
    while (bench.pendingFrames > 0) {
      bench.frame()
      expect(bench.takenBytes - last).toBeLessThanOrEqual(FRAME_WRITE_BYTES)
      last = bench.takenBytes
    }
    expect(last - before).toBeGreaterThanOrEqual(5 * FRAME_WRITE_BYTES)
  })

  test('a large batch is acknowledged once, with its last portion', () => {
    bench.push([someBytes('start\n')])
    bench.frame()
    const upTo = bench.push([someBytes('x'.repeat(3 * FRAME_WRITE_BYTES))])
    bench.frame()
    bench.frame()
    expect(bench.acknowledged).toHaveLength(1)
    bench.frame()
    bench.frame()
    expect(bench.acknowledged.at(-1)).toBe(upTo)
    expect(bench.acknowledged).toHaveLength(2)
  })

  test('a trickle is written a few times a second; a flood, or what comes after a rest, at once', () => {
    const texts = () => bench.taken.length
    bench.push([someBytes('a')])
    bench.frame()
    expect(texts()).toBe(1)
    bench.push([someBytes('b')])
    bench.frame(16)
    expect(texts()).toBe(1)
    bench.push([someBytes('c')])
    bench.frame(16)
    bench.frame(16)
    expect(texts()).toBe(2)
    bench.push([someBytes('d'.repeat(FRAME_WRITE_BYTES))])
    bench.frame(16)
    expect(texts()).toBe(3)
    bench.frame(WRITE_INTERVAL_MS)
    bench.push([someBytes('e')])
    bench.frame(16)
    expect(plain(bench.text)).toMatch(/^abcd+e?$/)
  })

  test('paused: nothing is written or acknowledged; resumed: nothing is missing', () => {
    bench.feed.setPaused(true)
    bench.push([someBytes('kept\n')])
    bench.frame()
    expect(bench.taken).toHaveLength(0)
    bench.feed.setPaused(false)
    bench.frame()
    expect(plain(bench.text)).toBe('kept\n')
    expect(bench.acknowledged).toHaveLength(1)
  })

  test('pausing between asking for a frame and getting it writes nothing', () => {
    bench.push([someBytes('late\n')])
    bench.feed.setPaused(true)
    bench.frame()
    expect(bench.taken).toHaveLength(0)
    bench.feed.setPaused(false)
    bench.frame()
    expect(plain(bench.text)).toBe('late\n')
  })

  test('an ended feed asks for no frame, writes nothing and acknowledges nothing', () => {
    bench.isSlow = true
    bench.push([someBytes('first\n')])
    bench.frame()
    bench.push([someBytes('second\n')])
    bench.feed.dispose()
    bench.finishWrites()
    bench.push([someBytes('third\n')])
    expect(bench.pendingFrames).toBe(0)
    expect(bench.acknowledged).toEqual([])
    expect(plain(bench.text)).toBe('first\n')
  })

  test('a batch that was delivered twice is shown once', () => {
    const batch = bench.batch([someBytes('once\n')])
    bench.feed.push(batch)
    bench.feed.push(batch)
    bench.frame()
    expect(plain(bench.text)).toBe('once\n')
  })

  test('an empty first batch is acknowledged and shows nothing', () => {
    bench.push([])
    bench.frame()
    expect(bench.text).toBe('')
    expect(bench.acknowledged).toEqual([0])
  })

  test('what was missed is said where it is missing', () => {
    bench.push([someBytes('before')])
    bench.push([someBytes('after\n')], 12_431)
    bench.frame()
    expect(plain(bench.text)).toBe('before\n12,431 bytes were skipped here. Copy and Save have all that is kept.\nafter\n')
  })

  test('headers begin a line of their own, and count the lines between them', () => {
    bench.push([
      someBytes('no line end'),
      { type: 'started', at: 0, number: 41 },
      someBytes('a\nb\nc'),
      { type: 'ended', at: 9, number: 41, outcome: 'ok', durationMs: 12.4, message: null },
    ])
    bench.frame()
    expect(plain(bench.text)).toBe('no line end\n<started>a\nb\nc\n<ended>')
    const ended = bench.taken.find(step => step.type === 'ended')
    expect(ended).toMatchObject({ ended: { number: 41, lines: 3, outcome: 'ok' } })
  })

  test('an exception is coloured, and its colour ends with it', () => {
    bench.push([someBytes('ValueError\n', 'exception'), someBytes('free\n', 'outside')])
    bench.frame()
    expect(bench.text).toContain('\x1b[31mValueError')
    expect(bench.text).toContain('\x1b[0m\x1b[90mfree')
  })

  test('a colour that a board leaves on does not reach the next execution', () => {
    bench.push([someBytes('\x1b[41mred\n'), { type: 'started', at: 0, number: 2 }])
    bench.frame()
    expect(bench.text).toMatch(/red\n.*\x1b\[0m<started>/s)
  })

  test('a failure says why in a line of its own', () => {
    bench.push([
      { type: 'started', at: 0, number: 1 },
      { type: 'ended', at: 5, number: 1, outcome: 'timeout', durationMs: 10_000, message: 'The time limit of 10 s was reached.' },
    ])
    bench.frame()
    expect(plain(bench.text)).toContain('<ended>The time limit of 10 s was reached.\n')
  })

  test('a note cannot carry control sequences', () => {
    bench.push([{ type: 'note', at: 0, tone: 'bad', text: 'from \x1b]0;x\x07\x1b[2Ja board' }])
    bench.frame()
    expect(plain(bench.text)).toContain('from a board\n')
  })

  test('with times on, each line has one, also when it comes in pieces', () => {
    const timed = new Bench({ timestamps: true })
    const at = new Date(2026, 0, 1, 14, 6, 22, 871).getTime()
    timed.push([someBytes('vol', 'stdout', at), someBytes('ts 1\nvolts 2\n', 'stdout', at)])
    timed.frame()
    expect(plain(timed.text)).toBe('14:06:22.871  volts 1\n14:06:22.871  volts 2\n')
  })

  test('totals count what was printed', () => {
    bench.push([someBytes('a\nb\n')])
    bench.frame()
    expect(bench.totals).toEqual({ lines: 2, bytes: 4, notes: 0 })
    bench.push([someBytes('begun'), { type: 'note', at: 0, text: 'The board is gone.', tone: 'bad' }])
    bench.frame()
    expect(bench.totals).toEqual({ lines: 3, bytes: 9, notes: 1 })
  })
})
