import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../../fakes/fake-protocol'
import { OpenBench } from '../open-bench'

const CODEC = { name: 'codec', type: 'textCodec' } as const

describe('the filters of a session', () => {
  it("M-09 M-10 are the configured ones at first, and one session's can be changed without the others", async () => {
    const bench = await OpenBench.create()
    const other = await bench.open('/dev/ttyACM1')
    const namesOf = (sessionId: string) =>
      bench.manager
        .filters(sessionId)
        .list()
        .map(({ name }) => name)
    expect(namesOf(bench.sessionId)).toEqual(['stats', 'logging'])
    await bench.manager.filters(bench.sessionId).add({ name: 'log 2', type: 'logging' }, { at: 'first' })
    expect(namesOf(bench.sessionId)).toEqual(['log 2', 'stats', 'logging'])
    expect(namesOf(other.sessionId)).toEqual(['stats', 'logging'])
  })

  it('M-12 M-13 count nothing themselves: without any of them bytes and messages are counted all the same', async () => {
    const bench = await OpenBench.create()
    await bench.manager.filters(bench.sessionId).clear()
    const before = bench.info.statistics
    bench.transport.deliver(bytesOf('12345'))
    await bench.manager.write(bench.sessionId, 'abc')
    const { bytesIn, bytesOut, messagesIn, messagesOut } = bench.info.statistics
    expect([bytesIn - before.bytesIn, bytesOut - before.bytesOut]).toEqual([5, 3])
    expect([messagesIn - before.messagesIn, messagesOut - before.messagesOut]).toEqual([1, 1])
  })

  it('E-38 a codec comes and goes under a running execution, which it does not touch', async () => {
    const bench = await OpenBench.create()
    const filters = bench.manager.filters(bench.sessionId)
    const running = bench.run()
    await filters.add(CODEC, { at: 'last' })
    bench.transport.deliver(bytesOf('half a line'))
    await filters.remove('codec')
    expect(bench.board.isRunning).toBe(true)
    bench.board.finish()
    expect(await running).toMatchObject({ outcome: 'ok' })
  })

  it("M-11 one that can't be made fails the open, and leaves nothing behind", async () => {
    const bench = new OpenBench()
    const opened = bench.open('/dev/ttyACM0', { options: { filters: [CODEC, { name: 'limit', type: 'rateLimit' }] } })
    await expect(opened).rejects.toMatchObject({ code: expect.stringMatching(/^(OpenFailed|FilterError|InvalidArgument)$/) })
    expect(bench.manager.list({ includeClosed: false })).toEqual([])
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('M-11 hear of a session from its making to its end, and of a board that is lost in between', async () => {
    const bench = await OpenBench.onUsb()
    bench.unplug()
    await bench.clock.advance(2_000)
    await bench.plug()
    await bench.manager.close(bench.sessionId, { mode: 'flush' })
    const lines = bench.logData.flatMap((data, index) => (data.filter === 'logging' ? [bench.logged[index]] : []))
    expect(lines).toEqual([
      'A session was made.',
      'A session is open.',
      'Nothing more comes from the board of a session.',
      'A session is open.',
      'A session begins to close.',
      'A session is closed.',
    ])
  })

  it('M-11 write a line for the open and the close of a session', async () => {
    const bench = await OpenBench.create()
    await bench.manager.close(bench.sessionId, { mode: 'flush' })
    expect(bench.logged.filter(line => line.startsWith('A session is'))).toEqual(['A session is open.', 'A session is closed.'])
  })
})
