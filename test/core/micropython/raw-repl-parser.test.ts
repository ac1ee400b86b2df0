import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EndedEvent, RawReplEvent } from '../../../electron/core/micropython/raw-repl-events'
import { RawReplParser } from '../../../electron/core/micropython/raw-repl-parser'
import { processorMs } from '../../fakes/processor-time'
import { fromLatin1, latin1 } from '../../fakes/scripted-board'

const BANNER = 'raw REPL; CTRL-B to exit\r\n>'
const TRACEBACK = 'Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\nValueError: no\r\n'

/** What a dialogue came to, independent of how its bytes were cut. */
interface Reading {
  stdout: string
  exception: string
  outside: string
  accepted: boolean
  ended: (Omit<EndedEvent, 'type' | 'exception' | 'marked'> & { exception: string }) | null
}

function emptyReading(): Reading {
  return { stdout: '', exception: '', outside: '', accepted: false, ended: null }
}

function note(reading: Reading, events: readonly RawReplEvent[]): void {
  for (const event of events) {
    if ('bytes' in event) reading[event.type] += fromLatin1(event.bytes)
    else if (event.type === 'accepted') reading.accepted = true
    else if (event.type === 'ended') {
      const { outcome, ambiguous, restarted } = event
      reading.ended = { outcome, ambiguous, restarted, exception: fromLatin1(event.exception) }
    }
  }
}

/** Feeds an answer to an execution. Asks for the prompt once, as soon as it seems to be there, and gives the banner at the very end. */
function readAnswer(pieces: readonly Uint8Array[]): Reading {
  const parser = new RawReplParser()
  const reading = emptyReading()
  parser.expectExecution()
  for (const piece of pieces) {
    note(reading, parser.feed(piece))
    if (parser.atPrompt && parser.promptsOwed === 0) parser.promptRequested()
  }
  note(reading, parser.feed(latin1(BANNER)))
  return reading
}

/** All at once, byte by byte, and every cut into two. */
function cuts(dialogue: string): Uint8Array[][] {
  const bytes = latin1(dialogue)
  const all = [[bytes], Array.from(bytes, byte => Uint8Array.of(byte))]
  for (let at = 1; at < bytes.length; at++) all.push([bytes.slice(0, at), bytes.slice(at)])
  return all
}

const ENDED_OK = { outcome: 'ok', exception: '', ambiguous: false, restarted: false }

