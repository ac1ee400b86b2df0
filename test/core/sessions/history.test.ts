import { describe, expect, it } from 'vitest'
import { Emitter } from '../../../electron/core/base/emitter'
import type { LogData } from '../../../electron/core/base/logger'
import { SessionHistory } from '../../../electron/core/sessions/history/history'
import { HISTORY_FOLD_MS } from '../../../shared/limits'
import type { HistoryEntry, ManagerState, PortInfo, PortList, SessionEvent, SessionSnapshot } from '../../../shared/model'
import { FakeClock } from '../../fakes/fake-clock'
import { fakeSnapshot } from '../../fakes/fake-snapshot'

class Bench {
  readonly clock = new FakeClock()
  readonly sessions = new Emitter<SessionEvent>()
  readonly manager = new Emitter<ManagerState>()
  readonly portsChanged = new Emitter<PortList>()
  readonly logged: (readonly [string, LogData | undefined])[] = []
  readonly heard: HistoryEntry[] = []
  list: PortList = { ports: [], scannedAt: null, stale: null }
  readonly history: SessionHistory

  constructor(limit = 100, limitPerSession = 50) {
    const self = this
    this.history = new SessionHistory({
      clock: this.clock,
      logger: { debug() {}, warn() {}, error() {}, info: (message, data) => void this.logged.push([message, data]) },
      onSessionEvent: this.sessions.event,
      onManagerState: this.manager.event,
      ports: {
        get current() {
          return self.list
        },
        onChanged: this.portsChanged.event,
      },
      limit,
      limitPerSession,
    })
    this.history.onEntry(entry => this.heard.push(entry))
  }

  tell(type: SessionEvent['type'], snapshot: Partial<SessionSnapshot> = {}, event: Partial<SessionEvent> = {}): void {
    const whole = fakeSnapshot({ sessionId: 'a', ...snapshot })
    this.sessions.fire({ seq: 1, at: 0, type, sessionId: whole.sessionId, snapshot: whole, ...event })
  }

  show(...ports: PortInfo[]): void {
    this.list = { ports, scannedAt: this.clock.now(), stale: null }
    this.portsChanged.fire(this.list)
  }

  get texts(): readonly string[] {
    return this.history.list().map(entry => entry.text)
  }
}

const PICO: PortInfo = {
  path: '/dev/ttyACM0',
  backend: 'serial',
  source: 'listed',
  present: true,
  deviceKey: 'usb:2e8a:0005:e66',
  label: 'Pico',
  boardHint: null,
  usb: null,
  settings: { lines: 'raise', baudRate: null },
}

