import { describe, expect, it } from 'vitest'
import { settle } from '../../fakes/fake-clock'
import { type BoardRun, type BoardScript, fromLatin1, latin1, withoutEndMarks } from '../../fakes/scripted-board'
import { createEnteredRig, outcome, settlesIn, visible } from './protocol-rig'

const ONE_BYTE: BoardScript['cut'] = bytes => Array.from(bytes, byte => Uint8Array.of(byte))
const TRACEBACK = 'Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\nValueError: no\r\n'

/** A script that prints what the snippet says, as far as the scripted board understands it. */
function prints(text: string): BoardScript {
  return {
    onRun: (_, run) => {
      run.print(text)
      run.end()
    },
  }
}

describe('an execution', () => {
  it('sends the code and 04, and streams output until the prompt', async () => {
    let run: BoardRun | null = null
    const { board, clock, protocol, output } = await createEnteredRig({
      onRun: (_, started) => {
        run = started
        started.print('one\r\n')
      },
    })
    const running = protocol.execute('print("one")\nwork()')
    await settle()
    expect(output.stdout).toBe('one\r\n')
    expect(withoutEndMarks(board.written)).toBe('print("one")\nwork()\x04')
    await clock.advance(1_234)
    const started = run as BoardRun | null
    started?.print('two\r\n')
    started?.end()
    const end = await outcome(clock, running)
    expect(output).toEqual({ stdout: 'one\r\ntwo\r\n', exception: '', outside: '' })
    expect({ ...end, exception: fromLatin1(end.exception) }).toEqual({
      outcome: 'ok',
      exception: '',
      durationMs: 1_234,
      resynchronised: false,
      restarted: false,
    })
    expect(clock.pendingTimers).toBe(0)
  })

  it('needs no more than its code, and no time of its own', async () => {
    const { board, clock, protocol } = await createEnteredRig(prints('1\r\n'))
    for (let count = 0; count < 3; count++) {
      const { tookMs } = await settlesIn(clock, protocol.execute('print(1)'))
      expect(tookMs).toBe(0)
    }
    expect(withoutEndMarks(board.written)).toBe('print(1)\x04'.repeat(3))
  })

  it('tells an uncaught exception from output', async () => {
    const { clock, protocol, output } = await createEnteredRig({
      onRun: (_, run) => {
        run.print('before\r\n')
        run.end(TRACEBACK)
      },
    })
    const end = await outcome(clock, protocol.execute('fail()'))
    expect(end.outcome).toBe('exception')
    expect(fromLatin1(end.exception)).toBe(TRACEBACK)
    expect(output).toEqual({ stdout: 'before\r\n', exception: TRACEBACK, outside: '' })
  })

  it('says that sys.exit() restarted the interpreter, and goes on', async () => {
    const { clock, protocol, output } = await createEnteredRig({ onRun: (code, run) => (code === 'exit' ? run.exit() : run.end()) })
    const end = await outcome(clock, protocol.execute('exit'))
    expect(end).toMatchObject({ outcome: 'ok', restarted: true, resynchronised: false })
    expect(output.outside).toBe('MPY: soft reboot\r\n')
    expect(await outcome(clock, protocol.execute('next'))).toMatchObject({ outcome: 'ok', restarted: false })
  })

  it('carries code in UTF-8', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    await outcome(clock, protocol.execute('print("Grüße 👋")'))
    expect(Buffer.from(board.executed[0] ?? '', 'latin1').toString('utf8')).toBe('print("Grüße 👋")')
  })

  it('of nothing runs an empty line and is no soft reset', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    await outcome(clock, protocol.execute(''))
    expect(board.executed).toEqual(['\n'])
    expect(board.softResets).toBe(0)
  })

  it.each([
    ['a\x04', 1, 2, '04'],
    ['x = 1\r\nüü👋\x03', 2, 4, '03'],
    ['\n\r\r\n \x00', 4, 2, '00'],
    ['\x01', 1, 1, '01'],
    ['"\x02"', 1, 2, '02'],
    ['\x05A', 1, 1, '05'],
  ])('of %j is refused before a byte is written', async (code, line, column, byte) => {
    const { board, clock, protocol } = await createEnteredRig()
    const { error } = await settlesIn(clock, protocol.execute(code))
    expect(error).toMatchObject({
      reason: 'control-character',
      message: expect.stringContaining(`line ${line}, column ${column} holds the control character ${byte} `),
    })
    expect(board.writes).toEqual([])
    await outcome(clock, protocol.execute('\t# \x06\x1b\x7f\r\n'))
    expect(board.executed).toHaveLength(1)
  })

  it('refuses a second one at the same time', async () => {
    const { protocol } = await createEnteredRig({ onRun: () => {} })
    const first = protocol.execute('1')
    first.catch(() => {})
    await expect(protocol.execute('2')).rejects.toThrow('busy')
    protocol.dispose()
  })

  it('sends large code at once where the link pushes back', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    const code = `x = "${'y'.repeat(1024 * 1024)}"`
    const { tookMs } = await settlesIn(clock, protocol.execute(code))
    expect(tookMs).toBe(0)
    expect(board.executed).toEqual([code])
    expect(Math.max(...board.writes.map(bytes => bytes.length))).toBeLessThanOrEqual(16 * 1024)
  })

  it('is paced where the link does not push back', async () => {
    const { board, clock, protocol } = await createEnteredRig({ hasBackPressure: false })
    const code = `x = "${'y'.repeat(10 * 256)}"`
    const { tookMs } = await settlesIn(clock, protocol.execute(code))
    expect(tookMs).toBe(100)
    expect(board.executed).toEqual([code])
    expect(Math.max(...board.writes.map(bytes => bytes.length))).toBe(256)
    expect(clock.pendingTimers).toBe(0)
  })

  it.each([255, 256, 257, 511, 512])('of %i bytes is executed once, whatever the pieces', async length => {
    const { board, clock, protocol } = await createEnteredRig({ hasBackPressure: false })
    await outcome(clock, protocol.execute('#'.repeat(length)))
    expect(board.executed).toEqual(['#'.repeat(length)])
    expect(board.softResets).toBe(0)
  })
})

