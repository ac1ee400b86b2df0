import { describe, expect, it } from 'vitest'
import { CONNECTION_TIMEOUT_MS, OPERATION_TIMEOUT_MS, RECONNECT_DELAY_MS } from '../../../shared/limits'
import { settle } from '../../fakes/fake-clock'
import { bytesOf } from '../../fakes/fake-protocol'
import { OpenBench, PORT } from './open-bench'

const INIT = 'import machine'
const OPTIONS = { options: { initSnippet: INIT } }

/** Boards answer the first snippet at once, and nothing else. */
function answering(bench: OpenBench, answer: Parameters<typeof bytesOf>[0] | 'ok' = 'ok'): void {
  bench.protocols.prepare = protocol => {
    protocol.answer = code => {
      if (code !== INIT) return null
      protocol.print('ready\r\n')
      return answer === 'ok' ? {} : { outcome: 'exception', exception: bytesOf(answer) }
    }
  }
}

describe('handing a session over', () => {
  it('B-22: the first snippet runs after the connect, before anything of the user, and the state stays Connected', async () => {
    const bench = await OpenBench.with({ initSnippet: INIT }, answering)
    expect(bench.board.codes).toEqual([INIT])
    expect(bench.info).toMatchObject({ state: 'Connected', statistics: { operations: 0 }, queuedExecutions: 0 })
    expect(bench.outputItems).toMatchObject([{ type: 'bytes', channel: 'stdout', bytes: bytesOf('ready\r\n') }])
    expect(bench.story().at(-1)).toBe('connected')
  })

  it('B-22: the open waits for it, and so does what a listener runs when it hears of the connect', async () => {
    const bench = new OpenBench()
    const runs: Promise<unknown>[] = []
    bench.manager.onEvent(event => {
      if (event.type === 'connected') runs.push(bench.manager.execute(event.sessionId, 'mine', {}))
    })
    let isOpen = false
    const opening = bench.open(PORT, OPTIONS).then(() => {
      isOpen = true
    })
    await settle()
    expect(bench.board.codes).toEqual([INIT])
    expect(isOpen).toBe(false)
    bench.board.finish()
    await settle()
    expect(isOpen).toBe(true)
    expect(bench.board.codes).toEqual([INIT, 'mine'])
    bench.board.finish()
    await Promise.all([...runs, opening])
  })

  it('B-22: it runs after every connect', async () => {
    const bench = await OpenBench.onUsb({ initSnippet: INIT }, answering)
    bench.transport.unplug()
    await bench.clock.advance(RECONNECT_DELAY_MS)
    expect(bench.protocols.made.map(protocol => protocol.codes)).toEqual([[INIT], [INIT]])
    expect(bench.info.state).toBe('Connected')
  })

  it('B-24: an exception in it is told, and the session is kept', async () => {
    const bench = await OpenBench.with({ initSnippet: INIT }, board => answering(board, 'Traceback\r\nImportError: no module\r\n'))
    const error = bench.events.find(event => event.type === 'error')
    expect(error).toMatchObject({ snapshot: { state: 'Connected', fault: null } })
    expect(error?.message).toContain('ImportError: no module')
    expect(bench.logged).toContain('A session was not prepared as it should be.')
    expect(bench.outputItems.at(-1)).toMatchObject({ type: 'note', tone: 'warn' })
    expect(bench.info.state).toBe('Connected')
  })

  it('what was wrong with it is not told again where it was not run again', async () => {
    const bench = await OpenBench.onUsb({ initSnippet: INIT }, board => answering(board, 'Traceback\r\nImportError: no module\r\n'))
    await bench.manager.watch(bench.sessionId)
    bench.events.length = 0
    bench.transport.unplug()
    await bench.clock.advance(RECONNECT_DELAY_MS)
    expect(bench.info).toMatchObject({ state: 'Connected', attachment: 'watching' })
    expect(bench.board.codes).toEqual([])
    expect(bench.events.map(({ message }) => message ?? '').join()).not.toContain('first snippet')
    expect(bench.outputItems.filter(item => item.type === 'note' && item.text.includes('first snippet'))).toHaveLength(1)
  })

  it('one that runs too long is interrupted', async () => {
    const bench = new OpenBench()
    const opening = bench.open(PORT, OPTIONS)
    await bench.clock.advance(OPERATION_TIMEOUT_MS)
    expect(await opening).toMatchObject({ state: 'Connected', fault: null })
    expect(bench.board.interrupts).toBe(1)
    expect(bench.events.find(event => event.type === 'error')?.message).toMatch(/first snippet.*limit/)
  })

  it('T8: a board that is lost in the middle of it is lost like any other', async () => {
    const bench = new OpenBench()
    const opening = bench.open(PORT, OPTIONS)
    await settle()
    bench.transport.unplug()
    expect(await opening).toMatchObject({ state: 'Error', fault: { code: 'OperationFailed', final: false } })
    expect(bench.events.filter(event => event.type === 'error')).toHaveLength(1)
    expect(bench.manager.status).toMatchObject({ open: 1, totalOpened: 1 })
  })

  it('a close in the middle of it is a close', async () => {
    const bench = new OpenBench()
    const opening = bench.open(PORT, OPTIONS)
    await settle()
    expect(await bench.manager.close(bench.latestId, { mode: 'now' })).toMatchObject({ reason: 'client-close', killed: false })
    expect((await opening).state).not.toBe('Connected')
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('E-31: hooks are awaited, for as long as a connect may take; one that fails or hangs is told, and the session is kept', async () => {
    const bench = new OpenBench()
    bench.manager.addHook({
      connected: () => new Promise(() => {}),
    })
    bench.manager.addHook({
      connected: async () => {
        throw new Error('a broken hook')
      },
    })
    let isOpen = false
    const opening = bench.open(PORT).then(snapshot => {
      isOpen = true
      return snapshot
    })
    await bench.clock.advance(CONNECTION_TIMEOUT_MS - 1)
    expect(isOpen).toBe(false)
    await bench.clock.advance(1)
    expect(await opening).toMatchObject({ state: 'Connected', fault: null })
    const messages = bench.events.filter(event => event.type === 'error').map(event => event.message)
    expect(messages).toHaveLength(2)
    expect(messages.join()).toContain('a broken hook')
  })
})