describe('the history', () => {
  it('B-35, B-36: says each event in a sentence, and as one line of the log with id, type and data', () => {
    const bench = new Bench()
    bench.tell('connected', {}, { reconnected: true })
    const [entry] = bench.history.list()
    expect(entry).toEqual({
      seq: 1,
      at: bench.clock.now(),
      type: 'connected',
      tone: 'info',
      sessionId: 'a',
      dataSource: 'path:/dev/ttyACM0',
      board: 'Pico on /dev/ttyACM0',
      port: '/dev/ttyACM0',
      text: 'Pico on /dev/ttyACM0 is connected again.',
      data: { reconnected: true },
    })
    expect(bench.logged).toEqual([['session-event', { sessionId: 'a', eventType: 'connected', data: { reconnected: true } }]])
    expect(bench.heard).toEqual([entry])
  })

  it('B-35: has whole sentences for everything that happens', () => {
    const bench = new Bench()
    const fault = {
      code: 'OperationFailed',
      reason: 'disconnected',
      message: 'Pico on /dev/ttyACM0 was lost.',
      hint: null,
      at: 0,
      final: false,
    } as const
    bench.tell('created')
    bench.tell('phaseChanged', { state: 'Connecting', phase: 'handshaking' })
    bench.tell('stateChanged', { state: 'Connected' }, { previous: 'Connecting' })
    bench.tell('disconnected', { state: 'Error', fault }, { reason: 'unexpected' })
    bench.tell('error', { state: 'Error', fault }, { exhausted: true })
    bench.tell('error', {}, { message: 'A hook failed.' })
    bench.tell('idle', {}, { idle: { kind: 'read', count: 1 } })
    bench.tell('leaseChanged', { lease: { expiresAt: 5, isPending: true } })
    bench.tell('attributesChanged', {}, { attribute: 'laps' })
    bench.tell(
      'disconnected',
      { state: 'Disconnected', backend: 'none', port: '', clientSessionName: 'ovens' },
      { reason: 'lease-expired' },
    )
    bench.tell('disposed', { backend: 'none', port: '', clientSessionName: 'ovens' })
    expect(bench.texts).toMatchInlineSnapshot(`
      [
        "A session for Pico on /dev/ttyACM0 was created.",
        "Pico on /dev/ttyACM0 waits for the board to answer.",
        "Pico on /dev/ttyACM0 is connected.",
        "Pico on /dev/ttyACM0 was lost.",
        "Pico on /dev/ttyACM0 was lost. No further attempt to reconnect is made by itself.",
        "A hook failed.",
        "Nothing was read from Pico on /dev/ttyACM0 for its whole idle time.",
        "The lease of Pico on /dev/ttyACM0 has run out; its session closes after what it runs.",
        "An attribute of Pico on /dev/ttyACM0 has changed.",
        "The group “ovens” was closed because its lease ran out.",
        "The session of the group “ovens” is over.",
      ]
    `)
  })

  it('leaves out the counters', () => {
    const bench = new Bench()
    bench.tell('statistics')
    expect([bench.history.list(), bench.logged]).toEqual([[], []])
  })

  it('is bounded, and a noisy session pushes out its own past alone', () => {
    const bench = new Bench(6, 4)
    bench.tell('created', { sessionId: 'quiet' })
    for (let index = 0; index < 50; index++) bench.tell('connected', { sessionId: 'noisy' })
    expect(bench.history.list().map(({ seq, sessionId }) => `${sessionId} ${seq}`)).toEqual([
      'quiet 1',
      'noisy 48',
      'noisy 49',
      'noisy 50',
      'noisy 51',
    ])
    for (const sessionId of ['b', 'c']) bench.tell('created', { sessionId })
    expect(bench.history.list()).toHaveLength(6)
    expect(bench.history.list('quiet')).toEqual([])
    expect(bench.history.list('noisy')).toHaveLength(4)
  })

  it('folds what comes again and again: the first at once, the rest as one entry with its number', async () => {
    const bench = new Bench()
    for (let run = 0; run < 200; run++) {
      bench.tell('stateChanged', { state: 'Active' }, { previous: 'Idle' })
      bench.tell('stateChanged', { state: 'Idle' }, { previous: 'Active' })
    }
    expect(bench.texts).toEqual(['Pico on /dev/ttyACM0 is running code.', 'Pico on /dev/ttyACM0 is idle.'])
    await bench.clock.advance(HISTORY_FOLD_MS)
    expect(bench.texts.slice(2)).toEqual([
      'Pico on /dev/ttyACM0 is running code, 199 times more.',
      'Pico on /dev/ttyACM0 is idle, 199 times more.',
    ])
    expect(bench.history.list()[2]?.data).toEqual({ previous: 'Idle', state: 'Active', times: 199 })
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('calls a connection that was dropped on request no loss', () => {
    const bench = new Bench()
    bench.tell('disconnected', { state: 'Error' }, { reason: 'client-close' })
    expect(bench.history.list()[0]).toMatchObject({ tone: 'info', text: 'Pico on /dev/ttyACM0 was disconnected as asked.' })
  })

  it('tells of a reconnect in its order, though its phases were held back', () => {
    const bench = new Bench()
    for (const type of ['connected', 'disconnected', 'connected'] as const) {
      bench.tell('phaseChanged', { phase: 'handshaking' })
      bench.tell(type)
    }
    expect(bench.history.list().map(({ type }) => type)).toEqual([
      'phaseChanged',
      'connected',
      'phaseChanged',
      'disconnected',
      'phaseChanged',
      'connected',
    ])
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('writes what it held back when the session ends, and keeps no timer', () => {
    const bench = new Bench()
    for (let run = 0; run < 3; run++) bench.tell('stateChanged', { state: 'Active' })
    bench.tell('disposed')
    expect(bench.history.list()).toHaveLength(3)
    expect(bench.clock.pendingTimers).toBe(0)
    bench.tell('idle', { sessionId: 'b' }, { idle: { kind: 'read', count: 1 } })
    bench.history.dispose()
    expect([
      bench.clock.pendingTimers,
      bench.sessions.listenerCount,
      bench.manager.listenerCount,
      bench.portsChanged.listenerCount,
    ]).toEqual([0, 0, 0, 0])
  })

  it('tells of ports that come and go, but not of those that were there from the start', () => {
    const bench = new Bench()
    bench.show(PICO)
    bench.show()
    bench.show({ ...PICO, present: false })
    bench.show(PICO)
    expect(bench.texts).toEqual(['Pico on /dev/ttyACM0 has gone.', 'Pico on /dev/ttyACM0 has been connected.'])
    expect(bench.history.list()[0]).toMatchObject({ type: 'portsChanged', sessionId: null, port: '/dev/ttyACM0', data: { change: 'went' } })
  })

  it('tells how the manager stands', () => {
    const bench = new Bench()
    for (const state of ['Active', 'Shutdown', 'Disposed'] as const) bench.manager.fire(state)
    expect(bench.history.list().map(({ type, text, tone }) => [type, text, tone])).toEqual([
      ['managerStateChanged', 'The session manager is active.', 'info'],
      ['managerStateChanged', 'Muster closes all sessions.', 'warn'],
      ['managerStateChanged', 'All sessions are closed.', 'info'],
    ])
  })
})
