import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import type { BoardProtocol, ExecutionEnd } from '../../../electron/core/micropython/board-protocol'
import { createMicroPythonProtocol } from '../../../electron/core/micropython/micropython-protocol'
import { SimulatedBoards } from '../../../electron/core/transport/simulated/simulated-boards'
import type { Transport } from '../../../electron/core/transport/transport'
import { buildSimulatedWorker, interpreterPackage } from '../../boards/build-worker'

/** Output as text, and its length: a flood is not kept. */
interface Heard {
  stdout: string
  outside: string
  stdoutBytes: number
}

let boards: SimulatedBoards
let transport: Transport
let protocol: BoardProtocol
const heard: Heard = { stdout: '', outside: '', stdoutBytes: 0 }

beforeAll(async () => {
  const workerPath = await buildSimulatedWorker()
  boards = new SimulatedBoards({ workerPath, packageFolder: interpreterPackage, clock: systemClock, logger: silentLogger })
  const [board] = await boards.start(1)
  transport = boards.create({ port: board?.path ?? '' })
  await transport.open(new AbortController().signal)
  protocol = createMicroPythonProtocol(transport, { clock: systemClock, logger: silentLogger })
  protocol.onOutput(({ channel, bytes }) => {
    if (channel === 'stdout') heard.stdoutBytes += bytes.length
    if (channel !== 'exception' && heard.stdoutBytes < 1_000_000) heard[channel] += Buffer.from(bytes).toString('utf8')
  })
  await protocol.enter({ timeoutMs: 20_000, signal: new AbortController().signal })
}, 60_000)

afterEach(() => {
  Object.assign(heard, { stdout: '', outside: '', stdoutBytes: 0 })
})

afterAll(async () => {
  protocol.dispose()
  await transport.close()
  await boards.dispose()
})

async function run(code: string): Promise<Omit<ExecutionEnd, 'exception' | 'durationMs'> & { stdout: string; exception: string }> {
  heard.stdout = ''
  const { outcome, exception, resynchronised, restarted } = await protocol.execute(code)
  return { outcome, exception: Buffer.from(exception).toString('utf8'), resynchronised, restarted, stdout: heard.stdout }
}

const CLEAN = { outcome: 'ok', exception: '', resynchronised: false, restarted: false }

/** Resolves once something was printed since the last run began. */
async function printed(): Promise<void> {
  while (heard.stdoutBytes === 0) await new Promise(resolve => protocol.onOutput(resolve))
}

