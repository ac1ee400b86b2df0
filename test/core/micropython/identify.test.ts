import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identityCode, readIdentity, shortIdentityCode } from '../../../electron/core/micropython/identity'
import { settle } from '../../fakes/fake-clock'
import { type BoardRun, latin1 } from '../../fakes/scripted-board'
import { createEnteredRig, outcome, settlesIn } from './protocol-rig'

const UNKNOWN = readIdentity(new Uint8Array(), 'T', '')

function hex(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex')
}

const FEW = ['machine.unique_id', 'sys.implementation.0', 'sys.implementation.1']

/** The token and the nonce that the code asks for, as a board would put them together, and what it asks for, as `module.item`. */
function askedFor(code: string): { readonly token: string; readonly nonce: string; readonly items: readonly string[] } {
  const [, first = '', second = ''] = /t = '(\w+)' \+ '(\w+)'/.exec(code) ?? []
  const [, begin = '', end = ''] = /s = t \+ '(\w+)' \+ '(\w+)'/.exec(code) ?? []
  const items = [...code.matchAll(/^'(\w+) ([^']+)',$/gm)].flatMap(([, module, names = '']) =>
    names.split(' ').map(name => `${module}.${name}`),
  )
  // The short question has its items in its code.
  return { token: first + second, nonce: begin + end, items: items.length > 0 ? items : FEW }
}

/** Hex by item, and everything else as a board that does not have it. */
type Said = Readonly<Record<string, string>>

/** All that a board says between the two tokens. */
function bodyOf(code: string, said: Said, nonceOf = (nonce: string) => nonce): string {
  const { token, nonce, items } = askedFor(code)
  const questions = [...code.matchAll(/^'(\w+ [^']+)',$/gm)].map(([, line]) => line).join('')
  const answer = `${token}${nonceOf(nonce)},${items.map(item => said[item] ?? '').join(',')}`
  const sum = [...Buffer.from(questions + answer, 'latin1')].reduce((total, byte) => total + byte, 0)
  return `${answer.slice(token.length)},${sum.toString(16)}`
}

/** `TT` in an answer is the token, `NN` the nonce, `BB` all that belongs between two tokens. */
function answers(answer: string, said: Said = {}, nonceOf = (nonce: string) => nonce) {
  return {
    onRun: (code: string, run: BoardRun): void => {
      const { token, nonce } = askedFor(code)
      run.print(
        answer
          .replaceAll('TT', token)
          .replaceAll('NN', nonce)
          .replaceAll('BB', bodyOf(code, said, nonceOf)),
      )
      run.end()
    },
  }
}

/** What is read from a board that says so, with each item as text. */
function reads(said: Said) {
  const inHex = Object.fromEntries(Object.entries(said).map(([item, text]) => [item, hex(text)]))
  return readIdentity(latin1(`TTTT${bodyOf(identityCode('TTTT', 'n'), inHex)}TTTT`), 'TTTT', 'n')
}

const PICO: Said = {
  'gc.mem_free': hex('187520'),
  'machine.unique_id': 'e66038b713596535',
  'sys.implementation.0': hex('micropython'),
  'sys.implementation.1': hex("(1, 27, 0, '')"),
  'sys.implementation._machine': hex('Raspberry Pi Pico with RP2040'),
  'sys.implementation._build': hex('RPI_PICO'),
  'sys.implementation._mpy': hex('4870'),
  'sys.platform': hex('rp2'),
  'machine.freq': hex('125000000'),
  'machine.reset_cause': hex('3'),
  'machine.PWRON_RESET': hex('1'),
  'machine.WDT_RESET': hex('3'),
  'os.statvfs=/': hex('(4096, 4096, 352, 350, 350, 0, 0, 0, 0, 255)'),
  'os.rename?': hex('1'),
  'sys.stdin.buffer?': hex('1'),
  'hashlib.sha256?': hex('1'),
}

