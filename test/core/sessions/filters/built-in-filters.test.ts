import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../../electron/core/config/default-settings'
import type { FilterSpec } from '../../../../shared/model'
import { settle } from '../../../fakes/fake-clock'
import { bytes, ChainBench } from './chain-bench'

describe('the filter stats', () => {
  it('M-09 measures per event how often, and how long the rest of the way took', async () => {
    const bench = new ChainBench()
    await bench.chain.add({ name: 'stats', type: 'stats' })
    await bench.add('takes time', {
      async received(message, next) {
        await bench.clock.advance(Number(Buffer.from(message as Uint8Array).toString()))
        await next(message)
      },
    })
    for (const durationMs of ['10', '30', '20']) {
      bench.chain.receive(bytes(durationMs))
      await settle()
    }
    await bench.chain.send('x')
    bench.chain.idle('read', 1)
    await bench.chain.created()
    bench.chain.inputClosed()
    bench.chain.closing()
    expect(bench.report('stats')).toEqual({
      'Created: calls': '1',
      'Received: calls': '3',
      'Received: total': '60.000 ms',
      'Received: average': '20.000 ms',
      'Received: shortest': '10.000 ms',
      'Received: longest': '30.000 ms',
      'Sent: calls': '1',
      'Sent: total': '0.000 ms',
      'Sent: average': '0.000 ms',
      'Sent: shortest': '0.000 ms',
      'Sent: longest': '0.000 ms',
      'Input closed: calls': '1',
      'Closing: calls': '1',
      'Idle: calls': '1',
    })
  })
})

describe('the filter logging', () => {
  async function logging(
    settings: FilterSpec['settings'] = {},
    logged: Partial<typeof DEFAULT_SETTINGS.logging> = {},
  ): Promise<ChainBench> {
    const bench = new ChainBench()
    bench.settings = { ...DEFAULT_SETTINGS, logging: { ...DEFAULT_SETTINGS.logging, ...logged } }
    await bench.chain.add({ name: 'log', type: 'logging', settings })
    return bench
  }

  async function everything(bench: ChainBench): Promise<void> {
    await bench.chain.opened()
    bench.chain.receive(bytes('secret in'))
    await bench.chain.send('secret out')
    bench.chain.idle('write', 2)
    bench.chain.exception(new Error('trouble'))
    await bench.chain.closed()
  }

  it('M-10 writes a line per event, but none per message unless debugging is on', async () => {
    const bench = await logging()
    await everything(bench)
    expect(bench.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'info A session is open.',
      'info A session is idle.',
      'warn A filter of a session failed.',
      'info A session is closed.',
    ])
    expect(bench.lines[1]?.data).toEqual({ sessionId: 'session-1', filter: 'log', kind: 'write', count: 2 })
    expect(bench.report('log')).toEqual({ 'Lines logged': '4' })

    const debugging = await logging({}, { level: 'debug' })
    await everything(debugging)
    expect(debugging.lines.map(({ level }) => level)).toEqual(['info', 'debug', 'debug', 'info', 'warn', 'info'])
  })

  it('keeps what messages say to itself, unless the configuration allows it', async () => {
    const bench = await logging({ received: 'info', sent: 'warn' })
    await everything(bench)
    expect(bench.lines.filter(({ data }) => 'bytes' in data).map(({ level, data }) => [level, data.bytes])).toEqual([
      ['info', 9],
      ['warn', 10],
    ])
    expect(JSON.stringify(bench.lines)).not.toContain('secret')

    const open = await logging({ received: 'info' }, { snippets: true })
    open.chain.receive(bytes('secret in'))
    expect(open.lines[0]?.data).toMatchObject({ bytes: 9, text: 'secret in' })
  })

  it('shows 256 bytes of a message at most', async () => {
    const bench = await logging({ received: 'info', sent: 'info' }, { snippets: true })
    await bench.chain.add({ name: 'codec', type: 'textCodec' }, { before: 'log' })
    bench.chain.receive(bytes(`${'ä'.repeat(400)}\n`))
    await bench.chain.remove('codec')
    bench.chain.receive(bytes('x'.repeat(1_000)))
    expect(bench.lines.map(({ data }) => data)).toMatchObject([
      { characters: 400, text: 'ä'.repeat(128) },
      { bytes: 1_000, text: 'x'.repeat(256) },
    ])
  })

  it('takes a level for each event, or none', async () => {
    const bench = await logging({ opened: 'off', closed: 'error', idle: 'warn', exception: 'off' })
    await everything(bench)
    expect(bench.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn A session is idle.',
      'error A session is closed.',
    ])
  })

  it('follows a level that changes while it runs', async () => {
    const bench = await logging({}, { level: 'error' })
    bench.chain.idle('read', 1)
    expect(bench.lines).toEqual([])
    bench.settings = DEFAULT_SETTINGS
    bench.chain.idle('read', 2)
    expect(bench.lines).toHaveLength(1)
  })
})