describe('with the real interpreter', () => {
  it('tells who the board is, and leaves nothing behind', async () => {
    expect(await protocol.identify({ timeoutMs: 10_000 })).toMatchObject({
      name: 'micropython',
      version: '1.27.0',
      machine: expect.stringMatching(/\w/),
      uniqueId: expect.stringMatching(/^[0-9a-f]{8,}$/),
      freeMemoryBytes: expect.any(Number),
    })
    expect(heard.stdout).toBe('')
    expect((await run('print(any(["muster" in name for name in globals()]))')).stdout).toBe('False\r\n')
  })

  it('prints, and keeps globals from run to run', async () => {
    expect(await run('a = 20\nprint("OK>", a)')).toEqual({ ...CLEAN, stdout: 'OK> 20\r\n' })
    expect(await run('print(a + 1)')).toEqual({ ...CLEAN, stdout: '21\r\n' })
    expect(await run('')).toEqual({ ...CLEAN, stdout: '' })
  })

  it('carries text outside of ASCII both ways', async () => {
    expect(await run('print("Grüße, 世界 👋", len("👋"))')).toEqual({ ...CLEAN, stdout: 'Grüße, 世界 👋 1\r\n' })
  })

  it('tells exceptions from output, a SyntaxError too', async () => {
    const failed = await run('print("before")\nraise ValueError("no")')
    expect(failed).toMatchObject({ outcome: 'exception', stdout: 'before\r\n', resynchronised: false })
    expect(failed.exception).toMatch(/^Traceback[\s\S]*ValueError: no\r\n$/)
    const wrong = await run('if')
    expect(wrong).toMatchObject({ outcome: 'exception', stdout: '' })
    expect(wrong.exception).toContain('SyntaxError')
  })

  it.each(['a\\x04b', '\\x04', '\\x04\\x04>', '\\x04\\x04>raw REPL; CTRL-B to exit\\r\\n>', '\\x04x\\x04>'])(
    'delivers %s, and the next run is clean',
    async text => {
      const marked = await run(`import sys\nsys.stdout.write("${text}|")`)
      expect(marked).toMatchObject({ outcome: 'ok', resynchronised: true })
      expect(marked.stdout.replace(/\r\n/g, '\n')).toBe(JSON.parse(`"${text.replace(/\\x04/g, '\\u0004')}|"`).replace(/\r\n/g, '\n'))
      expect(await run('print(1)')).toEqual({ ...CLEAN, stdout: '1\r\n' })
    },
  )

  it('interrupts an endless loop, also one that prints', async () => {
    for (const code of ['while True: pass', 'while True: print("x")', 'import time\ntime.sleep(100)\nprint("no")']) {
      const running = run(`print("begun")\n${code}`)
      await printed()
      const startedMs = performance.now()
      expect(await protocol.interrupt(10_000)).toBe(true)
      expect(performance.now() - startedMs).toBeLessThan(5_000)
      const end = await running
      expect(end).toMatchObject({ outcome: 'exception', resynchronised: false })
      expect(end.exception).toContain('KeyboardInterrupt')
      heard.stdoutBytes = 0
      expect(await run('print(1)')).toEqual({ ...CLEAN, stdout: '1\r\n' })
    }
  })

  it('gives a snippet its input (M-16)', async () => {
    const running = run('import sys\nprint("ready")\nline = sys.stdin.readline()\nprint("got", line.strip())')
    await printed()
    await protocol.write(Buffer.from('hello\n'))
    expect((await running).stdout).toMatch(/^ready\r\n[\s\S]*got hello\r\n$/)
    expect(await run('print(1)')).toEqual({ ...CLEAN, stdout: '1\r\n' })
  })

  it.each([
    'print(',
    '\x02',
    '\x02print(',
    '\x02\x05x = 1',
    '\x05',
    '\x05A\x01',
    '\x03',
    '\x04',
    'print("by hand")\x04',
    'while True: pass\x04',
    '\x02"""\r',
  ])('is clean again after %j was sent by hand (M-16)', async text => {
    await protocol.write(Buffer.from(text, 'latin1'))
    expect(await run('print(1)')).toEqual({ ...CLEAN, stdout: '1\r\n' })
  })

  it('is not led astray by a snippet that takes print away', async () => {
    await run('real = print\ndef print(*_): raise OSError')
    expect(await protocol.interrupt(10_000)).toBe(true)
    expect(await run('print = real\nprint(1)')).toEqual({ ...CLEAN, stdout: '1\r\n' })
  })

  it('says that sys.exit() restarted the interpreter', async () => {
    await run('a = 1')
    expect(await run('import sys\nprint("bye")\nsys.exit()')).toEqual({ ...CLEAN, restarted: true, stdout: 'bye\r\n' })
    expect(heard.outside).toContain('soft reboot')
    expect(await run('print("a" in globals())')).toEqual({ ...CLEAN, stdout: 'False\r\n' })
  })

  it('never calls a run ok that a reset cut short', async () => {
    await expect(run('import machine\nprint("half")\nmachine.reset()')).rejects.toMatchObject({ reason: 'restarted' })
    expect(await run('print(1)')).toEqual({ ...CLEAN, stdout: '1\r\n' })
  })

  it('takes a large snippet, and five megabytes of output without a line end', async () => {
    const code = `text = """${'x'.repeat(200_000)}"""\nprint(len(text))`
    expect(await run(code)).toEqual({ ...CLEAN, stdout: '200000\r\n' })
    heard.stdoutBytes = 0
    const end = await run('import sys\nchunk = "x" * 4096\nfor _ in range(1280): sys.stdout.write(chunk)\ndel chunk, text, _')
    expect(end).toMatchObject(CLEAN)
    expect(heard.stdoutBytes).toBe(1280 * 4096)
  })

  it('enters from whatever the board was left in', async () => {
    for (const left of [
      '\x02',
      '\x02\x05x = 1\r',
      '\x02print("half',
      '\x02"""abc\r',
      'half a buffer',
      '\x05A\x01print(1',
      'while True: print("x")\x04',
    ]) {
      await transport.write(Buffer.from(left, 'latin1'))
      await protocol.enter({ timeoutMs: 20_000, signal: new AbortController().signal })
      expect(await run('print(1)')).toEqual({ ...CLEAN, stdout: '1\r\n' })
    }
  })

  it('leaves the board at its friendly prompt', async () => {
    await protocol.leave(5_000)
    let friendly = ''
    protocol.onOutput(({ bytes }) => {
      friendly += Buffer.from(bytes).toString('latin1')
    })
    await transport.write(Buffer.from('6*7\r', 'latin1'))
    while (!friendly.includes('42')) await new Promise(resolve => protocol.onOutput(resolve))
    expect(friendly).toContain('42')
  })
})
