import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identityCode, readIdentity } from '../../../electron/core/micropython/identity'
import { settle } from '../../fakes/fake-clock'
import { type BoardRun, latin1 } from '../../fakes/scripted-board'
import { createEnteredRig, outcome, settlesIn } from './protocol-rig'

const UNKNOWN = { name: null, version: null, machine: null, uniqueId: null, freeMemoryBytes: null }

function hex(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex')
}

/** The token and the nonce that the code asks for, as a board would put them together. */
function askedFor(code: string): { readonly token: string; readonly nonce: string } {
  const [, first = '', second = ''] = /token = '(\w+)' \+ '(\w+)'/.exec(code) ?? []
  const [, begin = '', end = ''] = /print\(token \+ '(\w+)' \+ '(\w+)'/.exec(code) ?? []
  return { token: first + second, nonce: begin + end }
}

/** `TT` in an answer is the token, `NN` the nonce. */
function answers(answer: string, nonceOf = (nonce: string) => nonce) {
  return {
    onRun: (code: string, run: BoardRun): void => {
      const { token, nonce } = askedFor(code)
      run.print(answer.replaceAll('TT', token).replaceAll('NN', nonceOf(nonce)))
      run.end()
    },
  }
}

describe('identification', () => {
  it('reads what the board says of itself, and shows none of it as output', async () => {
    const items = [hex('micropython'), hex('1.27.0'), hex('Raspberry Pi Pico with RP2040'), 'e66038b713596535', hex('187520')]
    const { clock, protocol, output } = await createEnteredRig(answers(`TTNN,${items.join(',')}TT\r\n`))
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toEqual({
      name: 'micropython',
      version: '1.27.0',
      machine: 'Raspberry Pi Pico with RP2040',
      uniqueId: 'e66038b713596535',
      freeMemoryBytes: 187_520,
    })
    expect(output).toEqual({ stdout: '', exception: '', outside: '' })
    expect(clock.pendingTimers).toBe(0)
  })

  it('leaves out what the board does not have', async () => {
    const { clock, protocol } = await createEnteredRig(answers(`TTNN,${hex('micropython')},,,,TT\r\n`))
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toEqual({ ...UNKNOWN, name: 'micropython' })
  })

  it.each([
    ['nothing', ''],
    ['no token', `NN,${hex('micropython')},,,,`],
    ['no nonce', `TT,${hex('micropython')},,,,TT`],
    ['too few items', `TTNN,${hex('a')},TT`],
    ['no hex', 'TTNN,xx,YY,0,-1,\x04TT'],
    ['control characters alone', `TTNN,${hex('\x1b\x07')},${hex('\u202e')},,,TT`],
    ['numbers out of range', `TTNN,,,,,${hex('1'.repeat(40))}TT`],
    ['not a number', `TTNN,,,,,${hex('-5')}TT`],
    ['far too long items', `TTNN,${'41'.repeat(200)},,,,TT`],
    ['a megabyte before it', `${'x'.repeat(1_000_000)}TTNN,${hex('a')},,,,TT`],
  ])('takes nothing from an answer with %s', async (_, answer) => {
    const { clock, protocol, output } = await createEnteredRig(answers(answer))
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toEqual(UNKNOWN)
    expect(output.stdout).toBe('')
  })

  it('takes no answer that was meant for another connection (G-30)', async () => {
    const nonce = Buffer.alloc(32, 7).toString('base64')
    const item = hex('micropython')
    const own = await createEnteredRig(answers(`TTNN,${item},,,,TT`))
    expect(await outcome(own.clock, own.protocol.identify({ timeoutMs: 5_000, nonce }))).toMatchObject({ name: 'micropython' })
    expect(own.board.executed[0]).not.toContain(nonce)
    const other = await createEnteredRig(answers(`TTNN,${item},,,,TT`, asked => asked.replace(/../, '00')))
    expect(await outcome(other.clock, other.protocol.identify({ timeoutMs: 5_000, nonce }))).toEqual(UNKNOWN)
  })

  it('takes no control characters into what is shown', () => {
    const text = `a${hex('x\x1b]0;title\x07\u200by\r\n')}`
    expect(readIdentity(latin1(`TT${hex('n')},${text.slice(1)},,,,TT`), 'TT', 'n').name).toBe('x]0;titley')
  })

  it('survives any answer', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.array(fc.string(), { maxLength: 7 }), (noise, items) => {
        const answer = Uint8Array.from([...noise, ...Buffer.from(`TT6e,${items.join(',')}TT`, 'utf8')])
        for (const value of Object.values(readIdentity(answer, 'TT', 'n'))) {
          if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(256)
        }
      }),
    )
  })

  it('gives up on a board that does not answer, and leaves it at its prompt', async () => {
    const { board, clock, protocol } = await createEnteredRig({ onRun: (code, run) => (code === 'next' ? run.end() : undefined) })
    const { value, tookMs } = await settlesIn(clock, protocol.identify({ timeoutMs: 5_000 }))
    expect(value).toEqual(UNKNOWN)
    expect(tookMs).toBeLessThan(5_100)
    await outcome(clock, protocol.execute('next'))
    expect(board.executed.at(-1)).toBe('next')
    expect(clock.pendingTimers).toBe(0)
  })

  it('gives up on a board that does not answer an interrupt either', async () => {
    const { clock, protocol } = await createEnteredRig({
      onRun: (_, run) => {
        run.onInterrupt = () => {}
      },
    })
    const { value, tookMs } = await settlesIn(clock, protocol.identify({ timeoutMs: 5_000 }))
    expect(value).toEqual(UNKNOWN)
    expect(tookMs).toBeLessThanOrEqual(7_000)
    expect(clock.pendingTimers).toBe(0)
  })

  it('rejects when the board is lost meanwhile', async () => {
    const { board, clock, protocol } = await createEnteredRig({ onRun: () => {} })
    const identifying = protocol.identify({ timeoutMs: 5_000 })
    await settle()
    board.unplug()
    expect((await settlesIn(clock, identifying)).error).toMatchObject({ reason: 'disconnected' })
    expect(clock.pendingTimers).toBe(0)
  })

  it('sends code without a byte that the raw REPL would take as a command', () => {
    const code = identityCode('0123456789abcdef', "a'\n\x03")
    expect(code).toMatch(/^[\n -~]+$/)
    expect(code).not.toContain('0123456789abcdef')
    expect(code).not.toContain(hex("a'\n\x03"))
  })
})