describe('the filter rateLimit', () => {
  async function limited(settings: FilterSpec['settings']): Promise<ChainBench> {
    const bench = new ChainBench()
    await bench.chain.add({ name: 'limit', type: 'rateLimit', settings })
    return bench
  }

  it('M-09 delays what goes out beyond the burst, in order, and drops nothing', async () => {
    const bench = await limited({ bytesPerSecond: 100, burst: 10 })
    const text = 'abcdefghijklmnopqrstuvwxyz'
    let isWritten = false
    const written = bench.chain.sendBytes(bytes(text)).then(() => {
      isWritten = true
    })
    const second = bench.chain.send('12345')
    await settle()
    expect(bench.port).toEqual(['abcdefghij'])
    expect(bench.chain.pendingWriteBytes).toBe(21)
    await bench.clock.advance(99)
    expect(bench.port).toHaveLength(1)
    await bench.clock.advance(1)
    expect(bench.port).toEqual(['abcdefghij', 'klmnopqrst'])
    expect(isWritten).toBe(false)
    await bench.clock.advance(60)
    await written
    expect(bench.port.join('')).toBe(text)
    await bench.clock.advance(50)
    await second
    expect(bench.port.join('')).toBe(`${text}12345`)
    expect(bench.report('limit')).toMatchObject({ Limit: '100 B/s', Burst: '10 B', 'Sending delayed': '210 ms' })
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('lets a burst through after a pause', async () => {
    const bench = await limited({ bytesPerSecond: 100 })
    await bench.chain.send('x'.repeat(100))
    void bench.chain.send('y')
    await settle()
    expect(bench.port).toHaveLength(1)
    await bench.clock.advance(5_000)
    await bench.chain.send('z'.repeat(100))
    expect(bench.port).toHaveLength(3)
  })

  it('M-09 pauses the port while more has come in than may, and hands on at once what is there', async () => {
    const bench = await limited({ bytesPerSecond: 100, burst: 50 })
    bench.chain.receive(bytes('x'.repeat(50)))
    expect(bench.pauses).toEqual([])
    bench.chain.receive(bytes('y'.repeat(100)))
    expect(bench.readers.join('')).toHaveLength(150)
    expect(bench.pauses).toEqual([true])
    // What was read before the port rested comes all the same.
    bench.chain.receive(bytes('z'.repeat(20)))
    await bench.clock.advance(1_199)
    expect(bench.pauses).toEqual([true])
    await bench.clock.advance(1)
    expect(bench.pauses.at(-1)).toBe(false)
    expect(bench.chain.isPaused).toBe(false)
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it.each(['remove', 'dispose', 'abandon'] as const)('leaves neither a wait nor a paused port behind at %s', async how => {
    const bench = await limited({ bytesPerSecond: 1 })
    bench.chain.receive(bytes('xxxx'))
    const written = bench.chain.sendBytes(bytes('yyyy'))
    const outcome = written.then(
      () => 'written',
      (error: Error) => error.message,
    )
    if (how === 'remove') await bench.chain.remove('limit')
    if (how === 'dispose') await bench.chain.dispose()
    if (how === 'abandon') bench.chain.abandon(new Error('unplugged'))
    await settle()
    expect(bench.clock.pendingTimers).toBe(0)
    expect(bench.chain.isPaused).toBe(false)
    // Without its limit a write goes on at once; without its connection it goes nowhere.
    expect(bench.port.join('')).toBe(how === 'remove' ? 'yyyy' : 'y')
    expect(await outcome).toMatch({ remove: /^written$/, dispose: /closed/, abandon: /^unplugged$/ }[how])
  })

  it('limits a new connection after one was lost', async () => {
    const bench = await limited({ bytesPerSecond: 10 })
    bench.chain.sendBytes(bytes('x'.repeat(30))).catch(() => {})
    bench.chain.abandon(new Error('unplugged'))
    await bench.clock.advance(1_000)
    expect(bench.port.join('')).toHaveLength(10)
    void bench.chain.sendBytes(bytes('y'.repeat(20)))
    await settle()
    expect(bench.port.join('')).toBe('x'.repeat(10) + 'y'.repeat(10))
  })

  it('is off at 0, which is what the configuration says at first', async () => {
    const bench = await limited({})
    bench.chain.receive(new Uint8Array(100_000))
    await bench.chain.sendBytes(new Uint8Array(100_000))
    expect(bench.pauses).toEqual([])
    expect(bench.report('limit')).toEqual({ Limit: 'off' })
  })

  it('takes its defaults from the configuration', async () => {
    const bench = new ChainBench()
    bench.settings = { ...DEFAULT_SETTINGS, filters: { ...DEFAULT_SETTINGS.filters, rateLimit: { bytesPerSecond: 7, burst: 3 } } }
    await bench.chain.add({ name: 'limit', type: 'rateLimit' })
    expect(bench.report('limit')).toMatchObject({ Limit: '7 B/s', Burst: '3 B' })
  })
})

describe('settings of filters', () => {
  it.each<[string, FilterSpec]>([
    ['one that the type does not have', { name: 'x', type: 'stats', settings: { colour: 'red' } }],
    ['one of another type', { name: 'x', type: 'rateLimit', settings: { delimiter: ';' } }],
    ['a name from the prototype', { name: 'x', type: 'rateLimit', settings: { toString: 1 } }],
    ['a rate below 0', { name: 'x', type: 'rateLimit', settings: { bytesPerSecond: -1 } }],
    ['a rate that is no whole number', { name: 'x', type: 'rateLimit', settings: { bytesPerSecond: Number.NaN } }],
    ['a rate as text', { name: 'x', type: 'rateLimit', settings: { bytesPerSecond: '9' } }],
    ['an empty delimiter', { name: 'x', type: 'textCodec', settings: { delimiter: '' } }],
    ['a line without end', { name: 'x', type: 'textCodec', settings: { maxLineLength: Number.POSITIVE_INFINITY } }],
    ['an unknown level', { name: 'x', type: 'logging', settings: { received: 'loud' } }],
    ['an unknown event', { name: 'x', type: 'logging', settings: { recieved: 'info' } }],
  ])('refuse %s', async (_, spec) => {
    const bench = new ChainBench()
    await expect(bench.chain.add(spec)).rejects.toMatchObject({
      code: 'InvalidArgument',
      info: { message: expect.stringMatching(/^\S.*\.$/) },
    })
    expect(bench.names).toEqual([])
  })
})
