import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startMicrobit } from '../../boards/microbit'
import { type NativeBoardOptions, startNativeBoard } from '../../boards/native-board'
import { Conversation } from './conversation'

const TIMES = 100
/** Longer than a board needs for what it was sent before. */
const ARRIVED_MS = 20

/** How others may have left a board that waits at its friendly prompt: what they sent to it. */
const LEFT: readonly (readonly [string, string])[] = [
  ['at its friendly prompt', ''],
  ['at its raw prompt', '\x01'],
  ['with a half-filled raw buffer', '\x01print("never'],
  ['with half a request for raw-paste mode', '\x01\x05A'],
  ['in the middle of raw-paste mode', '\x01\x05A\x01x = 1\nprint("never'],
  ['in paste mode', '\x05'],
  ['in the middle of a paste', '\x05print("never")\r\nif 1:'],
  ['with half a line typed', 'print("never"'],
  ['inside of an open string', 'x = """never\rclosed'],
  ['inside of an open bracket', 'print(1,\r'],
  ['in the middle of an indented block', 'if True:\rprint("never")\r'],
  ['in the middle of a nested block', 'def f():\rfor i in x:\rpass\r'],
]
const WITHOUT_RAW_PASTE = LEFT.filter(([, sent]) => !sent.includes('\x05A'))
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function nativeBoard(options: NativeBoardOptions = {}): Promise<Conversation> {
  const board = await startNativeBoard(options)
  ends.push(() => board.unplug())
  const bench = await Conversation.start(board.path)
  ends.push(() => bench.end())
  return bench
}

async function leaveAs(bench: Conversation, sent: string): Promise<void> {
  await bench.protocol.leave(1_000)
  bench.forget()
  await bench.transport.write(Buffer.from(sent, 'latin1'))
  await sleep(ARRIVED_MS)
}

/** Writes files and pulls the reset line, as it were: what runs then is the files' own. */
async function restartWith(bench: Conversation, files: Readonly<Record<string, string>>): Promise<void> {
  const writes = Object.entries(files).map(
    ([name, text]) => `with open(${JSON.stringify(name)}, "w") as f: f.write(${JSON.stringify(text)})`,
  )
  expect(await bench.run(writes.join('\n'))).toMatchObject({ outcome: 'ok' })
  bench.stdout = ''
  bench.protocol.execute('import machine\nprint("resetting")\nmachine.reset()').catch(() => {})
  // All of the answer has come: nothing of it is the next protocol's.
  await expect.poll(() => bench.stdout, { timeout: 10_000, interval: 5 }).toContain('resetting\r\n')
  bench.forget()
}

const expectWorks = async (bench: Conversation): Promise<void> => {
  expect(await bench.run('print(1)')).toEqual({ outcome: 'ok', stdout: '1\r\n', exception: '' })
}

describe('a native board', () => {
  it(`is entered ${TIMES} times of ${TIMES}, however it was left (fault 25)`, async () => {
    const bench = await nativeBoard()
    for (let time = 0; time < TIMES; time++) {
      const [, sent = ''] = LEFT[time % LEFT.length] ?? []
      await leaveAs(bench, sent)
      await bench.enter(5_000)
      await expectWorks(bench)
      expect(bench.outside).not.toMatch(/^never/m)
    }
  })

  it('is entered although its main.py prints for ever', async () => {
    const bench = await nativeBoard()
    await restartWith(bench, { 'main.py': 'print("main has begun")\nwhile True:\n print("busy" * 20)\n' })
    await bench.enter(5_000)
    expect(bench.outside).toMatch(/main has begun|busy/)
    await expectWorks(bench)
  })

  it('is entered although its main.py catches every interrupt for two seconds', async () => {
    const bench = await nativeBoard()
    const main =
      'import time\nend = time.ticks_ms() + 2000\nwhile time.ticks_ms() < end:\n try:\n  time.sleep_ms(50)\n except: print("caught")\n'
    await restartWith(bench, { 'main.py': main })
    await bench.enter(10_000)
    expect(bench.outside).toContain('caught')
    await expectWorks(bench)
  })

  it.each([
    ['says so', 'print("caught")', 'not-micropython', /a program that can't be interrupted/],
    ['says nothing', 'pass', 'no-reply', /sent nothing within 1\.5 s/],
  ])('whose main.py catches every interrupt for ever and %s is an error at the limit', async (_, then, reason, message) => {
    const bench = await nativeBoard()
    await restartWith(bench, { 'main.py': `import time\nwhile True:\n try:\n  time.sleep_ms(50)\n except: ${then}\n` })
    const startedMs = performance.now()
    await expect(bench.enter(1_500)).rejects.toMatchObject({ reason, message: expect.stringMatching(message) })
    expect(performance.now() - startedMs).toBeLessThan(5_000)
  })

  it('that is mute for three seconds and then says much is entered, and what it says is shown (fault 26)', async () => {
    const bench = await nativeBoard({ muteMs: 3_000 })
    await restartWith(bench, { 'boot.py': 'for i in range(50): print("boot line", i)\n' })
    await bench.enter(15_000)
    expect(bench.outside).toContain('boot line 0\r\n')
    await expectWorks(bench)
  })

  it('is entered after 64 KB of random bytes (fault 33)', async () => {
    const bench = await nativeBoard()
    const noise =
      'import sys, random\nrandom.seed(7)\nfor i in range(1024): sys.stdout.buffer.write(bytes(random.getrandbits(8) for _ in range(64)))\n'
    for (let time = 0; time < 3; time++) {
      await restartWith(bench, { 'boot.py': noise, 'main.py': 'print("quiet")\n' })
      await bench.enter(15_000)
      await expectWorks(bench)
    }
  })
})

describe('a micro:bit', () => {
  it('is entered however it was left (fault 25)', async () => {
    const board = await startMicrobit()
    ends.push(() => board.unplug())
    const bench = await Conversation.start(board.path, { withoutBackPressure: true })
    ends.push(() => bench.end())
    for (const [how, sent] of [...WITHOUT_RAW_PASTE, ...WITHOUT_RAW_PASTE]) {
      await leaveAs(bench, sent)
      await expect(bench.enter(10_000), how).resolves.toBeUndefined()
      await expectWorks(bench)
    }
  })

  it('is entered while it starts, and its start-up text is shown', async () => {
    const board = await startMicrobit()
    ends.push(() => board.unplug())
    const bench = await Conversation.start(board.path, { withoutBackPressure: true })
    ends.push(() => bench.end())
    await bench.protocol.leave(1_000)
    bench.forget()
    board.reset()
    await bench.enter(10_000)
    await expectWorks(bench)
  })
})