/** Answers as boards give them, and what they mean. */
const ANSWERS: readonly { readonly name: string; readonly bytes: string; readonly means: Partial<Reading> }[] = [
  { name: 'no output', bytes: 'OK\x04\x04>', means: { stdout: '', ended: ENDED_OK } as Partial<Reading> },
  { name: 'output', bytes: 'OKhello\r\n\x04\x04>', means: { stdout: 'hello\r\n', ended: ENDED_OK } as Partial<Reading> },
  { name: 'output that holds the words of the protocol', bytes: 'OKOK\r\n>\r\nOK>>> \x04\x04>', means: { stdout: 'OK\r\n>\r\nOK>>> ' } },
  { name: 'a printed banner', bytes: `OK${BANNER}\r\n\x04\x04>`, means: { stdout: `${BANNER}\r\n`, ended: ENDED_OK } as Partial<Reading> },
  {
    name: 'an exception',
    bytes: `OKbefore\r\n\x04${TRACEBACK}\x04>`,
    means: {
      stdout: 'before\r\n',
      exception: TRACEBACK,
      ended: { outcome: 'exception', exception: TRACEBACK, ambiguous: false, restarted: false },
    },
  },
  {
    name: 'an exception without a traceback',
    bytes: 'OK\x04MemoryError: \r\n\x04>',
    means: { ended: { outcome: 'exception', exception: 'MemoryError: \r\n', ambiguous: false, restarted: false } },
  },
  {
    name: 'bytes that are no UTF-8',
    bytes: 'OK\xff\xc3\x00\x01\x02\x03\x05\x04\x04>',
    means: { stdout: '\xff\xc3\x00\x01\x02\x03\x05', ended: ENDED_OK } as Partial<Reading>,
  },
  {
    name: 'output from outside before the board takes the code',
    bytes: 'tick O\r\nOKhello\x04\x04>',
    means: { outside: 'tick O\r\n', stdout: 'hello', ended: ENDED_OK } as Partial<Reading>,
  },
  {
    name: '04 inside output',
    bytes: 'OKa\x04b\r\n\x04\x04>',
    means: { stdout: 'a\x04b\r\n', ended: { outcome: 'ok', exception: '', ambiguous: true, restarted: false } },
  },
  {
    name: '04 at the end of output',
    bytes: 'OKa\x04\x04\x04>',
    means: { stdout: 'a\x04', ended: { outcome: 'ok', exception: '', ambiguous: true, restarted: false } },
  },
  {
    name: '04 in output, then an exception',
    bytes: `OK\x04x\x04${TRACEBACK}\x04>`,
    means: {
      stdout: '\x04x',
      exception: TRACEBACK,
      ended: { outcome: 'exception', exception: TRACEBACK, ambiguous: true, restarted: false },
    },
  },
  {
    name: '04 as the last output before an exception',
    bytes: `OK\x04\x04${TRACEBACK}\x04>`,
    means: {
      stdout: '\x04',
      exception: TRACEBACK,
      ended: { outcome: 'exception', exception: TRACEBACK, ambiguous: true, restarted: false },
    },
  },
  {
    name: 'output that looks like the end',
    bytes: 'OKa\x04\x04>b\r\n\x04\x04>',
    means: { stdout: 'a\x04\x04>b\r\n', ended: { outcome: 'ok', exception: '', ambiguous: true, restarted: false } },
  },
  {
    name: 'output that looks like the end twice',
    bytes: 'OK\x04x\x04>\x04\x04>\x04\x04>',
    means: { stdout: '\x04x\x04>\x04\x04>', ended: { outcome: 'ok', exception: '', ambiguous: true, restarted: false } },
  },
  {
    name: 'long output after a 04',
    bytes: `OK\x04${'x'.repeat(1_500)}\x04\x04>`,
    means: { stdout: `\x04${'x'.repeat(1_500)}`, ended: { outcome: 'ok', exception: '', ambiguous: true, restarted: false } },
  },
  {
    name: 'two 04 and long output',
    bytes: `OK\x04\x04${'x'.repeat(300)}\x04\x04>`,
    means: { stdout: `\x04\x04${'x'.repeat(300)}`, ended: { outcome: 'ok', exception: '', ambiguous: true, restarted: false } },
  },
  {
    name: 'sys.exit()',
    bytes: `OKbye\r\n\x04\x04MPY: soft reboot\r\n${BANNER}`,
    means: {
      stdout: 'bye\r\n',
      outside: 'MPY: soft reboot\r\n',
      ended: { outcome: 'ok', exception: '', ambiguous: false, restarted: true },
    },
  },
  {
    name: 'sys.exit() on stm32 with a chatty boot.py',
    bytes: `OK\x04\x04MPY: sync filesystems\r\nMPY: soft reboot\r\n${'boot \x04 '.repeat(100)}${BANNER}`,
    means: {
      outside: `MPY: sync filesystems\r\nMPY: soft reboot\r\n${'boot \x04 '.repeat(100)}`,
      ended: { outcome: 'ok', exception: '', ambiguous: false, restarted: true },
    },
  },
  {
    name: 'a restart without a word',
    bytes: `OK\x04\x04\r\n${BANNER}`,
    means: { outside: '\r\n', ended: { outcome: 'ok', exception: '', ambiguous: false, restarted: true } },
  },
]

