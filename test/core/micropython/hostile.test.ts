import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromLatin1, latin1 } from '../../fakes/scripted-board'
import { createEnteredRig, outcome, settlesIn } from './protocol-rig'

const BANNER = 'raw REPL; CTRL-B to exit\r\n>'
const STARTED = 'MicroPython v1\r\nType "help()" for more information.\r\n>>> '

/** What a hostile or broken board may say, of which parts are right. */
const scrap = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map(fromLatin1),
  fc.constantFrom(
    'OK',
    '\x04',
    '>',
    '\x04\x04>',
    'OK\x04\x04>',
    'OKx\x04y\x04>',
    BANNER,
    STARTED,
    'MPY: soft reboot\r\n',
    '\x04\x04MPY: soft reboot\r\n',
    'r',
    'O',
    'R\x00>',
    'R\x01\x80\x00\x01',
    'R\x01\x05\x00\x04',
    '\x01\x01\x01\x01',
  ),
)
const answers = fc.array(fc.array(scrap, { maxLength: 3 }), { minLength: 1, maxLength: 6 })

describe('a board that answers anything', () => {
  it('ends an execution only by a banner that was asked for, and an interrupt in its time', async () => {
    await fc.assert(
      fc.asyncProperty(answers, fc.boolean(), async (replies, hasBackPressure) => {
        const { board, clock, protocol } = await createEnteredRig({ hasBackPressure })
        let turn = 0
        let lastReply = ''
        board.insteadOfBoard = (_, port) => {
          lastReply = replies[turn++ % replies.length]?.join('') ?? ''
          if (lastReply !== '') port.send(lastReply)
        }
        const running = settlesIn(clock, protocol.execute('x'.repeat(600)))
        let result: Awaited<typeof running> | null = null
        void running.then(settledAs => {
          result = settledAs
        })
        await clock.advance(1_000)
        const early = result as Awaited<typeof running> | null
        if (early?.value?.outcome === 'ok') {
          const said = replies.flat().join('')
          expect(said).toContain(BANNER)
          expect(said).toContain('\x04')
        }
        const interrupt = await settlesIn(clock, protocol.interrupt(2_000))
        expect(interrupt.tookMs).toBeLessThanOrEqual(2_000)
        // The probe's random word can't be guessed.
        expect(interrupt.value).toBe(false)
        expect((await running).tookMs).toBeLessThanOrEqual(3_100)
        expect(clock.pendingTimers).toBe(0)
        expect(board.writes.length).toBeLessThan(100)
        protocol.dispose()
        expect(board.listenerCount).toBe(0)
      }),
      {
        numRuns: 150,
        // An end that comes just as the interrupt is given up.
        examples: [[[[], [BANNER], [], ['OK\x04\x04>', BANNER], ['\x04']], false]],
      },
    )
  })

  it('does not harm the run after it, once a real board is back', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async replies => {
        const { board, clock, protocol, output } = await createEnteredRig({
          onRun: (_, run) => {
            run.print('clean\r\n')
            run.end()
          },
        })
        let turn = 0
        board.insteadOfBoard = (_, port) => port.send(replies[turn++ % replies.length]?.join('') ?? '')
        const first = settlesIn(clock, protocol.execute('x'))
        await clock.advance(500)
        await outcome(clock, protocol.interrupt(300))
        await first
        board.insteadOfBoard = undefined
        output.stdout = ''
        expect(await outcome(clock, protocol.execute('y'))).toMatchObject({ outcome: 'ok', resynchronised: false })
        expect(output.stdout).toBe('clean\r\n')
        expect(latin1(output.stdout)).toHaveLength(7)
      }),
      { numRuns: 100 },
    )
  })
})
