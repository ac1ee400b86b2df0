import { afterEach, describe, expect, it } from 'vitest'
import { type NativeBoardOptions, startNativeBoard } from '../../boards/native-board'
import { Conversation } from './conversation'
import { expectWorks, LEFT, leaveAs } from './left-boards'

const TIMES = 100
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

/**
 * A loop that catches every interrupt, also one that comes on the heels of another: the interpreter looks for them at the end of a
 * handler too, where they are no longer that handler's.
 */
function catching(condition: string, then: string): string {
  return `while ${condition}:
 try:
  try:
   while ${condition}: time.sleep_ms(50)
  except: ${then}
 except: ${then}
`
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
    const main = `import time\nend = time.ticks_ms() + 2000\n${catching('time.ticks_ms() < end', 'print("caught")')}`
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
    await restartWith(bench, { 'main.py': `import time\n${catching('True', then)}` })
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
