import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionManager } from '../../../electron/core/sessions/manager/manager'
import { INTERRUPT_SOFT_RESET_MS, INTERRUPT_TIMEOUT_MS, OWN_RESET_QUIET_MS, RESET_TIMEOUT_MS } from '../../../shared/limits'
import type { OutputItem, SessionEvent, SessionSnapshot } from '../../../shared/model'
import { type NativeBoard, type NativeBoardOptions, startNativeBoard } from '../../boards/native-board'
import { createFleet, failureOf } from '../fleet/rig'

/** Generous: another test may have the processor. */
const PATIENCE = { timeout: 20_000, interval: 20 }
/** Prints for ever, and counts the interrupts that it gets. */
const TICKING = `import time
ticks = 0
while True:
    ticks += 1
    print('tick', ticks)
    time.sleep_ms(20)
`

describe('control over a real interpreter', () => {
  const boards: NativeBoard[] = []
  let fleet: SessionManager
  let events: SessionEvent[]

  beforeEach(() => {
    fleet = createFleet()
    events = []
    fleet.onEvent(event => events.push(event))
  })
  afterEach(async () => {
    await fleet.shutdown()
    await Promise.all(boards.splice(0).map(board => board.unplug()))
  })

  const start = async (options: NativeBoardOptions = {}): Promise<NativeBoard> => {
    const board = await startNativeBoard(options)
    boards.push(board)
    return board
  }
  const open = async (board: NativeBoard, options: Parameters<SessionManager['open']>[0]['options'] = {}): Promise<string> =>
    (await fleet.open({ port: board.path, options })).sessionId
  const snapshot = (sessionId: string): SessionSnapshot => fleet.info(sessionId).snapshot
  const run = (sessionId: string, code: string, timeoutMs = 20_000) => fleet.execute(sessionId, code, { timeoutMs })
  const save = (sessionId: string, file: string, text: string) =>
    run(sessionId, `with open(${JSON.stringify(file)}, 'w') as f:\n    f.write(${JSON.stringify(text)})`)
  const items = (sessionId: string): readonly OutputItem[] => fleet.output(sessionId).read(0, 10_000_000).items
  const text = (sessionId: string, channel = 'outside'): string =>
    items(sessionId)
      .map(item => (item.type === 'bytes' && item.channel === channel ? Buffer.from(item.bytes).toString('latin1') : ''))
      .join('')
  const rungs = (): readonly (string | undefined)[] =>
    events.filter(({ interrupt }) => interrupt !== undefined).map(({ interrupt }) => interrupt?.rung)
  const notices = (): readonly string[] => events.flatMap(({ notice }) => (notice === undefined ? [] : [notice.kind]))
  const waitForQuiet = (): Promise<void> => new Promise(resolve => setTimeout(resolve, OWN_RESET_QUIET_MS + 100))
  /** Nothing of what went before is in the way of the next execution. */
  const expectAtPrompt = async (sessionId: string): Promise<void> => {
    expect(await run(sessionId, 'print("clean", 6 * 7)')).toMatchObject({ outcome: 'ok', stdout: 'clean 42\n' })
  }

  it('stops an endless snippet on the first rung, and the prompt is back (fault 21)', async () => {
    const sessionId = await open(await start())
    const running = failureOf(run(sessionId, 'print("begun")\nwhile True: pass', 60_000))
    await expect.poll(() => text(sessionId, 'stdout'), PATIENCE).toContain('begun')
    expect(await fleet.cancel(sessionId)).toEqual({ cancelled: true })
    expect((await running).info).toMatchObject({ code: 'OperationCancelled', output: 'begun\n' })
    expect(rungs()[0]).toBe('interrupt')
    expect(rungs()).not.toContain('soft-reset')
    await expectAtPrompt(sessionId)
  })

  it('climbs every rung where Ctrl-C is ignored, is bounded, and holds no other session up (fault 22)', async () => {
    const [stubborn, other] = [await open(await start()), await open(await start({ uniqueId: '0a0b0c0d0e0f0102' }))]
    const running = failureOf(run(stubborn, 'import micropython\nmicropython.kbd_intr(-1)\nprint("begun")\nwhile True: pass', 60_000))
    await expect.poll(() => text(stubborn, 'stdout'), PATIENCE).toContain('begun')
    const begunMs = performance.now()
    const cancelling = fleet.cancel(stubborn)
    let answered = 0
    while (performance.now() - begunMs < INTERRUPT_TIMEOUT_MS) {
      await expectAtPrompt(other)
      answered += 1
    }
    expect(answered).toBeGreaterThan(2)
    expect(await cancelling).toEqual({ cancelled: false })
    const tookMs = performance.now() - begunMs
    expect(tookMs).toBeGreaterThanOrEqual(INTERRUPT_TIMEOUT_MS + INTERRUPT_SOFT_RESET_MS - 50)
    expect(tookMs).toBeLessThan(3 * (INTERRUPT_TIMEOUT_MS + INTERRUPT_SOFT_RESET_MS))
    expect((await running).info).toMatchObject({ code: 'OperationFailed', reason: 'no-reply', output: 'begun\n' })
    expect(rungs()).toEqual(['interrupt', 'interrupt-again', 'soft-reset'])
    expect(events.find(({ type }) => type === 'error')?.snapshot.fault?.hint).toMatch(/hard reset.*close/i)
    await expectAtPrompt(other)
  })

  it('ends a program that heeds nothing but what it reads by a soft reset, and says so (fault 22)', async () => {
    const sessionId = await open(await start())
    const code = `import micropython, sys
micropython.kbd_intr(-1)
print('begun')
while sys.stdin.read(1) != '\\\\x04': pass
micropython.kbd_intr(3)
import machine
machine.soft_reset()
`.replaceAll('\\\\', '\\')
    const running = failureOf(run(sessionId, code, 60_000))
    await expect.poll(() => text(sessionId, 'stdout'), PATIENCE).toContain('begun')
    expect(await fleet.cancel(sessionId)).toEqual({ cancelled: true })
    expect((await running).code).toBe('OperationCancelled')
    expect(rungs()).toEqual(['interrupt', 'interrupt-again', 'soft-reset'])
    expect(items(sessionId)).toContainEqual(
      expect.objectContaining({ type: 'note', tone: 'warn', text: expect.stringMatching(/soft reset/) }),
    )
    await expectAtPrompt(sessionId)
  })

  it('holds a rung for a snippet that cleans up, and its end is the end (fault 22)', async () => {
    const sessionId = await open(await start())
    const code = `import time
print('begun')
try:
    while True: time.sleep_ms(10)
finally:
    time.sleep_ms(1_500)
    print('cleaned up')
`
    const running = failureOf(run(sessionId, code, 60_000))
    await expect.poll(() => text(sessionId, 'stdout'), PATIENCE).toContain('begun')
    const cancelling = fleet.cancel(sessionId)
    expect(fleet.stepInterrupt(sessionId, 'hold')).toEqual({ changed: true })
    expect(snapshot(sessionId).running?.interrupt).toMatchObject({ rung: 'interrupt', until: null })
    expect(await cancelling).toEqual({ cancelled: true })
    expect((await running).info.output).toBe('begun\ncleaned up\n')
    expect(fleet.stepInterrupt(sessionId, 'next')).toEqual({ changed: false })
  })

  it('finds a board that hung and goes on as it was, without a false end (fault 20)', async () => {
    const board = await start()
    const sessionId = await open(board)
    // Long enough for the test to see that it has begun, and over while the board hangs.
    const running = run(sessionId, 'import time\nprint("begun")\ntime.sleep_ms(1500)\nprint("done")', 60_000)
    await expect.poll(() => text(sessionId, 'stdout'), PATIENCE).toContain('begun')
    board.freeze()
    await new Promise(resolve => setTimeout(resolve, 2_000))
    expect(snapshot(sessionId).running).not.toBeNull()
    board.thaw()
    expect(await running).toMatchObject({ outcome: 'ok', stdout: 'begun\ndone\n' })
  })

  it('gives a board that hangs up at its limit, and has it back when it goes on (fault 20)', async () => {
    const board = await start()
    const sessionId = await open(board, { reconnectDelayMs: 100, maxReconnectAttempts: 100 })
    board.freeze()
    const { info } = await failureOf(run(sessionId, 'print(1)', 300))
    expect(info).toMatchObject({ code: 'OperationTimeout', reason: 'timeout' })
    expect(['Error', 'Connecting']).toContain(snapshot(sessionId).state)
    board.thaw()
    await expect.poll(() => snapshot(sessionId).state, PATIENCE).toBe('Connected')
    await expectAtPrompt(sessionId)
  })

  it('never takes an execution for well ended when its board starts anew in the middle of it (fault 23)', async () => {
    const sessionId = await open(await start())
    const { info } = await failureOf(run(sessionId, 'print("before")\nimport machine\nmachine.reset()\nprint("after")'))
    expect(info).toMatchObject({ code: 'OperationFailed', reason: 'restarted' })
    expect(notices()).toEqual(['restarted'])
    expect(items(sessionId)).toContainEqual(expect.objectContaining({ type: 'ended', outcome: 'failed' }))
    await expectAtPrompt(sessionId)
  })

  it('never takes the output of main.py for the end of an execution that a restart cut off (fault 23)', async () => {
    const sessionId = await open(await start())
    await save(sessionId, 'main.py', TICKING)
    await waitForQuiet()
    const { info } = await failureOf(run(sessionId, 'import machine\nmachine.reset()', 1_500))
    expect(['OperationTimeout', 'OperationFailed']).toContain(info.code)
    expect(items(sessionId)).not.toContainEqual(expect.objectContaining({ type: 'ended', number: 2, outcome: 'ok' }))
    await expectAtPrompt(sessionId)
    expect(notices()).toEqual(['restarted'])
  })

  it('tells of restarts that nobody asked for, and of a boot loop once (fault 23)', async () => {
    const sessionId = await open(await start())
    await save(sessionId, 'main.py', "import machine, time\nprint('up')\ntime.sleep_ms(300)\nmachine.soft_reset()\n")
    await fleet.reset(sessionId, 'restart')
    await expect.poll(() => notices(), PATIENCE).toContain('boot-loop')
    const loopAt = text(sessionId).length
    await expect.poll(() => text(sessionId).slice(loopAt), PATIENCE).toMatch(/up[\s\S]*up[\s\S]*up/)
    expect(notices()).toEqual(['restarted', 'restarted', 'boot-loop'])
    await fleet.takeOver(sessionId)
    await expectAtPrompt(sessionId)
  })

  it('does not take what a person typed for a restart by itself (fault 23)', async () => {
    const sessionId = await open(await start())
    await fleet.watch(sessionId)
    await waitForQuiet()
    await fleet.write(sessionId, Uint8Array.of(4))
    await expect.poll(() => text(sessionId), PATIENCE).toContain('soft reboot')
    await fleet.takeOver(sessionId)
    await expectAtPrompt(sessionId)
    expect(notices()).toEqual([])
  })

  it('resets softly: a new interpreter at its prompt, without main.py, with all that boot.py says (fault 24)', async () => {
    const sessionId = await open(await start())
    await save(sessionId, 'boot.py', "import time\nprint('boot ' * 400)\ntime.sleep_ms(300)\nprint('booted')\n")
    await save(sessionId, 'main.py', "print('main ran')\n")
    await run(sessionId, 'kept = 1')
    const waiting = failureOf(run(sessionId, 'import time\ntime.sleep(60)', 70_000))
    const behind = failureOf(run(sessionId, 'print(2)'))
    expect(await fleet.reset(sessionId, 'soft')).toMatchObject({ state: 'Idle', attachment: 'prompt', task: null })
    expect((await waiting).info).toMatchObject({ code: 'OperationCancelled', reason: 'restarted' })
    expect((await behind).info).toMatchObject({ code: 'OperationCancelled', reason: 'restarted' })
    expect(text(sessionId)).toContain('boot '.repeat(400))
    expect(text(sessionId)).toContain('soft reboot')
    expect(text(sessionId)).toContain('booted')
    expect(text(sessionId)).not.toMatch(/OK\r\n|raw REPL|main ran/)
    expect(await run(sessionId, 'print("kept" in globals())')).toMatchObject({ stdout: 'False\n' })
    expect(snapshot(sessionId).board?.uniqueId).toBe('0102030405060708')
    expect(notices()).toEqual([])
  })

  it('restarts with main.py, and watches it from then on (fault 24)', async () => {
    const sessionId = await open(await start())
    await save(sessionId, 'main.py', TICKING)
    const before = text(sessionId).length
    expect(await fleet.reset(sessionId, 'restart')).toMatchObject({ attachment: 'watching' })
    await expect.poll(() => text(sessionId), PATIENCE).toMatch(/tick 5\r\n/)
    expect(text(sessionId).slice(before)).not.toMatch(/raw REPL|help\(\)|Traceback/)
    expect((await failureOf(run(sessionId, 'print(1)'))).info).toMatchObject({ code: 'SessionNotReady', reason: 'watching' })
    expect(await fleet.takeOver(sessionId)).toMatchObject({ attachment: 'prompt', board: { uniqueId: '0102030405060708' } })
    await expectAtPrompt(sessionId)
    expect(notices()).toEqual([])
  })

  it('resets hard, and is at the prompt of a board that has really started anew', async () => {
    const sessionId = await open(await start())
    await save(sessionId, 'main.py', TICKING)
    await run(sessionId, 'kept = 1')
    const reset = await fleet.reset(sessionId, 'hard')
    expect(reset).toMatchObject({ attachment: 'prompt', state: 'Idle', board: { uniqueId: '0102030405060708', resetCause: 'hard' } })
    expect(text(sessionId)).toContain('tick 1')
    expect(await run(sessionId, 'print("kept" in globals(), "_muster_reset" in globals())')).toMatchObject({ stdout: 'False False\n' })
    expect(notices()).toEqual([])
  })

  it('does not pretend to have reset a board that heeds nothing', async () => {
    const sessionId = await open(await start(), { autoReconnect: false })
    const running = failureOf(run(sessionId, 'import micropython\nmicropython.kbd_intr(-1)\nprint("begun")\nwhile True: pass', 60_000))
    await expect.poll(() => text(sessionId, 'stdout'), PATIENCE).toContain('begun')
    const begunMs = performance.now()
    const { info } = await failureOf(fleet.reset(sessionId, 'hard'))
    expect(info).toMatchObject({ code: 'OperationFailed', reason: 'not-supported', hint: expect.stringMatching(/reset button|unplug/) })
    expect(performance.now() - begunMs).toBeLessThan(3 * RESET_TIMEOUT_MS)
    expect((await running).info).toMatchObject({ code: 'OperationCancelled', reason: 'restarted' })
    expect(snapshot(sessionId)).toMatchObject({ state: 'Error', fault: { reason: 'no-reply' } })
  })

  it('says that a board is in its bootloader, and leaves it there (fault 27)', async () => {
    const sessionId = await open(await start(), { reconnectDelayMs: 50 })
    const gone = await fleet.reset(sessionId, 'bootloader')
    expect(gone).toMatchObject({ state: 'Error', reconnect: { stage: 'off' }, fault: { reason: 'restarted' } })
    expect(gone.fault?.message).toMatch(/bootloader/)
    await new Promise(resolve => setTimeout(resolve, 500))
    expect(snapshot(sessionId).state).toBe('Error')
    expect((await failureOf(run(sessionId, 'print(1)'))).code).toBe('SessionNotReady')
    expect(events.filter(({ type }) => type === 'disconnected').map(({ message }) => message)).toEqual([
      expect.stringMatching(/bootloader/),
    ])
  })

  it('watches a program without a byte to it: it runs on through opening, watching and closing', async () => {
    const board = await start()
    const prepared = await open(board)
    await save(prepared, 'main.py', TICKING)
    await fleet.reset(prepared, 'restart')
    await fleet.close(prepared, { mode: 'now' })
    const first = await open(board, { attach: 'watch', initSnippet: 'print("never")' })
    expect(snapshot(first)).toMatchObject({ state: 'Connected', attachment: 'watching', board: null, identity: null })
    await expect.poll(() => text(first), PATIENCE).toMatch(/tick \d+\r\n[\s\S]*tick \d+\r\n/)
    const seen = Number(/tick (\d+)/.exec(text(first))?.[1])
    expect(snapshot(first).statistics.bytesOut).toBe(0)
    await fleet.close(first, { mode: 'flush' })
    const second = await open(board, { attach: 'watch' })
    await expect.poll(() => text(second), PATIENCE).toMatch(/tick \d+\r\n[\s\S]*tick \d+\r\n/)
    // The same run of the same program, further on.
    expect(Number(/tick (\d+)/.exec(text(second))?.[1])).toBeGreaterThan(seen)
    expect(text(second)).not.toMatch(/KeyboardInterrupt|MicroPython/)
    await fleet.takeOver(second)
    expect(await run(second, 'print(6 * 7)')).toMatchObject({ stdout: '42\n' })
    expect(snapshot(second).identity).toMatchObject({ level: 'uniqueId' })
  })

  it('leaves the prompt without a trace of it, and passes on what a person types', async () => {
    const sessionId = await open(await start())
    const before = items(sessionId).length
    expect(await fleet.watch(sessionId)).toMatchObject({ attachment: 'watching' })
    expect(items(sessionId).slice(before)).toMatchObject([{ type: 'note' }])
    await fleet.write(sessionId, 'print("ty" + "ped")\r')
    await expect.poll(() => text(sessionId), PATIENCE).toContain('\r\ntyped\r\n')
    await fleet.takeOver(sessionId)
    await expectAtPrompt(sessionId)
  })
})