describe('the raw REPL parser reads', () => {
  for (const { name, bytes, means } of ANSWERS) {
    it(`${name}, cut in every way`, () => {
      const whole = readAnswer([latin1(bytes)])
      expect(whole).toMatchObject(means)
      expect(whole.accepted).toBe(true)
      for (const pieces of cuts(bytes)) expect(readAnswer(pieces)).toEqual(whole)
    })
  }

  it('output at once, before anything else of the answer has come', () => {
    const parser = new RawReplParser()
    parser.expectExecution()
    const reading = emptyReading()
    note(reading, parser.feed(latin1('OKone')))
    expect(reading.stdout).toBe('one')
    note(reading, parser.feed(latin1('two')))
    expect(reading.stdout).toBe('onetwo')
  })

  it('no end without a banner, however much the output looks like one', () => {
    const parser = new RawReplParser()
    parser.expectExecution()
    const reading = emptyReading()
    note(reading, parser.feed(latin1(`OK\x04\x04>${BANNER}`)))
    expect(parser.atPrompt).toBe(true)
    parser.promptRequested()
    note(reading, parser.feed(latin1('\r\n\x04\x04>')))
    expect(reading.ended).toBeNull()
    note(reading, parser.feed(latin1(BANNER)))
    expect(reading).toMatchObject({ stdout: `\x04\x04>${BANNER}\r\n`, ended: { outcome: 'ok', ambiguous: true } })
  })

  it('what a background thread prints after the prompt as output from outside', () => {
    const parser = new RawReplParser()
    parser.expectExecution()
    const reading = emptyReading()
    note(reading, parser.feed(latin1('OKdone\x04\x04>')))
    parser.promptRequested()
    note(reading, parser.feed(latin1(`tick\r\n${BANNER}tock`)))
    expect(reading).toMatchObject({ stdout: 'done', outside: 'tick\r\ntock', ended: { outcome: 'ok', ambiguous: false } })
  })

  it('the banners of W600 firmware, and half banners as text', () => {
    for (const pieces of cuts('raw REPL; CTRL-B to exit\r\r\n>raw REPL; CTRL-raw REPL; CTRL-B to exit\r\n>draw\r\nx')) {
      const parser = new RawReplParser()
      parser.promptRequested()
      parser.promptRequested()
      const events = pieces.flatMap(piece => parser.feed(piece))
      const reading = emptyReading()
      note(reading, events)
      expect(events.filter(event => event.type === 'banner')).toHaveLength(2)
      expect(reading.outside).toBe('raw REPL; CTRL-draw\r\nx')
    }
  })

  it('the start of an exception text of any length, and says the rest was cut', () => {
    const text = `Traceback (most recent call last):\r\n${'x'.repeat(1_000_000)}\r\n`
    const reading = readAnswer([latin1(`OK\x04${text.slice(0, 500_000)}`), latin1(`${text.slice(500_000)}\x04>`)])
    expect(reading.exception).toBe(text)
    expect(reading.ended).toEqual({ outcome: 'exception', exception: text.slice(0, 65_536), ambiguous: false, restarted: false })
  })

  it('that the interpreter started in the middle of an answer', () => {
    const parser = new RawReplParser()
    parser.expectExecution()
    const events = parser.feed(latin1('OKcounting 1 2\r\nMicroPython v1.27.0\r\nType "help()" for more information.\r\n>>> '))
    expect(events).toContainEqual({ type: 'friendly-prompt', started: true })
    parser.promptRequested()
    expect(parser.feed(latin1(`\r\n${BANNER}`))).toContainEqual({ type: 'banner', requested: true })
  })

  it('gives what it kept back when no more is expected', () => {
    for (const [answer, expected] of [
      ['OKa\x04bc', { stdout: 'a\x04bc' }],
      ['OKa\x04b\x04', { stdout: 'a\x04b\x04' }],
      ['OKa\x04\x04bc', { stdout: 'a\x04\x04bc' }],
      [`OK\x04\x04MPY: soft reboot\r\nraw`, { outside: 'MPY: soft reboot\r\nraw' }],
      [`OKa\x04${TRACEBACK}\x04>`, { stdout: 'a', exception: TRACEBACK }],
      ['noiseO', { outside: 'noiseO' }],
    ] as const) {
      const parser = new RawReplParser()
      parser.expectExecution()
      const reading = emptyReading()
      note(reading, parser.feed(latin1(answer)))
      note(reading, parser.abandon())
      expect(reading).toMatchObject(expected)
      note(reading, parser.feed(latin1('later')))
      expect(reading.outside.endsWith('later')).toBe(true)
    }
  })
})

const anyBytes = fc.uint8Array({ maxLength: 400 })
/** Bytes among which the parser's own are frequent. */
const nastyBytes = fc
  .array(fc.constantFrom('\x04', '\x04\x04>', '>', 'OK', 'a', '\r\n', BANNER, 'MPY: soft reboot\r\n', 'Traceback ', 'O', 'r', '\x01'), {
    maxLength: 30,
  })
  .map(parts => latin1(parts.join('')))

function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(places.map(place => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...sorted, bytes.length].map((place, index) => bytes.slice(sorted[index - 1] ?? 0, place))
}
const places = fc.array(fc.nat(), { maxLength: 12 })