describe('output that holds bytes of the protocol', () => {
  it.each([
    'a\x04b\r\n',
    '\x04\r\n',
    '\x04\x04>\r\n',
    '\x04\x04>raw REPL; CTRL-B to exit\r\n>\r\n',
    '\x04x\x04>',
    'OK>\r\nOK\x04\x04\x04>>>',
    '\x04'.repeat(1_000),
  ])('%j is delivered whole, and the next run is clean', async text => {
    for (const cut of [undefined, ONE_BYTE]) {
      let runs = 0
      const { clock, protocol, output } = await createEnteredRig({
        cut,
        onRun: (_, run) => {
          run.print(runs++ === 0 ? text : 'clean\r\n')
          run.end()
        },
      })
      const first = await outcome(clock, protocol.execute('first'))
      expect(first).toMatchObject({ outcome: 'ok', resynchronised: true })
      expect(output).toEqual({ stdout: text, exception: '', outside: '' })
      output.stdout = ''
      expect(await outcome(clock, protocol.execute('second'))).toMatchObject({ outcome: 'ok', resynchronised: false })
      expect(output).toEqual({ stdout: 'clean\r\n', exception: '', outside: '' })
    }
  })

  it('does not end a run that goes on after something like an end', async () => {
    const { board, clock, protocol, output } = await createEnteredRig({
      onRun: (_, run) => {
        run.print('\x04\x04>')
        run.onInterrupt = () => {}
        clockOf().after(3_000, () => {
          run.print('the rest\r\n')
          run.end()
        })
      },
    })
    function clockOf(): typeof clock {
      return clock
    }
    const running = protocol.execute('work()')
    let isEnded = false
    running.then(() => {
      isEnded = true
    })
    await clock.advance(2_900)
    expect(isEnded).toBe(false)
    expect(visible(withoutEndMarks(board.written))).toMatch(/^work\(\)<04>(<01>)+$/)
    const end = await outcome(clock, running)
    expect(end).toMatchObject({ outcome: 'ok', resynchronised: true, durationMs: 3_000 })
    expect(output.stdout).toBe('\x04\x04>the rest\r\n')
  })

  it('is an exception even when only its last line can be told', async () => {
    const { clock, protocol } = await createEnteredRig({ onRun: (_, run) => run.end('Traceback \r\nValueError: a\x04b\r\n') })
    expect(await outcome(clock, protocol.execute('x'))).toMatchObject({ outcome: 'exception', resynchronised: true })
  })
})

