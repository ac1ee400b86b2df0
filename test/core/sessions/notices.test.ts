import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import { BOOT_LOOP_WINDOW_MS, HISTORY_FOLD_MS, OUTPUT_DROP_MS, OWN_RESET_QUIET_MS } from '../../../shared/limits'
import { settle } from '../../fakes/fake-clock'
import { bytesOf, SOME_BOARD } from '../../fakes/fake-protocol'
import { OpenBench } from './open-bench'
import { failureOf } from './session-bench'

const BANNER = 'MicroPython v1.26.1 on 2026-01-01; a board\r\nType "help()" for more information.\r\n>>> '
const SOFT_REBOOT = 'MPY: soft reboot\r\n'

const noticesOf = (bench: OpenBench): readonly string[] => bench.events.flatMap(({ notice }) => (notice === undefined ? [] : [notice.kind]))
const warningsOf = (bench: OpenBench): readonly string[] =>
  bench.outputItems.flatMap(item => (item.type === 'note' && item.tone === 'warn' ? [item.text] : []))

/** Long enough after the connect that what the board says is its own. */
async function settled(options: Parameters<typeof OpenBench.with>[0] = {}): Promise<OpenBench> {
  const bench = await OpenBench.with({ healthChecks: false, ...options })
  await bench.clock.advance(OWN_RESET_QUIET_MS)
  return bench
}

