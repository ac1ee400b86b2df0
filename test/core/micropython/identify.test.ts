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

/** The token that the code asks for, as a board would put it together. */
function tokenOf(code: string): string {
  const [, first = '', second = ''] = /token = '(\w+)' \+ '(\w+)'/.exec(code) ?? []
  return first + second
}

function answers(items: (token: string) => string) {
  return {
    onRun: (code: string, run: BoardRun): void => {
      run.print(items(tokenOf(code)))
      run.end()
    },
  }
}

describe('identification', () => {
  it('reads what the board says of itself, and shows none of it as output', async () => {
    const items = [hex('micropython'), hex('1.27.0'), hex('Raspberry Pi Pico with RP2040'), 'e66038b713596535', hex('187520')]
    const { clock, protocol, output } = await createEnteredRig(answers(token => `${token}${items.join(',')}${token}\r\n`))
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
    const { clock, protocol } = await createEnteredRig(answers(token => `${token}${hex('micropython')},,,,${token}\r\n`))
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toEqual({ ...UNKNOWN, name: 'micropython' })
  })

  it.each([
    ['nothing', () => ''],
    ['no token', () => `${hex('micropython')},,,,`],
    ['too few items', (token: string) => `${token}${hex('a')},${token}`],
    ['no hex', (token: string) => `${token}xx,YY,0,-1,\x04${token}`],
    ['control characters alone', (token: string) => `${token}${hex('\x1b\x07')},${hex('\u202e')},,,${token}`],
    ['numbers out of range', (token: string) => `${token},,,,${hex('1'.repeat(40))}${token}`],
    ['not a number', (token: string) => `${token},,,,${hex('-5')}${token}`],
    ['far too long items', (token: string) => `${token}${'41'.repeat(200)},,,,${token}`],
    ['a megabyte before it', (token: string) => `${'x'.repeat(1_000_000)}${token}${hex('a')},,,,${token}`],
  ])('takes nothing from an answer with %s', async (_, items) => {
    const { clock, protocol, output } = await createEnteredRig(answers(items))
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toEqual(UNKNOWN)
    expect(output.stdout).toBe('')
  })

  it('takes no control characters into what is shown', () => {
    const text = `a${hex('x\x1b]0;title\x07\u200by\r\n')}`
    expect(readIdentity(latin1(`TT${text.slice(1)},,,,TT`), 'TT').name).toBe('x]0;titley')
  })

  it('survives any answer', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.array(fc.string(), { maxLength: 7 }), (noise, items) => {
        const answer = Uint8Array.from([...noise, ...Buffer.from(`TT${items.join(',')}TT`, 'utf8')])
        for (const value of Object.values(readIdentity(answer, 'TT'))) {
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
    expect(identityCode('0123456789abcdef')).toMatch(/^[\n -~]+$/)
    expect(identityCode('0123456789abcdef')).not.toContain('0123456789abcdef')
  })
})
