import { describe, expect, it } from 'vitest'
import { indexOfBytes } from '../../../electron/core/micropython/control-bytes'
import { RawPaste, strangeBytes } from '../../../electron/core/micropython/raw-paste'
import { RawReplParser } from '../../../electron/core/micropython/raw-repl-parser'
import { EXCEPTION_TEXT_MAX_BYTES } from '../../../shared/limits'
import type { BoardRun } from '../../fakes/scripted-board'
import { latin1 } from '../../fakes/scripted-board'
import { seeded } from '../../fakes/seeded'
import { recordedDialogues } from './dialogue-replay'
import { createEnteredRig, outcome, type Rig, settlesIn } from './protocol-rig'

/** In all more than a million. */
const PARSER_BYTES = 720_000
const RAW_PASTE_BYTES = 160_000
const CONVERSATION_BYTES = 180_000

const BANNER = 'raw REPL; CTRL-B to exit\r\n>'
const TRACEBACK = 'Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\nValueError: no\r\n'
/** What the grammar is made of. */
const SCRAPS = [
  ...[
    '\x04',
    '\x04',
    '\x04\x04>',
    '\x04\x04',
    '>',
    'OK',
    'O',
    '\x01',
    '\x03',
    '\x1f',
    '\r\n',
    '>>> ',
    'MPY: soft reboot\r\n',
    BANNER,
    BANNER.slice(0, 9),
  ],
  ...[
    'R\x01\x80\x00\x01',
    'R\x00>',
    'R',
    TRACEBACK,
    `\x04${TRACEBACK}\x04>`,
    'Type "help()" for more information.\r\n>>> ',
    'print(1)',
    'x'.repeat(300),
  ],
].map(latin1)
const RECORDED = recordedDialogues().flatMap(({ steps }) => steps.map(({ received }) => latin1(received ?? '')))

class Chance {
  private readonly random: () => number

  constructor(seed: number) {
    this.random = seeded(seed)
  }

  /** From 0 to one less than the count. */
  below(count: number): number {
    return Math.floor(this.random() * count)
  }

  is(probability: number): boolean {
    return this.random() < probability
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }

  bytes(maxLength: number): Uint8Array {
    return Uint8Array.from({ length: this.below(maxLength) }, () => this.below(256))
  }

  /** Lost, doubled, turned, added, out of another place: one byte, or many at once. */
  damage(bytes: Uint8Array): Uint8Array {
    const at = this.below(bytes.length + 1)
    const count = this.is(0.6) ? 1 : this.below(120)
    const before = bytes.subarray(0, at)
    const hit = bytes.subarray(at, at + count)
    const after = bytes.subarray(at + count)
    const instead = this.pick([
      () => new Uint8Array(0),
      () => hit.map(byte => byte ^ (1 << this.below(8))),
      () => Uint8Array.of(...hit, ...hit),
      () => Uint8Array.of(...this.pick(SCRAPS), ...hit),
      () => this.bytes(20),
    ])()
    return Uint8Array.of(...before, ...instead, ...after)
  }

  cut(bytes: Uint8Array): readonly Uint8Array[] {
    const pieces: Uint8Array[] = []
    for (let from = 0; from < bytes.length; ) {
      const to = from + 1 + this.below(this.is(0.3) ? 3 : 200)
      pieces.push(bytes.slice(from, to))
      from = to
    }
    return pieces
  }

  /** What a board, a line and somebody else on the line may bring. */
  noise(): Uint8Array {
    if (this.is(0.3)) return this.bytes(400)
    if (this.is(0.5)) return Buffer.concat(Array.from({ length: this.below(12) }, () => this.pick(SCRAPS)))
    let bytes = this.pick(RECORDED)
    for (let count = this.below(3); count > 0; count--) bytes = this.damage(bytes)
    return bytes
  }
}

