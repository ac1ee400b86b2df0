import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message, Next } from '../../../../electron/core/sessions/filters/filter'
import { FILTER_LEAVE_MS, FILTER_QUEUE_BYTES } from '../../../../shared/limits'
import { settle } from '../../../fakes/fake-clock'
import { bytes, ChainBench, Gate } from './chain-bench'

const CODEC = { name: 'codec', type: 'textCodec' } as const

/** Marks what passes, so that a message tells which way it has gone. */
function marking(name: string) {
  const mark = (message: Message): Message => (typeof message === 'string' ? `${message}${name}` : bytes(`${Buffer.from(message)}${name}`))
  return {
    received: (message: Message, next: Next) => next(mark(message)),
    sent: (message: Message, next: Next) => next(mark(message)),
  }
}

describe('the way of messages through a chain', () => {
  it('M-09 goes inwards from the port to the readers and outwards the other way', async () => {
    const bench = new ChainBench()
    for (const name of ['1', '2', '3']) await bench.add(name, marking(name))

    bench.chain.receive(bytes('in'))
    await bench.chain.send(bytes('out'))

    expect(bench.readers).toEqual(['in123'])
    expect(bench.port).toEqual(['out321'])
  })

  it('M-09 lets the protocol read and write at the end of the bytes part, so that a codec does not disturb it', async () => {
    const bench = new ChainBench()
    await bench.add('1', marking('1'))
    await bench.chain.add(CODEC)
    await bench.add('2', marking('2'))

    bench.chain.receive(bytes('OK\x04\x04>'))
    bench.chain.receive(bytes('line\nnext'))
    await bench.chain.sendBytes(bytes('\x03'))
    await bench.chain.send('help')

    expect(bench.protocol).toEqual(['OK\x04\x04>1', 'line\nnext1'])
    expect(bench.readers).toEqual(["'OK\x04\x04>1line2'"])
    // A text of its own goes through all of the chain, the protocol's bytes through the bytes part alone.
    expect(bench.port).toEqual(['\x031', 'help2\n1'])
  })

  it('passes bytes to readers and takes text as UTF-8 where there is no codec', async () => {
    const bench = new ChainBench()
    bench.chain.receive(bytes('ä'))
    await bench.chain.send('ü')
    expect(bench.all).toEqual(['protocol Ã¤', 'readers Ã¤', 'port Ã¼'])
  })

  it('goes all of its way within the call where no filter waits', async () => {
    const bench = new ChainBench()
    await bench.chain.install(bench.settings.session.filters)
    bench.chain.receive(bytes('a'))
    expect(bench.readers).toEqual(['a'])
    const answer = Promise.resolve()
    bench.onWrite = () => answer
    // Not even a promise is made for it.
    expect(bench.chain.sendBytes(bytes('b'))).toBe(answer)
    expect(bench.port).toEqual(['b'])
  })

  it('answers a write with what the port says', async () => {
    const bench = new ChainBench()
    const gate = new Gate()
    bench.onWrite = () => gate.opened
    let isWritten = false
    const written = bench.chain.sendBytes(bytes('a')).then(() => {
      isWritten = true
    })
    // The port's answer keeps nothing waiting: the port has an order of its own.
    void bench.chain.sendBytes(bytes('b'))
    await settle()
    expect(bench.port).toEqual(['a', 'b'])
    expect(isWritten).toBe(false)
    gate.open()
    await written

    const refused = new Error('gone')
    bench.onWrite = () => Promise.reject(refused)
    await expect(bench.chain.send('c')).rejects.toBe(refused)
    expect(bench.exceptions).toEqual([])
  })

  it('waits for filters that wait, and no message overtakes another (any mix of them)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ waits: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), out: fc.boolean() })),
        async messages => {
          const bench = new ChainBench()
          for (const place of [0, 1, 2]) {
            const go = (message: Message, next: Next): void | Promise<void> => {
              const { waits } = messages[Number(Buffer.from(message as Uint8Array).toString())] ?? { waits: [] }
              return waits[place] ? settle().then(() => next(message)) : next(message)
            }
            await bench.add(`${place}`, { received: go, sent: go })
          }
          const written = messages.map(({ out }, index) => {
            if (!out) bench.chain.receive(bytes(`${index}`))
            return out ? bench.chain.sendBytes(bytes(`${index}`)) : null
          })
          await Promise.all(written)
          await settle()
          for (let turn = 0; turn < messages.length * 3; turn++) await settle()
          const indexes = (out: boolean) => messages.flatMap((message, index) => (message.out === out ? [`${index}`] : []))
          expect(bench.readers).toEqual(indexes(false))
          expect(bench.port).toEqual(indexes(true))
          expect(bench.chain.pendingWrites).toBe(0)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('takes what a filter hands on when its message is long done with', async () => {
    const bench = new ChainBench()
    const later = (message: Message, next: Next): void => {
      bench.clock.after(1_000, () => next(message))
    }
    let isBroken = false
    await bench.add('port side', {
      sent(message, next) {
        if (isBroken) throw new Error('broken')
        return next(message)
      },
    })
    await bench.add('late', { received: later, sent: later })
    bench.onWrite = () => Promise.reject(new Error('gone'))
    bench.chain.receive(bytes('in'))
    await bench.chain.send('out')
    expect(bench.port).toEqual([])
    await bench.clock.advance(1_000)
    expect(bench.all).toEqual(['protocol in', 'readers in', 'port out'])
    isBroken = true
    await bench.chain.send('out')
    await bench.clock.advance(1_000)
    expect(bench.exceptions).toHaveLength(1)
  })

  it('counts what has not left the chain', async () => {
    const bench = new ChainBench()
    const gate = new Gate()
    await bench.add('slow', {
      async sent(message, next) {
        await gate.opened
        await next(message)
      },
    })
    const written = [bench.chain.send('12345'), bench.chain.sendBytes(bytes('678'))]
    expect([bench.chain.pendingWrites, bench.chain.pendingWriteBytes]).toEqual([2, 8])
    gate.open()
    await Promise.all(written)
    expect([bench.chain.pendingWrites, bench.chain.pendingWriteBytes]).toEqual([0, 0])
    expect(bench.port).toEqual(['12345', '678'])
  })

  it('pauses the port when too much waits, and resumes it when half of that is gone', async () => {
    const bench = new ChainBench()
    const gates: Gate[] = []
    await bench.add('slow', {
      async received(message, next) {
        const gate = new Gate()
        gates.push(gate)
        await gate.opened
        await next(message)
      },
    })
    const quarter = new Uint8Array(FILTER_QUEUE_BYTES / 4)
    // The first is on its way, the others wait.
    for (let count = 0; count < 4; count++) bench.chain.receive(quarter)
    expect(bench.pauses).toEqual([])
    bench.chain.receive(quarter)
    expect(bench.pauses).toEqual([true])
    expect(bench.chain.isPaused).toBe(true)
    for (let count = 0; count < 3; count++) {
      expect(bench.pauses).toEqual([true])
      gates[count]?.open()
      await settle()
    }
    expect(bench.pauses).toEqual([true, false])
    expect(bench.chain.isPaused).toBe(false)
  })

  it('gives up what is on its way when the connection is gone', async () => {
    const bench = new ChainBench()
    const gate = new Gate()
    let told = 0
    const slow = async (message: Message, next: Next): Promise<void> => {
      await gate.opened
      await next(message)
    }
    await bench.add('slow', { received: slow, sent: slow, abandoned: () => told++ })
    bench.chain.receive(bytes('old 1'))
    bench.chain.receive(bytes('old 2'))
    const written = [bench.chain.sendBytes(bytes('old 3')), bench.chain.send('old 4')]
    const gone = new Error('unplugged')

    bench.chain.abandon(gone)

    for (const write of written) await expect(write).rejects.toBe(gone)
    const next = bench.chain.sendBytes(bytes('new'))
    gate.open()
    await next
    await settle()
    expect(bench.all).toEqual(['port new'])
    expect([told, bench.chain.pendingWrites, bench.chain.pendingWriteBytes]).toEqual([1, 0, 0])
  })
})

describe('events of a chain', () => {
  it('M-11 go from head to tail: created, opened, idle, input closed, exception, closed; the close goes the other way', async () => {
    const bench = new ChainBench()
    const events: string[] = []
    for (const name of ['1', '2']) {
      await bench.add(name, {
        created: () => void events.push(`${name} created`),
        opened: () => void events.push(`${name} opened`),
        inputClosed: () => void events.push(`${name} input closed`),
        closing: () => void events.push(`${name} closing`),
        closed: () => void events.push(`${name} closed`),
        idle: (kind, count) => void events.push(`${name} idle ${kind} ${count}`),
        exceptionCaught: error => void events.push(`${name} ${error}`),
      })
    }
    await bench.chain.created()
    await bench.chain.opened()
    bench.chain.idle('both', 3)
    bench.chain.inputClosed()
    bench.chain.exception('trouble')
    bench.chain.closing()
    await bench.chain.closed()
    expect(events).toEqual([
      ...['1 created', '2 created', '1 opened', '2 opened', '1 idle both 3', '2 idle both 3', '1 input closed', '2 input closed'],
      ...['1 trouble', '2 trouble', '2 closing', '1 closing', '1 closed', '2 closed'],
    ])
    expect(bench.exceptions).toEqual(['trouble'])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('M-11 a filter that %s on a message raises an exception event, and the chain goes on', async (_, fail) => {
    const bench = new ChainBench()
    const caught: unknown[] = []
    await bench.add('before', { ...marking('+'), exceptionCaught: error => caught.push(error) })
    let isBroken = true
    const sometimes = (message: Message, next: Next): void | Promise<void> => (isBroken ? fail() : next(message))
    await bench.add('bad', { received: sometimes, sent: sometimes })

    bench.chain.receive(bytes('a'))
    await expect(bench.chain.send(bytes('b'))).rejects.toMatchObject({
      code: 'FilterError',
      message: "The filter 'bad' of the board on /dev/ttyTEST0 failed on a message: broken.",
    })
    await settle()
    isBroken = false
    bench.chain.receive(bytes('c'))
    await bench.chain.send(bytes('d'))

    expect(bench.exceptions).toHaveLength(2)
    expect(caught).toEqual(bench.exceptions)
    expect(bench.all).toEqual(['protocol c+', 'readers c+', 'port d+'])
  })

  it('an end that throws keeps neither the other from hearing nor the chain from going on', async () => {
    const bench = new ChainBench()
    bench.onMessage = () => {
      throw new Error('reader')
    }
    bench.onException = () => {
      throw new Error('worse')
    }
    bench.chain.receive(bytes('a'))
    bench.chain.receive(bytes('b'))
    expect(bench.protocol).toEqual(['a', 'b'])
    expect(bench.exceptions).toHaveLength(2)
    expect(bench.lines.map(({ level }) => level)).toEqual(['error', 'error'])
  })

  it('a failing or endless opened rejects, which fails the open', async () => {
    const bench = new ChainBench()
    await bench.add('bad', { opened: () => Promise.reject(new Error('no')) })
    await expect(bench.chain.opened()).rejects.toMatchObject({ code: 'FilterError', reason: 'hook-failed' })
    expect(bench.exceptions).toHaveLength(1)

    const endless = new ChainBench()
    await endless.add('endless', { opened: () => new Promise(() => {}) })
    const opened = expect(endless.chain.opened()).rejects.toMatchObject({ reason: 'hook-failed' })
    await endless.clock.advance(endless.settings.session.connectionTimeoutMs)
    await opened
  })

  it('a failing or endless closed is logged, and the rest hear of the close', async () => {
    const bench = new ChainBench()
    let heard = false
    await bench.add('bad', {
      closed() {
        throw new Error('no')
      },
    })
    await bench.add('endless', { closed: () => new Promise(() => {}) })
    await bench.add('good', {
      closed() {
        heard = true
      },
    })
    const closed = bench.chain.closed()
    await bench.clock.advance(FILTER_LEAVE_MS)
    await closed
    expect(heard).toBe(true)
    expect(bench.lines).toMatchObject([{ level: 'warn' }])
    expect(bench.clock.pendingTimers).toBe(0)
  })
})

describe('the end of a chain', () => {
  it('M-11 takes the filters out from tail to head, each with its hooks, and rejects what was not sent', async () => {
    const bench = new ChainBench()
    const events: string[] = []
    for (const name of ['head', 'tail']) {
      await bench.add(name, {
        preRemove: () => void events.push(`pre ${name}`),
        postRemove: () => void events.push(`post ${name}`),
      })
    }
    await bench.add('stuck', { sent: () => new Promise(() => {}) })
    const unsent = [bench.chain.send('1'), bench.chain.send('2')]

    const disposed = bench.chain.dispose()
    // Nothing of it had to wait.
    expect(events).toEqual(['pre tail', 'post tail', 'pre head', 'post head'])
    await disposed
    await bench.chain.dispose()

    for (const write of [...unsent, bench.chain.send('3'), bench.chain.sendBytes(bytes('4'))]) {
      await expect(write).rejects.toMatchObject({ code: 'SessionNotReady', reason: 'session-closed' })
    }
    bench.chain.receive(bytes('late'))
    await expect(bench.chain.add(CODEC)).rejects.toMatchObject({ reason: 'session-closed' })
    expect(bench.chain.list()).toEqual([])
    expect(bench.all).toEqual([])
    expect(events).toHaveLength(4)
  })

  it('does not wait for hooks that fail or never end', async () => {
    const bench = new ChainBench()
    await bench.add('endless', { preRemove: () => new Promise(() => {}), postRemove: () => Promise.reject(new Error('no')) })
    const disposed = bench.chain.dispose()
    await bench.clock.advance(FILTER_LEAVE_MS)
    await disposed
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('ends a change that waits for a hook', async () => {
    const bench = new ChainBench()
    const added = bench.add('endless', { postAdd: () => new Promise(() => {}) })
    await settle()
    const refused = expect(added).rejects.toMatchObject({ code: 'FilterError' })
    await bench.chain.dispose()
    await refused
    expect(bench.chain.list()).toEqual([])
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('E-37 logs what a filter still held, and says what only where the configuration allows it', async () => {
    for (const snippets of [true, false]) {
      const bench = new ChainBench()
      bench.settings = { ...bench.settings, logging: { ...bench.settings.logging, snippets } }
      await bench.chain.add(CODEC)
      bench.chain.receive(bytes('unfinished'))
      await bench.chain.dispose()
      expect(bench.readers).toEqual([])
      expect(bench.lines).toMatchObject([
        { level: 'info', data: { filter: 'codec', ...(snippets ? { rest: 'unfinished' } : { length: 10 }) } },
      ])
      expect(JSON.stringify(bench.lines).includes('unfinished')).toBe(snippets)
    }
  })
})
