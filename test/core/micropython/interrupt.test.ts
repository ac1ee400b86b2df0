import { describe, expect, it } from 'vitest'
import { settle } from '../../fakes/fake-clock'
import { type BoardRun, fromLatin1, KEYBOARD_INTERRUPT, withoutEndMarks } from '../../fakes/scripted-board'
import { createEnteredRig, outcome, settlesIn } from './protocol-rig'

/** How the board handles the interrupts of a snippet that never ends by itself. */
function swallows(count: number, then: (run: BoardRun) => void = run => run.end(KEYBOARD_INTERRUPT)) {
  return {
    onRun: (code: string, run: BoardRun): void => {
      if (code !== 'endless') {
        run.print('clean\r\n')
        run.end()
        return
      }
      let left = count
      run.onInterrupt = () => {
        if (left-- <= 0) then(run)
        else run.print('no\r\n')
      }
    },
  }
}

describe('an interrupt', () => {
  it('ends an endless snippet at once, and its end is exact', async () => {
    const { board, clock, protocol, output } = await createEnteredRig(swallows(0))
    const running = protocol.execute('endless')
    await clock.advance(1_000)
    const { value, tookMs } = await settlesIn(clock, protocol.interrupt(2_000))
    expect(value).toBe(true)
    expect(tookMs).toBeLessThan(50)
    const end = await outcome(clock, running)
    expect(end).toMatchObject({ outcome: 'exception', resynchronised: false, restarted: false, durationMs: 1_000 })
    expect(fromLatin1(end.exception)).toBe(KEYBOARD_INTERRUPT)
    expect(output.exception).toBe(KEYBOARD_INTERRUPT)
    expect(withoutEndMarks(board.written)).toMatch(/^endless\x04\x03\x01/)
    await outcome(clock, protocol.execute('next'))
    expect(output.stdout).toBe('clean\r\n')
    expect(clock.pendingTimers).toBe(0)
  })

  it.each([1, 2, 5])('is repeated for a program that catches %i of them, while output goes on', async count => {
    const { clock, protocol, output } = await createEnteredRig(swallows(count))
    const running = protocol.execute('endless')
    await settle()
    const { value, tookMs } = await settlesIn(clock, protocol.interrupt(2_000))
    expect(value).toBe(true)
    expect(tookMs).toBeLessThanOrEqual(count * 250 + 50)
    expect(output.stdout).toBe('no\r\n'.repeat(count))
    expect(await outcome(clock, running)).toMatchObject({ outcome: 'exception' })
    output.stdout = ''
    await outcome(clock, protocol.execute('next'))
    expect(output).toMatchObject({ stdout: 'clean\r\n', outside: '' })
  })

  it('that the board never heeds is false at its limit, and the execution is over', async () => {
    const { clock, protocol } = await createEnteredRig(swallows(Number.POSITIVE_INFINITY))
    const running = protocol.execute('endless')
    running.catch(() => {})
    await settle()
    const { value, tookMs } = await settlesIn(clock, protocol.interrupt(2_000))
    expect(value).toBe(false)
    expect(tookMs).toBe(2_000)
    expect((await settlesIn(clock, running)).error).toMatchObject({ reason: 'no-reply' })
    expect(clock.pendingTimers).toBe(0)
  })

  it('sends late output of an interrupted execution to the outside, not into the next one (E-14)', async () => {
    let late: BoardRun | null = null
    const { clock, protocol, output } = await createEnteredRig({
      onRun: (code, run) => {
        if (code !== 'endless') {
          run.print('clean\r\n')
          run.end()
          return
        }
        late = run
        run.onInterrupt = () => {}
      },
    })
    const running = protocol.execute('endless')
    running.catch(() => {})
    await settle()
    expect(await outcome(clock, protocol.interrupt(1_000))).toBe(false)
    const run = late as BoardRun | null
    run?.print('late OK\r\n')
    run?.end()
    await settle()
    expect(output).toMatchObject({ stdout: '', outside: 'late OK\r\n\x04\x04>' })
    await outcome(clock, protocol.execute('next'))
    expect(output.stdout).toBe('clean\r\n')
  })

  it('finds the prompt although the end of the execution got lost', async () => {
    const { board, clock, protocol } = await createEnteredRig({
      onRun: (_, run) => {
        run.onInterrupt = () => {
          // The answer is lost on the way: the board is at its prompt, and nobody knows.
          board.send = () => {}
          run.end(KEYBOARD_INTERRUPT)
          board.send = send
        }
      },
    })
    const send = board.send
    const running = protocol.execute('x')
    running.catch(() => {})
    await settle()
    const { value, tookMs } = await settlesIn(clock, protocol.interrupt(2_000))
    expect(value).toBe(true)
    expect(tookMs).toBeLessThan(1_000)
    const end = await outcome(clock, running)
    expect(end).toMatchObject({ outcome: 'exception', resynchronised: true })
    expect(fromLatin1(end.exception)).toBe('KeyboardInterrupt: \r\n')
  })

  it('stops an upload, and the board executes none of it', async () => {
    const { board, clock, protocol } = await createEnteredRig({ hasBackPressure: false })
    const running = protocol.execute(`y = "${'x'.repeat(10_000)}"`)
    running.catch(() => {})
    await clock.advance(105)
    const { value, tookMs } = await settlesIn(clock, protocol.interrupt(2_000))
    expect(value).toBe(true)
    expect(tookMs).toBeLessThan(100)
    expect(await outcome(clock, running)).toMatchObject({ outcome: 'exception' })
    expect(board.executed).toEqual([])
    expect(board.written.length).toBeLessThan(4_000)
    await outcome(clock, protocol.execute('next'))
    expect(board.executed).toEqual(['next'])
  })

  it('of a board that takes no bytes at all is false', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    board.isBlocked = true
    const running = protocol.execute('x'.repeat(100_000))
    running.catch(() => {})
    await settle()
    expect(await outcome(clock, protocol.interrupt(2_000))).toBe(false)
    expect((await settlesIn(clock, running)).error).toMatchObject({ reason: 'no-reply' })
  })

  it('without an execution proves the prompt', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    expect(await outcome(clock, protocol.interrupt(1_000))).toBe(true)
    board.isDeaf = true
    const { value, tookMs } = await settlesIn(clock, protocol.interrupt(1_000))
    expect(value).toBe(false)
    expect(tookMs).toBe(1_000)
    expect(clock.pendingTimers).toBe(0)
  })

  it('is one, however often it is asked for', async () => {
    const { clock, protocol } = await createEnteredRig(swallows(1))
    const running = protocol.execute('endless')
    await settle()
    const both = Promise.all([protocol.interrupt(2_000), protocol.interrupt(2_000)])
    expect(await outcome(clock, both)).toEqual([true, true])
    expect(await outcome(clock, running)).toMatchObject({ outcome: 'exception' })
  })

  it('during the search for the prompt before a run ends that run', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    board.send('tick')
    await settle()
    board.isDeaf = true
    const running = protocol.execute('x')
    running.catch(() => {})
    await clock.advance(100)
    const interrupting = protocol.interrupt(2_000)
    await clock.advance(200)
    board.isDeaf = false
    expect(await outcome(clock, interrupting)).toBe(true)
    expect(await outcome(clock, running)).toMatchObject({ outcome: 'exception', durationMs: 0 })
    expect(board.executed).toEqual([])
  })

  it('counts the execution as settled when it says true', async () => {
    const { clock, protocol } = await createEnteredRig(swallows(0))
    const order: string[] = []
    const running = protocol.execute('endless').then(() => order.push('executed'))
    await settle()
    const interrupting = protocol.interrupt(2_000).then(() => order.push('interrupted'))
    await outcome(clock, Promise.all([running, interrupting]))
    expect(order).toEqual(['executed', 'interrupted'])
  })
})
