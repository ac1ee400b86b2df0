import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import type { SessionManager } from '../../../electron/core/sessions/manager/manager'
import { SimulatedBoards } from '../../../electron/core/transport/simulated/simulated-boards'
import { MAX_MESSAGE_BYTES, OUTPUT_BUFFER_BYTES } from '../../../shared/limits'
import { buildSimulatedWorker, interpreterPackage } from '../../boards/build-worker'
import { createFleet, failureOf } from './rig'

describe('what code can be run, and what its output can do', () => {
  let boards: SimulatedBoards
  let fleet: SessionManager
  let sessionId: string

  beforeAll(async () => {
    const workerPath = await buildSimulatedWorker()
    boards = new SimulatedBoards({ workerPath, packageFolder: interpreterPackage, clock: systemClock, logger: silentLogger })
    await boards.start(2)
    fleet = createFleet(boards)
    sessionId = (await fleet.open({ port: 'simulated:1', backend: 'simulated' })).sessionId
  })
  afterAll(async () => {
    await fleet.shutdown()
    await boards.dispose()
  })

  const run = (code: string, timeoutMs = 20_000) => fleet.execute(sessionId, code, { timeoutMs })
  const bytesOf = (session: string, after = 0): Buffer => {
    const { items } = fleet.output(session).read(after, 1_000_000)
    return Buffer.concat(items.map(item => (item.type === 'bytes' ? item.bytes : new Uint8Array(0))))
  }
  const textOf = (session: string): string => bytesOf(session).toString()
  /** Whatever came before, the next execution is as if nothing had been. */
  const expectCleanBoard = async (): Promise<void> => {
    expect(await run('print("clean", 6 * 7)')).toMatchObject({ outcome: 'ok', stdout: 'clean 42\n' })
  }

  it('refuses empty code', async () => {
    for (const code of ['', '  \n\t\n']) {
      expect((await failureOf(run(code))).info).toMatchObject({ code: 'InvalidArgument', reason: 'empty-code' })
    }
    await expectCleanBoard()
  })

  it('refuses what raw mode can not carry, says where it stands, and sends nothing', async () => {
    for (const control of ['\x01', '\x02', '\x03', '\x04', '\x00']) {
      const bytesBefore = fleet.statistics(sessionId).bytesOut
      const { info } = await failureOf(run(`x = 1\nprint("a${control}b")`))
      expect(info).toMatchObject({ code: 'InvalidArgument', reason: 'control-character' })
      expect(`${info.message} ${info.hint}`).toMatch(/line 2/)
      expect(fleet.statistics(sessionId).bytesOut).toBe(bytesBefore)
    }
    await expectCleanBoard()
  })

  it('runs code that is not ASCII', async () => {
    expect(await run('größe = "🜁 ± 日本"\nprint(größe, len(größe))')).toMatchObject({ outcome: 'ok', stdout: '🜁 ± 日本 6\n' })
  })

  it('runs 1 MB of code', async () => {
    const line = 'total = total + 1  # a comment that makes the line as long as lines are\n'
    const code = `total = 0\n${line.repeat(Math.ceil(1_000_000 / line.length))}print(total)\n`
    expect(code.length).toBeGreaterThan(1_000_000)
    const result = await run(code, 60_000)
    expect(result).toMatchObject({ outcome: 'ok', stdout: `${Math.ceil(1_000_000 / line.length)}\n` })
    await expectCleanBoard()
  })

  it('E-17: takes an exception and a syntax error as results', async () => {
    const thrown = await run('print("first")\nraise ValueError("no such pin")')
    expect(thrown).toMatchObject({ outcome: 'exception', stdout: 'first\n' })
    expect(thrown.traceback).toMatch(/line 2[\s\S]*ValueError: no such pin/)
    const unparsed = await run('for for for')
    expect(unparsed.outcome).toBe('exception')
    expect(unparsed.traceback).toContain('SyntaxError')
    await expectCleanBoard()
  })

  it('is not misled by protocol text in the output', async () => {
    const text = 'OK>OK\\r\\n>raw REPL; CTRL-B to exit\\r\\n>>>> '
    expect(await run(`import sys\nsys.stdout.write("${text}")`)).toMatchObject({ outcome: 'ok' })
    await expectCleanBoard()
  })

  it('finds the prompt again after control bytes in the output', async () => {
    for (const text of ['a\\x04b', '\\x04', '\\x04\\x04>', 'x\\x04\\x04', '\\x04\\x04\\x04\\x04']) {
      const result = await run(`print("before")\nimport sys\nsys.stdout.write("${text}")\nprint("after")`).catch(error => error)
      // What can't be told apart is said, never passed off as a plain result.
      if ('outcome' in result) expect([result.resynchronised, result.stdout.includes('after')]).not.toEqual([undefined, false])
      await expectCleanBoard()
    }
  })

  it('shows invalid UTF-8 as such and keeps the bytes', async () => {
    const before = fleet.output(sessionId).end
    const result = await run('import sys\nsys.stdout.buffer.write(b"\\xff\\xc3(\\xe2\\x82|")\nprint("end")')
    expect(result).toMatchObject({ outcome: 'ok' })
    expect(result.stdout).toMatch(/\uFFFD.*end\n$/s)
    expect(bytesOf(sessionId, before).includes(Buffer.from([0xff, 0xc3, 0x28, 0xe2, 0x82]))).toBe(true)
  })

  it('takes a flood of 50 MB without a line end: bounded memory, nothing else notices', async () => {
    const other = await fleet.open({ port: 'simulated:2', backend: 'simulated' })
    const flood = failureOf(run('block = "x" * 65536\nimport sys\nfor n in range(800):\n    sys.stdout.write(block)\n', 120_000))
    const latencies: number[] = []
    let flooding = true
    const watching = (async () => {
      while (flooding) latencies.push((await fleet.execute(other.sessionId, 'print(1)', {})).durationMs)
    })()
    const { info } = await flood
    flooding = false
    await watching
    expect(info).toMatchObject({ code: 'OperationFailed', reason: 'reply-too-large' })
    expect(info.message).toContain(String(800 * 65_536))
    expect(info.output?.length).toBe(MAX_MESSAGE_BYTES)
    const output = fleet.output(sessionId)
    expect(output.end - output.start).toBeLessThanOrEqual(OUTPUT_BUFFER_BYTES + 100_000)
    expect(latencies.length).toBeGreaterThan(0)
    await fleet.close(other.sessionId, { mode: 'flush' })
    await expectCleanBoard()
  }, 180_000)

  it('E-14: interrupts what runs too long, keeps its output, and lets no late byte into the next result', async () => {
    const { info } = await failureOf(run('n = 0\nwhile True:\n    n += 1\n    print("turn", n)\n', 500))
    expect(info).toMatchObject({ code: 'OperationTimeout', reason: 'timeout' })
    expect(info.output).toContain('turn 1\n')
    await expectCleanBoard()
  })

  it('E-15: cancels a loop and a sleep', async () => {
    for (const code of ['while True:\n    pass\n', 'import time\ntime.sleep(30)\nprint("woke")\n']) {
      const running = failureOf(run(code))
      await expect.poll(() => fleet.info(sessionId).snapshot.running).not.toBeNull()
      const before = performance.now()
      expect(await fleet.cancel(sessionId)).toEqual({ cancelled: true })
      expect(performance.now() - before).toBeLessThan(2_000)
      expect((await running).info.code).toBe('OperationCancelled')
      await expectCleanBoard()
    }
  })

  it('goes on after sys.exit(), which restarts the board', async () => {
    await run('kept = 1')
    await run('import sys\nsys.exit()').catch(() => undefined)
    expect((await run('print("kept" in globals())')).stdout).toBe('False\n')
  })

  it('E-02: fails what ran and what waited when the board goes away, with what had come so far', async () => {
    const [port] = await boards.start(1)
    const session = await fleet.open({ port: port?.path ?? '', backend: 'simulated' })
    const running = failureOf(fleet.execute(session.sessionId, 'import time\nprint("begun")\ntime.sleep(30)', { timeoutMs: 60_000 }))
    const waiting = failureOf(fleet.execute(session.sessionId, 'print("never")', { timeoutMs: 60_000 }))
    await expect.poll(() => textOf(session.sessionId)).toContain('begun')
    await boards.stop(session.port)
    expect((await running).info).toMatchObject({ code: 'OperationFailed', reason: 'disconnected', output: 'begun\n' })
    expect((await waiting).info).toMatchObject({ code: 'OperationFailed', reason: 'disconnected' })
    expect(fleet.info(session.sessionId).snapshot).toMatchObject({ state: 'Error', fault: { final: false, reason: 'disconnected' } })
    expect((await failureOf(fleet.execute(session.sessionId, 'print(1)', {}))).info.code).toBe('SessionNotReady')
    await expectCleanBoard()
    expect(await fleet.close(session.sessionId, { mode: 'now' })).toMatchObject({ alreadyClosed: false, finalState: 'Closed' })
  })

  it('closes and kills while code runs', async () => {
    for (const end of ['close', 'kill'] as const) {
      const [port] = await boards.start(1)
      const { sessionId: ending } = await fleet.open({ port: port?.path ?? '', backend: 'simulated' })
      const running = failureOf(fleet.execute(ending, 'while True:\n    print("on and on")\n', { timeoutMs: 60_000 }))
      await expect.poll(() => fleet.info(ending).snapshot.running).not.toBeNull()
      const result = end === 'close' ? await fleet.close(ending, { mode: 'now' }) : await fleet.kill(ending)
      expect(result).toMatchObject({ finalState: 'Closed', killed: end === 'kill' })
      expect((await running).info.code).toBe('OperationCancelled')
      // The port is free again, and the board as reachable as before.
      const again = await fleet.open({ port: port?.path ?? '', backend: 'simulated' })
      expect(await fleet.execute(again.sessionId, 'print(1)', {})).toMatchObject({ stdout: '1\n' })
      await fleet.close(again.sessionId, { mode: 'flush' })
      await boards.stop(again.port)
    }
  })
})