describe('a board that is not where it was left', () => {
  it('gets its prompt proved again before code is sent, after a word from outside', async () => {
    const { board, clock, protocol, output } = await createEnteredRig()
    board.send('tick\r\n')
    await settle()
    expect(output.outside).toBe('tick\r\n')
    await outcome(clock, protocol.execute('work()'))
    expect(visible(withoutEndMarks(board.written))).toMatch(/^<03><01>\{\}\['\w+'\+'\w+'\]<04>work\(\)<04>$/)
    board.written = ''
    await outcome(clock, protocol.execute('more()'))
    expect(withoutEndMarks(board.written)).toBe('more()\x04')
  })

  it('is brought back from the friendly prompt after its reset button was pressed', async () => {
    const { board, clock, protocol, output } = await createEnteredRig()
    board.reset()
    await settle()
    expect(output.outside).toContain('MicroPython v1.27.0')
    await outcome(clock, protocol.execute('work()'))
    expect(board.executed).toEqual(['work()'])
  })

  it('that restarts during a run ends it with `restarted`, never with ok', async () => {
    const { board, clock, protocol, output } = await createEnteredRig({ onRun: (_, run) => run.print('half\r\n') })
    const running = protocol.execute('work()')
    await settle()
    board.reset()
    const { error, tookMs } = await settlesIn(clock, running)
    expect(error).toMatchObject({ reason: 'restarted', message: 'The board on /dev/ttyTEST0 restarted before the snippet ended.' })
    expect(tookMs).toBeLessThan(500)
    expect(output.stdout).toContain('half\r\n')
    expect(clock.pendingTimers).toBe(0)
    expect(await protocol.interrupt(1_000)).toBe(true)
  })

  it('that restarts during an upload does not get the rest of the code', async () => {
    const { board, clock, protocol } = await createEnteredRig({ hasBackPressure: false })
    const running = protocol.execute('#'.repeat(5_000))
    running.catch(() => {})
    await clock.advance(55)
    board.reset()
    const { error } = await settlesIn(clock, running)
    expect(error).toMatchObject({ reason: 'restarted' })
    expect(board.written.length).toBeLessThan(2_000)
  })

  it('that prints its start-up banner without restarting is not taken for restarted', async () => {
    const { clock, protocol, output } = await createEnteredRig({
      onRun: (_, run) => {
        run.print('Type "help()" for more information.\r\n>>> ')
        clockOf().after(100, () => run.end())
      },
    })
    function clockOf(): typeof clock {
      return clock
    }
    expect(await outcome(clock, protocol.execute('x'))).toMatchObject({ outcome: 'ok', restarted: false })
    expect(output.stdout).toBe('Type "help()" for more information.\r\n>>> ')
  })

  it('that is slow to answer is asked again, and nothing is left over', async () => {
    const { board, clock, protocol, output } = await createEnteredRig({ onRun: (_, run) => run.end() })
    const running = protocol.execute('x')
    await Promise.resolve()
    board.isDeaf = true
    await clock.advance(400)
    board.isDeaf = false
    expect(await outcome(clock, running)).toMatchObject({ outcome: 'ok', resynchronised: false })
    expect(output).toEqual({ stdout: '', exception: '', outside: '' })
  })
})

describe('the end of the conversation', () => {
  it('rejects what runs with `disconnected` when the board is unplugged (E-02)', async () => {
    const { board, clock, protocol, output } = await createEnteredRig({
      onRun: (_, run) => run.print(`out\x04${TRACEBACK.slice(0, 20)}`),
    })
    const running = settlesIn(clock, protocol.execute('x'))
    await settle()
    const interrupting = settlesIn(clock, protocol.interrupt(1_000))
    board.unplug()
    expect((await running).error).toMatchObject({ reason: 'disconnected' })
    expect((await interrupting).error).toMatchObject({ reason: 'disconnected' })
    expect(output.stdout).toBe(`out\x04${TRACEBACK.slice(0, 20)}`)
    expect(clock.pendingTimers + board.listenerCount).toBe(0)
  })

  it('rejects what runs with `cancelled` on dispose, and leaves no listener and no timer', async () => {
    for (const hasBackPressure of [true, false]) {
      const { board, clock, protocol } = await createEnteredRig({ hasBackPressure, onRun: () => {} })
      expect(board.listenerCount).toBe(2)
      const running = protocol.execute('x'.repeat(2_000))
      await clock.advance(15)
      protocol.dispose()
      protocol.dispose()
      expect((await settlesIn(clock, running)).error).toMatchObject({ reason: 'cancelled' })
      await settle()
      expect(clock.pendingTimers + board.listenerCount).toBe(0)
      await expect(protocol.execute('y')).rejects.toMatchObject({ reason: 'cancelled' })
    }
  })

  it('rejects with the write’s own error when a write fails', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    board.isOpen = false
    expect((await settlesIn(clock, protocol.execute('x'))).error).toMatchObject({ reason: 'disconnected' })
    expect(clock.pendingTimers + board.listenerCount).toBe(0)
  })

  it('does not wait for a write that the board does not take', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    board.isBlocked = true
    const running = protocol.execute('x'.repeat(100_000))
    await settle()
    protocol.dispose()
    expect((await settlesIn(clock, running)).error).toMatchObject({ reason: 'cancelled' })
    board.kill()
  })
})

describe('pieces', () => {
  it('of one byte give the same as all at once', async () => {
    const results = []
    for (const cut of [undefined, ONE_BYTE]) {
      const { clock, protocol, output } = await createEnteredRig({
        cut,
        onRun: (_, run) => {
          run.print('a\r\nOK>\r\n')
          run.end(TRACEBACK)
        },
      })
      const end = await outcome(clock, protocol.execute('x'))
      results.push({ end, output })
    }
    expect(results[1]).toEqual(results[0])
    expect(latin1(TRACEBACK)).toEqual(results[0]?.end.exception)
  })
})