describe('whatever comes', () => {
  it('the parser neither throws, nor makes bytes up, nor ends a run well without a proof', () => {
    const chance = new Chance(1)
    let total = 0
    let runs = 0
    let ended = 0
    for (let seen: Uint8Array[] = []; total < PARSER_BYTES; seen = []) {
      const parser = new RawReplParser()
      let given = 0
      let isAsked = false
      let mark: Uint8Array | null = null
      for (let turn = chance.below(30); turn >= 0; turn--) {
        if (chance.is(0.4)) {
          mark = chance.is(0.7) ? latin1(`\x1f${String(total).padStart(11, 'm')}`) : null
          given -= sizeOf(parser.abandon())
          if (chance.is(0.5)) parser.expectExecution(mark)
          else parser.expectOutput(mark)
          runs++
          seen = []
        }
        if (chance.is(0.3)) {
          parser.promptRequested()
          isAsked = true
        }
        if (chance.is(0.05)) given -= sizeOf(parser.settle())
        const noise = chance.is(0.5) ? chance.noise() : Buffer.concat([latin1('OK'), chance.bytes(40)])
        const bytes =
          mark !== null && chance.is(0.2) ? Buffer.concat([noise, mark, chance.is(0.8) ? latin1('\x04\x04>') : chance.noise()]) : noise
        seen.push(bytes)
        for (const piece of chance.cut(bytes)) {
          total += piece.length
          given += piece.length
          for (const event of parser.feed(piece)) {
            if ('bytes' in event) given -= event.bytes.length
            if (event.type !== 'ended') continue
            ended++
            expect(event.exception.length).toBeLessThanOrEqual(EXCEPTION_TEXT_MAX_BYTES)
            const all = Buffer.concat(seen)
            const isMarked = mark !== null && indexOfBytes(all, Buffer.concat([mark, latin1('\x04\x04>')])) !== -1
            if (!isMarked)
              expect({ isAsked, hasBanner: indexOfBytes(all, latin1('raw REPL')) !== -1 }).toEqual({ isAsked: true, hasBanner: true })
          }
        }
      }
      given -= sizeOf(parser.abandon())
      expect(given).toBeGreaterThanOrEqual(0)
    }
    expect(runs).toBeGreaterThan(1_000)
    expect(ended).toBeGreaterThan(100)
  })

  it('raw-paste mode opens, counts and closes by the book', () => {
    const chance = new Chance(2)
    for (let total = 0; total < RAW_PASTE_BYTES; ) {
      const paste = new RawPaste()
      const bytes = Buffer.concat([
        chance.is(0.7) ? latin1('R\x01\x80\x00') : chance.noise(),
        chance.is(0.5) ? Buffer.alloc(chance.below(300), 1) : chance.noise(),
      ])
      total += bytes.length
      let read = 0
      for (const piece of chance.cut(bytes)) {
        let count = paste.feed(piece)
        while (paste.state === 'open' && count < piece.length) {
          const strange = strangeBytes(piece.subarray(count))
          // Or it would be looked at for ever.
          expect(strange).toBeGreaterThan(0)
          count += strange
          count += paste.feed(piece.subarray(count))
        }
        read += count
        expect(count).toBeLessThanOrEqual(piece.length)
        expect(paste.window).toBeGreaterThanOrEqual(0)
        expect(paste.window).toBeLessThanOrEqual(0xffff * read)
        if (paste.window > 0 && chance.is(0.5)) paste.sent(1 + chance.below(paste.window))
        if (chance.is(0.05)) paste.finished()
        if (count < piece.length) {
          expect(paste.state).toMatch(/refused|unknown|closed/)
          expect(paste.window).toBe(0)
          break
        }
      }
    }
  })

  it('a run settles in its time, and is called well-ended only when the board has run it to its end', async () => {
    const chance = new Chance(3)
    let received = 0
    const outcomes = { ok: 0, exception: 0, interrupted: 0, error: 0, lost: 0 }
    while (received < CONVERSATION_BYTES) {
      const bench = await damagedBench(chance)
      for (let run = 0; run < 12; run++) {
        const ending = await bench.run()
        outcomes[ending]++
        if (ending === 'lost') break
      }
      received += bench.received()
      bench.rig.protocol.dispose()
      expect(bench.rig.clock.pendingTimers + bench.rig.board.listenerCount).toBe(0)
    }
    const { lost, ...others } = outcomes
    for (const count of Object.values(others)) expect(count).toBeGreaterThan(3)
    expect(lost).toBeLessThan(others.interrupted)
  })
})

function sizeOf(events: readonly { readonly type: string }[]): number {
  return events.reduce((sum, event) => sum + ('bytes' in event ? (event.bytes as Uint8Array).length : 0), 0)
}

/** A board that does as it should, at the far end of a line that does not. */
async function damagedBench(chance: Chance) {
  const hasBackPressure = chance.is(0.4)
  /** Goes in raw-paste mode. */
  const longBytes = hasBackPressure ? 16_500 : 700
  let isDamaging = false
  let received = 0
  let ended: { readonly code: string; readonly isWell: boolean } | null = null
  const rig: Rig = await createEnteredRig({
    rawPaste: chance.pick(['offered', 'offered', 'old', 'refused'] as const),
    hasBackPressure,
    cut: bytes => {
      const damaged = isDamaging && chance.is(0.4) ? chance.damage(bytes) : bytes
      received += damaged.length
      return chance.cut(damaged)
    },
    onRun: (code: string, run: BoardRun) => {
      const isWell = !code.includes('fail')
      if (code === 'first') run.end()
      else if (code.includes('exit')) run.exit()
      else {
        run.print(Buffer.from(chance.is(0.3) ? chance.noise() : chance.bytes(600).map(byte => (byte === 4 ? 5 : byte))).toString('latin1'))
        if (code.includes('hang')) return
        run.end(isWell ? '' : TRACEBACK)
        ended = { code, isWell }
      }
    },
  })
  // What the board can do is known from a run on a good line.
  await outcome(rig.clock, rig.protocol.execute('first'))
  isDamaging = true
  let number = 0
  const run = async (): Promise<'ok' | 'exception' | 'interrupted' | 'error' | 'lost'> => {
    const kind = chance.pick(['well', 'well', 'fail', 'fail', 'exit', 'hang'])
    const code = `${kind} ${number++} ${'#'.repeat(chance.is(0.4) ? longBytes : 10)}`
    ended = null
    const running = rig.protocol.execute(code)
    const settled = settlesIn(rig.clock, running, 20_000)
    let result: Awaited<typeof settled> | null = null
    settled.then(
      value => {
        result = value
      },
      () => {},
    )
    await rig.clock.advance(1_500)
    if (result === null) {
      const interrupt = await settlesIn(rig.clock, rig.protocol.interrupt(2_000), 10_000)
      expect(interrupt.error).toBeUndefined()
      const { value } = await settled
      // What an interrupted run answers is not asked for.
      return interrupt.value === true ? (value === undefined ? 'error' : 'interrupted') : 'lost'
    }
    const { value, error } = await settled
    if (error !== undefined) return 'error'
    if (value?.outcome === 'ok' && !value.restarted) expect(ended).toEqual({ code, isWell: true })
    return value?.outcome ?? 'error'
  }
  return { rig, run, received: () => received }
}