describe('a board that restarts by itself (fault 23)', () => {
  it.each([
    ['with a soft reset', `\r\n${SOFT_REBOOT}main.py says hello\r\n`],
    ['with a soft reset and no program', `${SOFT_REBOOT}${BANNER}`],
    ['with a hard reset and no program', `\r\n${BANNER}`],
    ['as CircuitPython does', 'soft reboot\r\n'],
  ])('is told of once: %s', async (_how, said) => {
    for (const step of [said.length, 1]) {
      const bench = await settled()
      for (let at = 0; at < said.length; at += step) bench.board.print(said.slice(at, at + step), 'outside')
      expect(noticesOf(bench)).toEqual(['restarted'])
      expect(warningsOf(bench)).toEqual(['The board on /dev/ttyACM0 restarted by itself: what was set up on it is gone.'])
      expect(bench.info.state).toBe('Connected')
    }
  })

  it('is not told of while it starts after having been opened', async () => {
    const bench = await OpenBench.create()
    bench.board.print(BANNER, 'outside')
    await bench.clock.advance(OWN_RESET_QUIET_MS - 1)
    bench.board.print(SOFT_REBOOT, 'outside')
    expect(noticesOf(bench)).toEqual([])
  })

  it('in the middle of an execution fails that one, which is never ok', async () => {
    const bench = await settled()
    const failing = failureOf(bench.run())
    bench.board.print(BANNER)
    bench.board.fail(new ProtocolError('restarted', 'It restarted.'))
    expect((await failing).info).toMatchObject({ code: 'OperationFailed', reason: 'restarted' })
    expect(noticesOf(bench)).toEqual(['restarted'])
    expect(warningsOf(bench)[0]).toContain('Execution 1 was cut off')
  })

  it('in the middle of an execution, with a program that runs then, is seen when that is interrupted', async () => {
    const bench = await settled()
    bench.board.interruptAnswer = 'climb'
    const failing = failureOf(bench.run('import machine; machine.reset()', 1_000))
    bench.board.print('tick 1\r\ntick 2\r\n')
    await bench.clock.advance(1_000)
    bench.board.print(`KeyboardInterrupt: \r\n${BANNER}`)
    bench.board.finish({ outcome: 'exception', restarted: true, resynchronised: true })
    expect((await failing).code).toBe('OperationTimeout')
    await settle()
    expect(noticesOf(bench)).toEqual(['restarted'])
  })

  it('is not seen in what a snippet prints that is interrupted, when the board says that it came to its end', async () => {
    const bench = await settled()
    bench.board.interruptAnswer = 'climb'
    bench.board.heeds = 'interrupt'
    const failing = failureOf(bench.run('try:\n while True: pass\nfinally: print(banner)', 1_000))
    bench.board.onHeeded = () => bench.board.print(`${SOFT_REBOOT}${BANNER}`)
    await bench.clock.advance(1_000)
    expect((await failing).code).toBe('OperationTimeout')
    await settle()
    expect(noticesOf(bench)).toEqual([])
    bench.board.print(SOFT_REBOOT, 'outside')
    expect(noticesOf(bench)).toEqual(['restarted'])
  })

  it('because nothing else ended an execution is no news', async () => {
    const bench = await settled()
    bench.board.interruptAnswer = 'climb'
    bench.board.heeds = 'end'
    const failing = failureOf(bench.run('while True: pass', 60_000))
    void bench.manager.cancel(bench.sessionId)
    await bench.clock.advance(2_100)
    bench.board.print(BANNER)
    await bench.clock.advance(1_000)
    expect((await failing).code).toBe('OperationCancelled')
    expect(noticesOf(bench)).toEqual([])
  })

  it('in the middle of a task fails that one', async () => {
    const bench = await settled()
    const failing = failureOf(
      bench.manager.runTask(bench.sessionId, 'Writing main.py', () => Promise.reject(new ProtocolError('restarted', 'It restarted.'))),
    )
    expect((await failing).reason).toBe('restarted')
    expect(warningsOf(bench)[0]).toContain('Writing main.py was cut off')
  })

  it('because a snippet told it to is no news; nor is what a snippet prints', async () => {
    const bench = await settled()
    const first = bench.run('import sys; sys.exit()')
    bench.board.print(SOFT_REBOOT, 'outside')
    bench.board.finish({ restarted: true })
    await first
    const second = bench.run(`print('MPY: soft reboot')`)
    bench.board.print(SOFT_REBOOT)
    bench.board.print(BANNER)
    bench.board.finish()
    await second
    expect(noticesOf(bench)).toEqual([])
  })

  it('is found out at the next execution, which finds the start-up text before it', async () => {
    const bench = await settled()
    const running = bench.run()
    bench.board.print(BANNER, 'outside')
    expect(noticesOf(bench)).toEqual([])
    bench.board.finish()
    expect((await running).outcome).toBe('ok')
    expect(noticesOf(bench)).toEqual(['restarted'])
  })

  it('while it is watched, is told from a program that ends', async () => {
    const bench = await settled({ attach: 'watch' })
    bench.board.print(`the last words\r\n${BANNER}`, 'outside')
    expect(noticesOf(bench)).toEqual([])
    bench.board.print(BANNER, 'outside')
    expect(noticesOf(bench)).toEqual(['restarted'])
    bench.board.print(`\r\n${SOFT_REBOOT}a program\r\n`, 'outside')
    expect(noticesOf(bench)).toEqual(['restarted', 'restarted'])
    bench.board.print(BANNER, 'outside')
    expect(noticesOf(bench)).toHaveLength(2)
  })

  it('after what a person has typed to it did so on request', async () => {
    const bench = await settled({ attach: 'watch' })
    await bench.manager.write(bench.sessionId, Uint8Array.of(4))
    bench.board.print(`${SOFT_REBOOT}${BANNER}`, 'outside')
    expect(noticesOf(bench)).toEqual([])
  })

  it('because it has read what a person typed, and a snippet did not, did so on request', async () => {
    const bench = await settled()
    const running = bench.run('import time; time.sleep(10)')
    await bench.manager.write(bench.sessionId, Uint8Array.of(4))
    await bench.clock.advance(OWN_RESET_QUIET_MS + 1_000)
    bench.board.finish()
    await running
    bench.board.print(SOFT_REBOOT, 'outside')
    expect(noticesOf(bench)).toEqual([])
    await bench.clock.advance(OWN_RESET_QUIET_MS)
    bench.board.print(SOFT_REBOOT, 'outside')
    expect(noticesOf(bench)).toEqual(['restarted'])
  })

  it('again and again is told of once as a loop, and anew after it', async () => {
    const bench = await settled()
    for (let times = 0; times < 20; times++) {
      bench.board.print(SOFT_REBOOT, 'outside')
      await bench.clock.advance(1_000)
    }
    expect(noticesOf(bench)).toEqual(['restarted', 'restarted', 'boot-loop'])
    expect(warningsOf(bench)[2]).toContain('3 times within 60 seconds')
    await bench.clock.advance(BOOT_LOOP_WINDOW_MS)
    bench.board.print(SOFT_REBOOT, 'outside')
    expect(noticesOf(bench)).toEqual(['restarted', 'restarted', 'boot-loop', 'restarted'])
  })

  it('now and then is no loop', async () => {
    const bench = await settled()
    for (let times = 0; times < 5; times++) {
      bench.board.print(SOFT_REBOOT, 'outside')
      await bench.clock.advance(BOOT_LOOP_WINDOW_MS / 2 + 1)
    }
    expect(noticesOf(bench)).toEqual(Array.from({ length: 5 }, () => 'restarted'))
  })
})