describe('whatever comes, the raw REPL parser', () => {
  it('gives back output without 04 exactly', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), places, (random, at) => {
        const output = random.filter(byte => byte !== 4)
        const answer = Uint8Array.from([...latin1('OK'), ...output, ...latin1('\x04\x04>')])
        const reading = readAnswer(cutAt(answer, at))
        expect(reading.stdout).toBe(fromLatin1(output))
        expect(reading.ended).toEqual(ENDED_OK)
      }),
    )
  })

  it('gives back output with 04 exactly, once the prompt is proved', () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, nastyBytes), places, (output, at) => {
        const text = fromLatin1(output)
        // These two are told from an end only by what the board does next, which here is nothing.
        fc.pre(!text.includes('soft reboot') && !text.includes(BANNER))
        const answer = Uint8Array.from([...latin1('OK'), ...output, ...latin1('\x04\x04>')])
        const reading = readAnswer(cutAt(answer, at))
        expect(reading.stdout).toBe(text)
        expect(reading.ended).toEqual({ ...ENDED_OK, ambiguous: output.includes(4) })
      }),
      { numRuns: 500 },
    )
  })

  it('loses no byte and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, nastyBytes), places, fc.boolean(), fc.boolean(), (bytes, at, executing, asking) => {
        const parser = new RawReplParser()
        if (executing) parser.expectExecution()
        if (asking) parser.promptRequested()
        let kept = 0
        for (const piece of cutAt(bytes, at)) for (const event of parser.feed(piece)) if ('bytes' in event) kept += event.bytes.length
        for (const event of parser.abandon()) if ('bytes' in event) kept += event.bytes.length
        // What may be missing is framing: OK, 04, > and banners, whole or half.
        const framing = fromLatin1(bytes.filter(byte => byte === 4 || byte === 0x3e)).length + fromLatin1(bytes).split('OK').length * 2
        const banners = fromLatin1(bytes).split('raw REPL; CTRL-B to exit').length * BANNER.length
        expect(kept).toBeGreaterThanOrEqual(bytes.length - framing - banners)
        expect(kept).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 500 },
    )
  })

  it('reports no end unless a banner was asked for', () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, nastyBytes), places, (bytes, at) => {
        const parser = new RawReplParser()
        parser.expectExecution()
        const events = [latin1('OK'), ...cutAt(bytes, at)].flatMap(piece => parser.feed(piece))
        expect(events.some(event => event.type === 'ended')).toBe(false)
      }),
    )
  })
})

describe('fifty megabytes of output', () => {
  const CHUNK = 64 * 1024

  function flood(totalBytes: number, chunk: Uint8Array): { readonly tookMs: number; readonly passed: number } {
    const parser = new RawReplParser()
    parser.expectExecution()
    parser.feed(latin1('OK'))
    let passed = 0
    const startedMs = processorMs()
    for (let sent = 0; sent < totalBytes; sent += chunk.length) {
      for (const event of parser.feed(chunk)) if ('bytes' in event) passed += event.bytes.length
    }
    return { tookMs: processorMs() - startedMs, passed }
  }

  it('without a line end pass in time that grows with their number, and nothing is kept', () => {
    const chunk = new Uint8Array(CHUNK).fill(0x78)
    const { tookMs, passed } = flood(50 * 1024 * 1024, chunk)
    expect(passed).toBe(50 * 1024 * 1024)
    expect(tookMs).toBeLessThan(5_000)
  }, 120_000)

  it('in pieces of 20 bytes, and with 04 all over, are as linear', () => {
    const small = flood(5 * 1024 * 1024, new Uint8Array(20).fill(0x78))
    expect(small.passed).toBeGreaterThanOrEqual(5 * 1024 * 1024)
    const hostile = flood(5 * 1024 * 1024, new Uint8Array(CHUNK).fill(4))
    expect(hostile.passed).toBeGreaterThan(5 * 1024 * 1024 - 10)
    const random = flood(
      50 * 1024 * 1024,
      Uint8Array.from({ length: CHUNK }, (_, index) => (index * 2_654_435_761) >>> 13),
    )
    expect(random.passed).toBeGreaterThan(50 * 1024 * 1024 - 2_000)
    expect(small.tookMs + hostile.tookMs + random.tookMs).toBeLessThan(20_000)
  }, 120_000)
})