describe('identification', () => {
  it('reads what the board says of itself, and shows none of it as output', async () => {
    const { clock, protocol, output, board } = await createEnteredRig(answers('TTBBTT\r\n', PICO))
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toEqual({
      name: 'micropython',
      version: '1.27.0',
      machine: 'Raspberry Pi Pico with RP2040',
      uniqueId: 'e66038b713596535',
      freeMemoryBytes: 187_520,
      platform: 'rp2',
      build: 'RPI_PICO',
      mpyVersion: '6.3',
      mpyArchitecture: 'armv6m',
      frequencyHz: 125_000_000,
      resetCause: 'watchdog',
      flashTotalBytes: 352 * 4_096,
      flashFreeBytes: 350 * 4_096,
      features: ['sha256', 'binaryInput', 'rename'],
    })
    expect(output).toEqual({ stdout: '', exception: '', outside: '' })
    expect(board.executed).toHaveLength(1)
    expect(clock.pendingTimers).toBe(0)
  })

  it('leaves out what the board does not have', async () => {
    const { clock, protocol } = await createEnteredRig(answers('TTBBTT', { 'sys.implementation.0': hex('micropython') }))
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toEqual({ ...UNKNOWN, name: 'micropython' })
  })

  it('asks a board without room for all of it what tells it from others', async () => {
    const { board, clock, protocol } = await createEnteredRig({
      onRun: (code, run) => {
        const { token, items } = askedFor(code)
        if (items.length > 10) run.end('MemoryError: memory allocation failed, allocating 196 bytes\r\n')
        else {
          run.print(`${token}${bodyOf(code, PICO)}${token}`)
          run.end()
        }
      },
    })
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toEqual({
      ...UNKNOWN,
      name: 'micropython',
      version: '1.27.0',
      uniqueId: 'e66038b713596535',
    })
    expect(board.executed).toHaveLength(3)
  })

  it('asks again where what came back names no MicroPython: the line may have changed the question', async () => {
    let asked = 0
    const { board, clock, protocol } = await createEnteredRig({
      onRun: (code, run) => {
        const { token } = askedFor(code)
        run.print(`${token}${bodyOf(code, asked++ === 0 ? {} : PICO)}${token}`)
        run.end()
      },
    })
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toMatchObject({ uniqueId: 'e66038b713596535' })
    expect(board.executed).toHaveLength(2)
  })

  it.each([
    ["(1, 28, 0, 'preview')", '1.28.0-preview'],
    ["(1, 27, 0, '')", '1.27.0'],
    ['(1, 9, 2)', '1.9.2'],
    ["(1, 27, 0, '\"><b>')", null],
    ['(1, 27)', null],
    ['1.27.0', null],
  ])('reads the version %s as %s', (text, version) => {
    expect(reads({ 'sys.implementation.1': text }).version).toBe(version)
  })

  it.each([
    // MicroPython's own words: "MicroPython .mpy files", and the ports' numbers.
    ['4870', '6.3', 'armv6m'],
    ['7942', '6.3', 'armv7emsp'],
    ['10246', '6.0', 'xtensawin'],
    ['11782', '6.2', 'rv32imc'],
    ['774', '6.3', null],
    ['5', '5', null],
    ['64518', '6.0', null],
    ['0', null, null],
    ['99999999999', null, null],
    ['-1', null, null],
  ])('reads what .mpy files a board takes from %s: %s %s', (text, mpyVersion, mpyArchitecture) => {
    expect(reads({ 'sys.implementation._mpy': text })).toMatchObject({ mpyVersion, mpyArchitecture })
  })

  it.each([
    ['240000000', 240_000_000],
    ['(168000000, 168000000, 42000000, 84000000)', 168_000_000],
    ['0', null],
    ['-1', null],
    ['fast', null],
  ])('reads the frequency %s as %s', (text, frequencyHz) => {
    expect(reads({ 'machine.freq': text }).frequencyHz).toBe(frequencyHz)
  })

  // Each port numbers them in its own way: ESP8266 begins with 0, stm32 counts otherwise than rp2.
  it.each([
    [{ 'machine.reset_cause': '0', 'machine.PWRON_RESET': '0', 'machine.HARD_RESET': '6' }, 'power-on'],
    [{ 'machine.reset_cause': '6', 'machine.PWRON_RESET': '0', 'machine.HARD_RESET': '6' }, 'hard'],
    [{ 'machine.reset_cause': '3', 'machine.WDT_RESET': '3', 'machine.HARD_RESET': '2' }, 'watchdog'],
    [{ 'machine.reset_cause': '4', 'machine.DEEPSLEEP_RESET': '4' }, 'deep-sleep'],
    [{ 'machine.reset_cause': '5', 'machine.SOFT_RESET': '5' }, 'soft'],
    [{ 'machine.reset_cause': '7', 'machine.SOFT_RESET': '5' }, 'other'],
    [{ 'machine.reset_cause': '1' }, 'other'],
    [{ 'machine.PWRON_RESET': '1' }, null],
    [{ 'machine.reset_cause': 'None', 'machine.PWRON_RESET': 'None' }, null],
  ] as [Said, string | null][])('tells by the constants of %j that the reset was: %s', (said, cause) => {
    expect(reads(said).resetCause).toBe(cause)
  })

  it.each([
    ['(4096, 4096, 512, 100, 100, 0, 0, 0, 0, 255)', 512 * 4_096, 100 * 4_096],
    ['(512, 0, 8, 8)', 4_096, 4_096],
    ['(4096, 4096, 10, 11, 11, 0)', null, null],
    ['(4096, 4096, 0, 0, 0, 0)', null, null],
    ['(9007199254740991, 9007199254740991, 2, 1, 1)', null, null],
    ['(-1, 4096, 2, 1)', null, null],
    ['(4096, 4096)', null, null],
  ])('reads the space %s as %s bytes with %s free', (text, flashTotalBytes, flashFreeBytes) => {
    expect(reads({ 'os.statvfs=/': text })).toMatchObject({ flashTotalBytes, flashFreeBytes })
  })

  it('knows mip within the firmware and among the files', () => {
    expect(reads({ 'mip.install?': '1' }).features).toEqual(['mip'])
    expect(reads({ 'os.stat=/lib/mip': '(16384, 0, 0, 0, 0, 0, 0, 0, 0, 0)' }).features).toEqual(['mip'])
  })

  it.each([
    ['nothing', ''],
    ['no token', 'BB'],
    ['no body', 'TTTT'],
    ['too few items', `TTNN,${hex('a')}TT`],
    ['too many items', 'TTBB,TT'],
    ['no check', 'TTNN,,,,TT'],
    ['no hex', `TTNN,xx,YY,0,-1,\x04TT`],
    ['a megabyte before it', `${'x'.repeat(1_000_000)}TTBBTT`],
  ])('takes nothing from an answer with %s', async (_, answer) => {
    const { clock, protocol, output } = await createEnteredRig(answers(answer, PICO))
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toEqual(UNKNOWN)
    expect(output.stdout).toBe('')
  })

  it.each<[string, Said]>([
    ['control characters alone', { 'sys.platform': hex('\x1b\x07'), 'sys.implementation._machine': hex('\u202e') }],
    ['numbers out of range', { 'gc.mem_free': hex('1'.repeat(40)) }],
    ['no number', { 'gc.mem_free': hex('-5') }],
    ['far too long items', { 'sys.implementation.0': '41'.repeat(200) }],
    ['half a byte', { 'machine.unique_id': 'e66' }],
    ['what is no hex', { 'machine.unique_id': 'E6', 'sys.platform': 'zz' }],
  ])('takes nothing from items with %s', async (_, said) => {
    const { clock, protocol } = await createEnteredRig(answers('TTBBTT', said))
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toEqual(UNKNOWN)
  })

  it('takes nothing from an answer of which a byte has changed or is missing', () => {
    const code = identityCode('TTTT', 'n')
    const answer = Buffer.from(`TTTT${bodyOf(code, PICO)}TTTT`)
    const name = (bytes: Buffer): string | null => readIdentity(bytes, 'TTTT', 'n').name
    expect(name(answer)).toBe('micropython')
    for (let index = 0; index < answer.length; index++) {
      const flipped = Buffer.from(answer)
      flipped[index] = (answer[index] ?? 0) ^ 1
      expect(name(flipped)).toBeNull()
      expect(name(Buffer.concat([answer.subarray(0, index), answer.subarray(index + 1)]))).toBeNull()
    }
  })

  it('takes no answer to a question that changed on its way to the board', () => {
    const changed = identityCode('TTTT', 'n').replace('kbd_intr', 'kbd_untr')
    expect(readIdentity(latin1(`TTTT${bodyOf(changed, PICO)}TTTT`), 'TTTT', 'n').name).toBeNull()
  })

  it('takes no answer that was meant for another connection (G-30)', async () => {
    const nonce = Buffer.alloc(32, 7).toString('base64')
    const own = await createEnteredRig(answers('TTBBTT', PICO))
    expect(await outcome(own.clock, own.protocol.identify({ timeoutMs: 5_000, nonce }))).toMatchObject({ name: 'micropython' })
    expect(own.board.executed[0]).not.toContain(nonce)
    const other = await createEnteredRig(answers('TTBBTT', PICO, asked => asked.replace(/../, '00')))
    expect(await outcome(other.clock, other.protocol.identify({ timeoutMs: 5_000, nonce }))).toEqual(UNKNOWN)
  })

  it('takes no control characters into what is shown', () => {
    expect(reads({ 'sys.implementation.0': 'x\x1b]0;title\x07\u200by\r\n' }).name).toBe('x]0;titley')
  })

  it('survives any answer', () => {
    const CODE = identityCode('TT', 'n')
    const LENGTH = askedFor(CODE).items.length
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.array(fc.oneof(fc.string(), fc.string().map(hex)), { minLength: LENGTH, maxLength: LENGTH }),
        (noise, items) => {
          const said = Object.fromEntries(items.map((item, index) => [askedFor(CODE).items[index] ?? '', item]))
          const answer = Uint8Array.from([...noise, ...Buffer.from(`TT${bodyOf(CODE, said)}TT`, 'utf8')])
          for (const value of Object.values(readIdentity(answer, 'TT', 'n'))) {
            if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(256)
          }
        },
      ),
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

  it.each([identityCode, shortIdentityCode])('sends code without a byte that the raw REPL would take as a command', codeOf => {
    const code = codeOf('0123456789abcdef', "a'\n\x03")
    expect(code).toMatch(/^[\n -~]+$/)
    expect(code).not.toContain('0123456789abcdef')
    expect(code).not.toContain(hex("a'\n\x03"))
  })
})