describe('a watchdog', () => {
  it('that started the board is told of at a connect, and at a take-over', async () => {
    const bench = await OpenBench.with({ reconnectDelayMs: 100 }, ({ protocols }) => {
      protocols.prepare = protocol => {
        protocol.board = { ...SOME_BOARD, resetCause: 'watchdog' }
      }
    })
    expect(noticesOf(bench)).toEqual(['watchdog'])
    expect(bench.events.findIndex(({ type }) => type === 'connected')).toBeLessThan(
      bench.events.findIndex(({ type }) => type === 'boardNotice'),
    )
    bench.transport.unplug()
    await bench.clock.advance(200)
    expect(noticesOf(bench)).toEqual(['watchdog', 'watchdog'])
    await bench.manager.watch(bench.sessionId)
    await bench.manager.takeOver(bench.sessionId)
    expect(noticesOf(bench)).toHaveLength(3)
    await bench.manager.reset(bench.sessionId, 'soft')
    expect(noticesOf(bench)).toHaveLength(3)
    expect(warningsOf(bench)[0]).toContain('its program had not fed it in time')
  })

  it('of a board that also resets itself by it is told of as what it may be', async () => {
    const bench = await OpenBench.with({}, ({ protocols }) => {
      protocols.prepare = protocol => {
        protocol.board = { ...SOME_BOARD, platform: 'rp2', resetCause: 'watchdog' }
      }
    })
    expect(warningsOf(bench)[0]).toContain('or reset by machine.reset()')
  })
})

describe('output that nobody read (fault 38)', () => {
  const printing = (bench: OpenBench): void => bench.transport.deliver(bytesOf('x'))

  it('is told of as probable after the process stood still while the board printed', async () => {
    const bench = await settled()
    await bench.clock.advance(900)
    printing(bench)
    bench.clock.stall(OUTPUT_DROP_MS + 200)
    await bench.clock.advance(0)
    expect(noticesOf(bench)).toEqual([])
    printing(bench)
    expect(noticesOf(bench)).toEqual(['output-lost'])
    expect(warningsOf(bench)[0]).toMatch(/^Probably some output of the board on \/dev\/ttyACM0 is missing/)
  })

  it.each([
    ['the board was silent before', false, true, OUTPUT_DROP_MS + 1_000],
    ['the board was silent after', true, false, OUTPUT_DROP_MS + 1_000],
    ['it was short', true, true, OUTPUT_DROP_MS - 200],
  ])('is not told of where %s', async (_what, before, after, stallMs) => {
    const bench = await settled()
    await bench.clock.advance(10_000)
    if (before) printing(bench)
    bench.clock.stall(stallMs)
    await bench.clock.advance(0)
    if (after) printing(bench)
    await bench.clock.advance(5_000)
    expect(noticesOf(bench)).toEqual([])
  })

  it('is not told of after the computer slept', async () => {
    const bench = await settled()
    printing(bench)
    bench.manager.suspend()
    bench.clock.stall(3_600_000)
    bench.manager.resume()
    printing(bench)
    await bench.clock.advance(2_000)
    printing(bench)
    expect(noticesOf(bench)).toEqual([])
  })

  it('is told of where a filter had the port paused, and not more often than need be', async () => {
    const bench = await settled()
    await bench.manager
      .filters(bench.sessionId)
      .add({ name: 'slow', type: 'rateLimit', settings: { bytesPerSecond: 10, burst: 1 } }, { at: 'first' })
    for (let round = 0; round < 3; round++) {
      bench.transport.deliver(new Uint8Array(20))
      await settle()
      bench.transport.deliver(new Uint8Array(1))
      await bench.clock.advance(4_000)
      printing(bench)
      await settle()
    }
    expect(noticesOf(bench)).toEqual(['output-lost'])
    await bench.clock.advance(HISTORY_FOLD_MS)
  })
})
