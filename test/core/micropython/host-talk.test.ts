import { describe, expect, it } from 'vitest'
import type { Dialogue, DialogueReader } from '../../../electron/core/micropython/board-talk'
import { settle } from '../../fakes/fake-clock'
import { type BoardRun, type BoardScript, fromLatin1, latin1, withoutEndMarks } from '../../fakes/scripted-board'
import { createEnteredRig, outcome, type Rig, settlesIn } from './protocol-rig'

const MARK = '0123456789abcdef'
const ONE_BYTE: BoardScript['cut'] = bytes => Array.from(bytes, byte => Uint8Array.of(byte))
const TRACEBACK = 'Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\nValueError: no\r\n'

/** Takes all that comes, until the program has said its last word: a full stop. */
class Collector implements DialogueReader {
  text = ''
  private isOver = false

  feed(bytes: Uint8Array): number {
    if (this.isOver) return 0
    const text = fromLatin1(bytes)
    const end = text.indexOf('.')
    this.isOver = end !== -1
    const own = this.isOver ? text.slice(0, end + 1) : text
    this.text += own
    return own.length
  }
}

/** A program that is ready at once, and then gives back what it hears in capitals, up to a full stop. */
const shouts = (code: string, run: BoardRun): void => {
  if (code !== 'talk') {
    run.print('clean\r\n')
    run.end()
    return
  }
  run.print(`hello\r\n${MARK}`)
  let isHeard = false
  run.onInput = character => {
    if (!isHeard) isHeard = character === 'g'
    else {
      run.print(character.toUpperCase())
      if (character === '.') run.end()
    }
  }
}

async function converse(rig: Rig, reader: DialogueReader = new Collector(), timeoutMs = 1_000) {
  return await outcome(rig.clock, rig.protocol.talk.converse('talk', { readyMark: MARK, reader, timeoutMs }))
}

async function dialogueOn(rig: Rig, reader?: DialogueReader): Promise<Dialogue> {
  const begun = await converse(rig, reader)
  if (!('dialogue' in begun)) throw new Error('The program ended before it was ready.')
  return begun.dialogue
}

