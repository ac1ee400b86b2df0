import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../fakes/fake-protocol'
import { OpenBench } from './open-bench'
import { failureOf } from './session-bench'

describe('asking for a value', () => {
  const value = (bench: OpenBench, code = '1 + 1') => bench.manager.execute(bench.sessionId, code, { expect: 'json' })

  /** The word that the board is to put around the value. */
  function nonceOf(code: string): string {
    const [, first = '', second = ''] = /\n m='(\w+)'\+'(\w+)'/.exec(code) ?? []
    return first + second
  }

  /** The board prints this around the envelope of the JSON. */
  function answer(bench: OpenBench, json: string, { before = '', after = '' } = {}): void {
    const nonce = nonceOf(bench.board.codes.at(-1) ?? '')
    const text = `${before}${nonce}${json}${nonce}=${bytesOf(json).length}${nonce}${after}`
    for (const char of text) bench.board.print(char)
    bench.board.finish()
  }

  it('B-05, E-16: the value comes apart from what the snippet prints, which is shown without it', async () => {
    const bench = await OpenBench.create()
    const running = value(bench)
    answer(bench, '{"t":21.5,"ok":true,"none":null}', { before: 'measuring\r\n', after: 'done' })
    expect(await running).toMatchObject({ outcome: 'ok', value: { t: 21.5, ok: true, none: null }, stdout: 'measuring\ndone' })
    const shown = bench.outputItems.flatMap(item => (item.type === 'bytes' ? [Buffer.from(item.bytes).toString()] : []))
    expect(shown.join('')).toBe('measuring\r\ndone')
  })

  it('E-16: None is null, and so is a snippet without a last expression, which goes to the board as it is', async () => {
    const bench = await OpenBench.create()
    const running = value(bench)
    answer(bench, 'null')
    expect((await running).value).toBeNull()
    const silent = value(bench, 'x = 1')
    expect(bench.board.codes.at(-1)).toBe('x = 1')
    bench.board.finish()
    expect(await silent).toMatchObject({ outcome: 'ok', value: null })
  })

  it('B-05: bytes and large ints come as they are, where any value is asked for', async () => {
    const bench = await OpenBench.create()
    const running = bench.manager.execute(bench.sessionId, 'b"\\x01", 2 ** 64', { expect: 'value' })
    answer(bench, '["~x01","~i18446744073709551616"]')
    expect((await running).value).toEqual([Uint8Array.of(1), 2n ** 64n])
  })

  it('E-16: a value that does not come fails the execution, not the session', async () => {
    const bench = await OpenBench.create()
    const failing = failureOf(value(bench))
    bench.board.print('no value here')
    bench.board.finish()
    expect((await failing).info).toMatchObject({ code: 'OperationFailed', reason: 'parse', output: 'no value here' })
    expect(bench.info).toMatchObject({ state: 'Idle', fault: null, statistics: { operations: 1, errors: 1 } })
  })

  it('E-17: an exception is a result as ever: no value, no fault, one error', async () => {
    const bench = await OpenBench.create()
    const running = value(bench)
    bench.board.finish({ outcome: 'exception', exception: bytesOf('Traceback\r\nValueError: x\r\n') })
    const result = await running
    expect(result).toMatchObject({ outcome: 'exception', traceback: 'Traceback\nValueError: x\n' })
    expect(result).not.toHaveProperty('value')
    expect(bench.info).toMatchObject({ state: 'Idle', fault: null, statistics: { operations: 1, errors: 1 } })
  })

  it('without being asked for there is none, and nothing is wrapped', async () => {
    const bench = await OpenBench.create()
    const running = bench.run('1 + 1')
    expect(bench.board.codes).toEqual(['1 + 1'])
    bench.board.finish()
    expect(await running).not.toHaveProperty('value')
  })
})

describe('a call that is given up', () => {
  it('G-15, E-15: its signal cancels it, waiting or running; before the call nothing begins', async () => {
    const bench = await OpenBench.create()
    const calls = [new AbortController(), new AbortController()]
    const [running, waiting] = calls.map(({ signal }) => failureOf(bench.manager.execute(bench.sessionId, 'x', { signal })))
    calls[1]?.abort()
    expect((await waiting)?.code).toBe('OperationCancelled')
    expect(bench.board.interrupts).toBe(0)
    calls[0]?.abort()
    expect((await running)?.code).toBe('OperationCancelled')
    expect(bench.board.interrupts).toBe(1)
    const { signal } = calls[0] ?? {}
    expect((await failureOf(bench.manager.execute(bench.sessionId, 'x', { ...(signal && { signal }) }))).code).toBe('OperationCancelled')
    expect(bench.board.codes).toEqual(['x'])
  })

  it('G-15: the limit of a call goes before that of its session, and that before the configured one', async () => {
    const bench = await OpenBench.with({ operationTimeoutMs: 2_000 })
    const own = failureOf(bench.run('x', 1_000))
    await bench.clock.advance(1_000)
    expect((await own).code).toBe('OperationTimeout')
    const sessions = failureOf(bench.run('x', 0))
    await bench.clock.advance(1_999)
    expect(bench.info.state).toBe('Active')
    await bench.clock.advance(1)
    expect((await sessions).code).toBe('OperationTimeout')
  })
})