describe('a question of the app’s own', () => {
  it('is answered with what its code prints and raises, of which nothing is shown', async () => {
    const { clock, protocol, output } = await createEnteredRig({
      onRun: (code, run) => {
        run.print('out\r\n')
        run.end(code === 'fail' ? TRACEBACK : '')
      },
    })
    const { stdout, ...rest } = await outcome(clock, protocol.talk.ask('fail', { timeoutMs: 1_000 }))
    expect({ stdout: fromLatin1(stdout), ...rest }).toEqual({ stdout: 'out\r\n', outcome: 'exception', exception: TRACEBACK })
    expect(await outcome(clock, protocol.talk.ask('ok', { timeoutMs: 1_000 }))).toMatchObject({ outcome: 'ok', exception: '' })
    expect(output).toEqual({ stdout: '', exception: '', outside: '' })
    expect(clock.pendingTimers).toBe(0)
  })

  it.each([
    ['takes too long', (run: BoardRun) => run.print('x')],
    ['answers with too much', (run: BoardRun) => run.print('x'.repeat(20))],
  ])('that %s is interrupted, and the board is there for the next one', async (_, answer) => {
    const { clock, protocol } = await createEnteredRig({ onRun: (code, run) => (code === 'next' ? run.end() : answer(run)) })
    const { error } = await settlesIn(clock, protocol.talk.ask('first', { timeoutMs: 500, maxBytes: 10 }))
    expect(error).toMatchObject({ reason: 'timeout' })
    expect(await outcome(clock, protocol.talk.ask('next', { timeoutMs: 500 }))).toMatchObject({ outcome: 'ok' })
    expect(clock.pendingTimers).toBe(0)
  })

  it('to a board that heeds nothing is an error of its own', async () => {
    const { board, clock, protocol } = await createEnteredRig({ onRun: () => {} })
    const asking = settlesIn(clock, protocol.talk.ask('first', { timeoutMs: 500 }))
    await settle()
    board.isDeaf = true
    expect((await asking).error).toMatchObject({ reason: 'no-reply' })
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('a program that is talked with', () => {
  it('begins when it is ready, however its word is cut, and ends when it says so', async () => {
    for (const cut of [undefined, ONE_BYTE]) {
      const rig = await createEnteredRig({ cut, onRun: shouts })
      const reader = new Collector()
      const dialogue = await dialogueOn(rig, reader)
      await dialogue.write(latin1('abc'))
      await settle()
      expect(reader.text).toBe('ABC')
      await dialogue.write(latin1('d.'))
      expect(await outcome(rig.clock, dialogue.ended)).toMatchObject({ outcome: 'ok', resynchronised: false })
      expect(reader.text).toBe('ABCD.')
      expect(withoutEndMarks(rig.board.written)).toBe('talk\x04gabcd.\x01')
      expect(rig.output).toEqual({ stdout: '', exception: '', outside: '' })
      await outcome(rig.clock, rig.protocol.execute('next'))
      expect(rig.output.stdout).toBe('clean\r\n')
      expect(rig.clock.pendingTimers).toBe(0)
    }
  })

  it('may say what looks like an end of it, and like prompts', async () => {
    const rig = await createEnteredRig({ onRun: shouts })
    const reader = new Collector()
    const dialogue = await dialogueOn(rig, reader)
    const odd = '\x04\x04>\x01OK>>> \r\n\xff'
    rig.board.send(odd)
    await settle()
    expect(reader.text).toBe(odd)
    await dialogue.write(latin1('.'))
    expect(await outcome(rig.clock, dialogue.ended)).toMatchObject({ outcome: 'ok' })
  })

  it.each([
    ['before it is ready', (run: BoardRun) => run.print('no ')],
    ['right after it was', (run: BoardRun) => run.print(`no ${MARK}`)],
  ])('that fails %s is an answer', async (_, before) => {
    for (const cut of [undefined, ONE_BYTE]) {
      const rig = await createEnteredRig({
        cut,
        onRun: (_code, run) => {
          before(run)
          run.end(TRACEBACK)
        },
      })
      const begun = await converse(rig)
      expect(begun).toMatchObject({ answer: { outcome: 'exception', exception: TRACEBACK } })
      expect(rig.board.written).not.toContain('g')
    }
  })

  it('that is not ready in time is interrupted', async () => {
    const rig = await createEnteredRig({ onRun: (_, run) => run.print(MARK.slice(1)) })
    const { error, tookMs } = await settlesIn(
      rig.clock,
      rig.protocol.talk.converse('x', { readyMark: MARK, reader: new Collector(), timeoutMs: 700 }),
    )
    expect(error).toMatchObject({ reason: 'timeout' })
    expect(tookMs).toBeLessThan(1_500)
    expect(rig.clock.pendingTimers).toBe(0)
  })

  it('that raises in the middle ends with its exception, where its reader sees the end', async () => {
    const rig = await createEnteredRig({
      onRun: (_, run) => {
        run.print(MARK)
        run.onInput = () => {
          run.print('half.')
          run.end(TRACEBACK)
        }
      },
    })
    const dialogue = await dialogueOn(rig)
    const end = await outcome(rig.clock, dialogue.ended)
    expect(end.outcome).toBe('exception')
    expect(fromLatin1(end.exception)).toBe(TRACEBACK)
  })

  it('is interrupted although its reader takes all that comes', async () => {
    const rig = await createEnteredRig({ onRun: shouts })
    const dialogue = await dialogueOn(rig, { feed: bytes => bytes.length })
    await dialogue.write(latin1('abc'))
    expect(await outcome(rig.clock, dialogue.interrupt(2_000))).toBe(true)
    expect(await outcome(rig.clock, dialogue.ended)).toMatchObject({ outcome: 'exception' })
    await outcome(rig.clock, rig.protocol.execute('next'))
    expect(rig.output.stdout).toBe('clean\r\n')
    expect(rig.clock.pendingTimers).toBe(0)
  })

  it('that is interrupted as it becomes ready is not begun', async () => {
    let ready = (): void => {}
    const rig = await createEnteredRig({
      onRun: (_, run) => {
        ready = () => run.print(MARK)
      },
    })
    const begun = settlesIn(rig.clock, rig.protocol.talk.converse('x', { readyMark: MARK, reader: new Collector(), timeoutMs: 1_000 }))
    await settle()
    ready()
    const interrupting = rig.protocol.interrupt(2_000)
    expect((await begun).value).toMatchObject({ answer: { outcome: 'exception' } })
    expect(await outcome(rig.clock, interrupting)).toBe(true)
    expect(rig.board.written).not.toContain('g')
  })

  it('is over when the board is lost, and takes nothing more', async () => {
    const rig = await createEnteredRig({ onRun: shouts })
    const dialogue = await dialogueOn(rig)
    const ended = settlesIn(rig.clock, dialogue.ended)
    rig.board.unplug()
    expect((await ended).error).toMatchObject({ reason: 'disconnected' })
    await expect(dialogue.write(latin1('x'))).rejects.toMatchObject({ reason: 'cancelled' })
    expect(rig.clock.pendingTimers + rig.board.listenerCount).toBe(0)
  })

  it('takes nothing more after its end: at the prompt it would be code, or a reset', async () => {
    const rig = await createEnteredRig({ onRun: shouts })
    const dialogue = await dialogueOn(rig)
    await dialogue.write(latin1('.'))
    await outcome(rig.clock, dialogue.ended)
    const { written } = rig.board
    await expect(dialogue.write(latin1('\x04'))).rejects.toMatchObject({ reason: 'cancelled' })
    expect(rig.board.written).toBe(written)
    expect(rig.board.softResets).toBe(0)
  })

  it('never gets what the user writes meanwhile', async () => {
    const rig = await createEnteredRig({ onRun: shouts })
    const reader = new Collector()
    const dialogue = await dialogueOn(rig, reader)
    const written = rig.protocol.write(latin1('user'))
    await dialogue.write(latin1('a'))
    await rig.clock.advance(500)
    expect(reader.text).toBe('A')
    await dialogue.write(latin1('.'))
    await outcome(rig.clock, dialogue.ended)
    await outcome(rig.clock, written)
    expect(reader.text).toBe('A.')
    // As whatever a person types while nothing runs.
    expect(rig.board.written).toMatch(/ga\.\x01user$/)
    await outcome(rig.clock, rig.protocol.execute('next'))
    expect(rig.output.stdout).toBe('clean\r\n')
  })
})
