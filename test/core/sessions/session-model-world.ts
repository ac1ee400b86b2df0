import assert from 'node:assert/strict'
import { expect } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../electron/core/config/default-settings'
import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import { isReadyState, publicState, SESSION_TRANSITIONS } from '../../../electron/core/sessions/session-states'
import type { OpenInput } from '../../../shared/contract'
import { MusterError } from '../../../shared/errors'
import { OWN_RESET_QUIET_MS, ZOMBIE_PORT_MS } from '../../../shared/limits'
import type { FilterSpec, Notice, PoolTicket, SessionState } from '../../../shared/model'
import { settle } from '../../fakes/fake-clock'
import { type CountingClient, SOME_BOARD } from '../../fakes/fake-protocol'
import type { FakeTransport } from '../../fakes/fake-transport'
import { SessionBench } from './session-bench'
import type { Step } from './session-model-steps'

/** Devices with a serial number of their own, and one more port than devices, so that one can come back elsewhere. */
const DEVICES = ['usb:2e8a:0005:A', 'usb:2e8a:0005:B', 'usb:2e8a:0005:C'] as const
const PORTS = ['/dev/ttyACM0', '/dev/ttyACM1', '/dev/ttyACM2', '/dev/ttyACM3'] as const
const KINDS = ['soft', 'restart', 'hard', 'bootloader'] as const
const HEEDED = [null, 'interrupt', 'ask', 'end'] as const
const RESTART = 'MPY: soft reboot\r\n'
const GROUP_SOURCE = 'group'
const LIMIT = 3
const SHUTDOWN_MS = 2_000
const FILTERS: readonly FilterSpec[] = [
  { name: 'logging', type: 'logging' },
  { name: 'stats', type: 'stats' },
  { name: 'slow', type: 'rateLimit', settings: { bytesPerSecond: 1_000, burst: 10 } },
  { name: 'lines', type: 'textCodec' },
]

/** From state to state as the table has it; what comes before the first state is told by nobody. */
export const LEGAL: ReadonlySet<string> = new Set(
  SESSION_TRANSITIONS.filter(row => row.trigger !== 'create').flatMap(row =>
    row.from.map(from => `${publicState(from)} > ${publicState(row.to)}`),
  ),
)

/** Lines of the log that say that something is wrong with Muster itself. */
const BROKEN = /failed on what|could not be looked at|listener of|a step of/i

interface Call {
  readonly what: string
  isPending: boolean
}

/** A session manager that random steps are done to, with every promise it gave. */
export class World {
  readonly bench = new SessionBench({
    limit: LIMIT,
    settings: {
      session: {
        ...DEFAULT_SETTINGS.session,
        connectionTimeoutMs: 2_000,
        operationTimeoutMs: 3_000,
        shutdownTimeoutMs: SHUTDOWN_MS,
        idleTimeoutMs: 20_000,
        reconnectDelayMs: 500,
        healthCheckIntervalMs: 7_000,
        heartbeatIntervalMs: 3_000,
        heartbeatGraceMs: 9_000,
        writeTimeoutMs: 2_500,
        maxPendingOperations: 3,
        bothIdleMs: 4_000,
        readerIdleMs: 5_000,
      },
      lease: { sweepIntervalMs: 2_000 },
      pool: { enabled: true, acquireTimeoutMs: 6_000 },
    },
  })
  readonly notices: Notice[] = []
  private readonly calls: Call[] = []
  private readonly lastState = new Map<string, SessionState>()
  private readonly disposed = new Set<string>()
  private readonly tickets: PoolTicket[] = []
  private readonly givenBack = new Set<string>()
  private readonly waits: AbortController[] = []
  private readonly aborts: AbortController[] = []
  private readonly readers: AsyncIterableIterator<unknown>[] = []
  private readonly tasks: { readonly finish: () => void; readonly fail: (error: Error) => void }[] = []
  /** Codes that each watched board had been asked when it was looked at last. */
  private readonly watched = new Map<CountingClient, number>()
  private readonly started = new Set<string>()
  private readonly stopped = new Set<string>()
  private checkedEvents = 0
  private checkedNotices = 0
  private answers: Step | null = null

  constructor() {
    const { bench } = this
    for (const [index, device] of DEVICES.entries()) this.put(device, PORTS[index] ?? PORTS[0])
    bench.transports.prepare = made => this.prepareTransport(made)
    bench.protocols.prepare = made => this.prepareProtocol(made)
    for (const dataSource of [...DEVICES, GROUP_SOURCE]) {
      for (const kind of ['start', 'stop'] as const)
        bench.manager.notifications.subscribe(kind, dataSource, notice => this.notices.push(notice))
    }
  }

  /** A session of its own and one of the pool to begin with: most of what can happen needs one. */
  async begin(): Promise<void> {
    this.open({ deviceKey: DEVICES[0] })
    this.acquire({ deviceKey: DEVICES[1] }, 1_000)
    await settle()
  }

  async do(step: Step): Promise<void> {
    this.answers = step
    await this.deed(step)
    // Half of the steps follow each other without a pause.
    if (step.which % 2 === 0) await settle()
  }

  private async deed({ does, which, how, writeAnswer }: Step): Promise<void> {
    const { bench } = this
    const { manager, clock } = bench
    const sessionId = this.sessionId(which)
    const device = DEVICES[which % DEVICES.length] ?? DEVICES[0]
    const transport = this.transportOf(sessionId)
    const protocol = bench.protocols.made.find(made => made.transport.port === transport?.port && made.isRunning)
    switch (does) {
      case 'open':
        this.open(how < 3 ? { deviceKey: device } : { port: PORTS[which] ?? PORTS[0] })
        break
      case 'open group':
        this.watch('open group', () => manager.open({ backend: 'none', clientSessionName: 'group' }))
        break
      case 'execute':
        this.execute(sessionId, how)
        break
      case 'run':
        this.execute(sessionId, how)
        await settle()
        bench.protocols.made.find(made => made.isRunning)?.finish()
        break
      case 'task':
        this.task(sessionId, which)
        break
      case 'finish task':
        this.tasks.shift()?.finish()
        break
      case 'fail task':
        this.tasks.shift()?.fail(how < 3 ? new MusterError({ code: 'FileFailed', message: 'No.' }) : new ProtocolError('timeout', 'No.'))
        break
      case 'reset':
        this.watch('reset', () => manager.reset(sessionId, KINDS[how % KINDS.length] ?? 'soft'))
        break
      case 'watch':
        this.watch('watch', () => manager.watch(sessionId))
        break
      case 'take over':
        this.watch('take over', () => manager.takeOver(sessionId))
        break
      case 'hold':
        this.watch('cancel', () => manager.cancel(sessionId))
        this.watch('hold', async () => manager.stepInterrupt(sessionId, 'hold'))
        break
      case 'climb':
        this.watch('cancel', () => manager.cancel(sessionId))
        for (let steps = 0; steps < how; steps++) this.watch('climb', async () => manager.stepInterrupt(sessionId, 'next'))
        break
      case 'restart':
        if (how < 3) await clock.advance(OWN_RESET_QUIET_MS)
        bench.protocols.made.find(made => made.transport.isOpen && made.transport.port === transport?.port)?.print(RESTART, 'outside')
        break
      case 'finish':
        protocol?.finish(which % 2 === 0 ? {} : { outcome: 'exception' })
        break
      case 'print':
        protocol?.print('hello\n')
        break
      case 'receive':
        transport?.deliver(Uint8Array.of(104, 105, 10))
        break
      case 'cancel':
        this.watch('cancel', () => manager.cancel(sessionId))
        break
      case 'cancel waiting':
        this.watch('cancel', () => manager.cancel(sessionId, `${sessionId}:${which}`))
        break
      case 'abort':
        this.aborts.shift()?.abort()
        break
      case 'write':
        if (transport !== undefined) transport.writeAnswer = writeAnswer === 'fail' ? new Error('no') : writeAnswer
        this.watch('write', () => manager.write(sessionId, how % 2 === 0 ? 'text\n' : Uint8Array.of(1, 2, 3)))
        break
      case 'glitch':
        transport?.unplug()
        break
      case 'unplug':
        this.unplug(device, how % 2 === 0)
        break
      case 'replug':
        this.replug(device, PORTS[DEVICES.indexOf(device)] ?? PORTS[0])
        break
      case 'replug elsewhere':
        this.replug(device, PORTS[which] ?? PORTS[0])
        break
      case 'impostor':
        this.putImpostor(device)
        break
      case 'reconnect':
        this.watch('reconnect', () => manager.reconnect(sessionId))
        break
      case 'close':
        this.watch('close', () => manager.close(sessionId, { mode: 'flush', cascade: how === 0 }))
        break
      case 'close now':
        this.watch('close', () => manager.close(sessionId, { mode: 'now' }))
        break
      case 'close all':
        if (how === 0) this.watch('close all', () => manager.closeAllOf('window-1'))
        break
      case 'kill':
        this.watch('kill', () => manager.kill(sessionId))
        break
      case 'kill lost':
        this.watch('kill', async () => manager.kill(this.lostId ?? sessionId))
        break
      case 'close lost':
        this.watch('close', async () => manager.close(this.lostId ?? sessionId, { mode: how % 2 === 0 ? 'flush' : 'now' }))
        break
      case 'wait':
        await clock.advance(50)
        break
      case 'wait long':
        await clock.advance(1_100)
        break
      case 'time out':
        await clock.advance(how === 0 ? 25_000 : 5_000)
        break
      case 'lease':
        this.watch('lease', async () => manager.extendLease(sessionId, clock.now() + 500 * how))
        break
      case 'extend lease':
        this.watch('lease', async () => manager.extendLease(sessionId, clock.now() + 60_000))
        break
      case 'no lease':
        this.watch('lease', async () => manager.extendLease(sessionId, null))
        break
      case 'acquire':
        this.acquire(how < 4 ? { deviceKey: device } : { port: PORTS[which] ?? PORTS[0] }, how === 5 ? 0 : 1_500)
        break
      case 'stop waiting':
        this.waits.shift()?.abort()
        break
      case 'release':
        this.release(which)
        break
      case 'associate':
        this.watch('associate', async () => manager.associate(sessionId, [this.sessionId(how)]))
        break
      case 'details':
        this.watch('details', async () => manager.updateDetails(sessionId, { lap: how === 0 ? null : String(how) }))
        break
      case 'attribute':
        this.watch('attribute', async () => manager.attributes(sessionId).set('lap', how))
        break
      case 'add filter':
        this.watch('add filter', async () =>
          manager
            .filters(sessionId)
            .add(FILTERS[how % FILTERS.length] ?? { name: 'x', type: 'stats' }, { at: which < 2 ? 'first' : 'last' }),
        )
        break
      case 'remove filter':
        this.watch('remove filter', async () => manager.filters(sessionId).remove(FILTERS[how % FILTERS.length]?.name ?? ''))
        break
      case 'clear filters':
        this.watch('clear filters', async () => manager.filters(sessionId).clear())
        break
      case 'configure':
        this.watch('configure', async () =>
          manager.configure(sessionId, how < 3 ? { autoReconnect: how % 2 === 0 } : { idleTimeoutMs: how === 5 ? null : 2_000 }),
        )
        break
      case 'suspend':
        manager.suspend()
        break
      case 'resume':
        manager.resume()
        break
      case 'change settings':
        if (how < 2) bench.settings.change({ pool: { ...bench.settings.current.pool, enabled: how === 0 } })
        else bench.settings.change({ maxConcurrentSessions: Math.min(LIMIT, how) })
        break
      case 'sample':
        this.watch('sample', async () => manager.samplers.start(sessionId, { code: 'print(2)', intervalMs: 900, timeoutMs: 700 }))
        break
      case 'stop sampling':
        manager.samplers.stop(sessionId)
        break
      case 'read':
        this.watch('read', async () => this.readers.push(manager.readEvents(sessionId)))
        break
      case 'stop reading':
        await this.readers.shift()?.return?.()
        break
      case 'shut down':
        this.watch('shut down', () => manager.shutdown())
        break
    }
  }

  /** What holds at every moment. */
  check(): void {
    const { bench } = this
    for (const event of bench.events.slice(this.checkedEvents)) {
      this.checkedEvents += 1
      const { sessionId, previous, snapshot } = event
      assert.equal(event.seq, this.checkedEvents)
      assert(!this.disposed.has(sessionId), `${event.type} after the end`)
      if (event.type === 'stateChanged') {
        assert(LEGAL.has(`${previous} > ${snapshot.state}`), `${previous} > ${snapshot.state} is in no table`)
        assert.equal(previous, this.lastState.get(sessionId))
      }
      this.lastState.set(sessionId, snapshot.state)
      if (event.type === 'disposed') this.disposed.add(sessionId)
    }
    for (const line of bench.logged) assert(!BROKEN.test(line), line)
    this.checkNotices()
    this.checkControl()
    if (bench.manager.state === 'Disposed') return
    const listed = bench.manager.list({ includeClosed: false })
    const boards = listed.filter(({ backend }) => backend !== 'none')
    const { status } = bench.manager
    assert.equal(status.open, boards.length)
    assert.equal(bench.manager.gauges.open, listed.length)
    assert(status.open <= LIMIT)
    assert(status.peakOpen >= status.open)
    assert.equal(status.totalOpened - status.totalClosed, listed.filter(({ connectedAt }) => connectedAt !== null).length)
    const holding = boards.filter(({ state }) => state === 'Connecting' || isReadyState(state)).map(({ port }) => port)
    assert.equal(new Set(holding).size, holding.length, 'two sessions on one port')
    assert.equal(new Set(boards.map(({ deviceKey }) => deviceKey)).size, boards.length, 'two sessions with one device')
    this.checkPool(new Set(listed.map(({ sessionId }) => sessionId)))
  }

  /** What holds when all is over. */
  async checkEnd(): Promise<void> {
    const { bench } = this
    const { manager, clock } = bench
    manager.resume()
    // Whoever waits for a port or a place may get it when another one goes.
    let rounds = 0
    do {
      for (const sessionId of this.openIds) this.watch('close', () => manager.close(sessionId, { mode: 'now' }))
      await clock.advance(SHUTDOWN_MS + 500)
      rounds += 1
    } while (rounds < 10 && (this.openIds.length > 0 || this.calls.some(({ isPending }) => isPending)))
    await clock.advance(ZOMBIE_PORT_MS)
    this.check()
    expect(this.calls.filter(({ isPending }) => isPending).map(({ what }) => what)).toEqual([])
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    expect(bench.transports.made.filter(({ isOpen }) => isOpen)).toEqual([])
    expect(bench.attributes.made.filter(({ disposals }) => disposals !== 1)).toEqual([])
    expect(this.stillStarted).toEqual([])
    for (const reader of this.readers) expect(await reader.next()).toMatchObject({})
    if (manager.state === 'Disposed') {
      expect(clock.pendingTimers).toBe(0)
      return
    }
    expect(manager.status).toMatchObject({ open: 0, warm: 0, waiting: 0 })
    expect(bench.metrics.of('sessionOpened')).toHaveLength(manager.status.totalOpened)
    expect(bench.metrics.of('sessionClosed')).toHaveLength(manager.status.totalClosed)
    for (const { sessionId, statistics } of manager.list({ includeClosed: true })) {
      expect(bench.metrics.calls.filter(call => call.startsWith(`operation ${sessionId} `))).toHaveLength(statistics.operations)
    }
    await this.checkAnew()
  }

  /** Every port and every place can be had again, and the end leaves nothing. */
  private async checkAnew(): Promise<void> {
    const { bench } = this
    this.answers = null
    bench.settings.change({ maxConcurrentSessions: LIMIT })
    for (const device of bench.devices.places.keys()) this.put(device, null)
    for (const [index, device] of DEVICES.entries()) this.put(device, PORTS[index] ?? PORTS[0])
    await Promise.all(DEVICES.map(deviceKey => bench.manager.open({ deviceKey })))
    expect(bench.manager.status.open).toBe(LIMIT)
    await bench.manager.shutdown({ timeoutMs: 1_000 })
    this.check()
    expect(this.stillStarted).toEqual([])
    expect(bench.clock.pendingTimers).toBe(0)
    expect(bench.leftovers.listeners).toBe(0)
    expect(bench.settings.listenerCount).toBe(0)
  }

  private open(input: OpenInput): void {
    this.watch('open', () =>
      this.bench.manager.open(
        {
          ...input,
          options: {
            ...(this.answers?.how === 2 && { leaseDurationMs: 5_000 }),
            ...(this.answers?.how === 1 && { attach: 'watch' as const }),
          },
        },
        'window-1',
      ),
    )
  }

  private execute(sessionId: string, how: number): void {
    const abort = new AbortController()
    this.aborts.push(abort)
    this.watch('execute', () =>
      this.bench.manager.execute(sessionId, 'print(1)', { timeoutMs: how === 0 ? 500 : 3_000, signal: abort.signal }),
    )
  }

  private task(sessionId: string, which: number): void {
    const abort = new AbortController()
    this.aborts.push(abort)
    this.watch('task', () =>
      this.bench.manager.runTask(
        sessionId,
        'A task',
        async (board, signal) => {
          if (which === 0) await board.ask('print(3)', { timeoutMs: 1_000 })
          await new Promise<void>((resolve, reject) => {
            this.tasks.push({ finish: resolve, fail: reject })
            // Some do not heed that they were called off.
            if (which !== 1) signal.addEventListener('abort', () => reject(signal.reason), { once: true })
          })
        },
        { signal: abort.signal },
      ),
    )
  }

  private acquire(target: { readonly port?: string; readonly deviceKey?: string }, timeoutMs: number): void {
    const wait = new AbortController()
    this.waits.push(wait)
    this.watch('acquire', async () => {
      const ticket = await this.bench.manager.acquire({ ...target, timeoutMs }, 'window-1', wait.signal)
      this.tickets.push(ticket)
    })
  }

  private release(which: number): void {
    // The latest most of the time; another one may have been given back before.
    const ticket = which === 0 ? this.tickets[0] : this.tickets.at(-1)
    if (ticket === undefined) return
    this.givenBack.add(ticket.token)
    this.watch('release', () => this.bench.manager.release(ticket.token))
  }

  /** The board goes, and what is open on it hears of it; or nothing hears, and only the list knows. */
  private unplug(device: string, isHeard: boolean): void {
    const path = this.bench.devices.locate(device)
    if (path === null) return
    this.put(device, null)
    if (isHeard) for (const transport of this.bench.transports.made) if (transport.port === path) transport.unplug()
  }

  private replug(device: string, path: string): void {
    if (this.bench.devices.locate(device) !== null || this.bench.ports.has(path)) return
    this.put(device, path)
  }

  /** Another device in the place of one that is away. */
  private putImpostor(device: string): void {
    const path = PORTS[DEVICES.indexOf(device as (typeof DEVICES)[number])] ?? PORTS[0]
    if (this.bench.devices.locate(device) !== null || this.bench.ports.has(path)) return
    this.put(`${device}-other`, path)
  }

  private put(device: string, path: string | null): void {
    const { ports, devices } = this.bench
    for (const [known, port] of ports) if (port.deviceKey === device) ports.delete(known)
    if (path !== null) {
      ports.set(path, {
        path,
        backend: 'serial',
        source: 'listed',
        present: true,
        deviceKey: device,
        label: device,
        boardHint: null,
        usb: null,
        settings: { lines: 'raise', baudRate: null },
      })
    }
    devices.put(device, path)
  }

  private prepareTransport(made: FakeTransport): void {
    const answers = this.answers
    const isThere = this.bench.ports.has(made.port)
    made.openAnswer = !isThere || answers?.openAnswer === 'fail' ? new Error('no') : (answers?.openAnswer ?? 'open')
    made.closeAnswer = answers?.closeAnswer === 'fail' ? new Error('no') : (answers?.closeAnswer ?? 'close')
    made.releasesItself = answers?.releasesItself ?? true
  }

  private prepareProtocol(made: CountingClient): void {
    const answers = this.answers
    made.enterAnswer = answers?.enterAnswer === 'fail' ? new Error('no') : (answers?.enterAnswer ?? 'prompt')
    made.interruptAnswer = answers?.interruptAnswer ?? 'prompt'
    made.heeds = HEEDED[(answers?.how ?? 1) % HEEDED.length] ?? null
    made.resetAnswer = answers?.resetAnswer === 'fail' ? new ProtocolError('no-reply', 'No.') : (answers?.resetAnswer ?? 'done')
    made.departure = departureOf(answers?.departure ?? 'silent')
    const device = this.bench.ports.get(made.transport.port)?.deviceKey ?? 'none'
    made.board = { ...SOME_BOARD, uniqueId: Buffer.from(device).toString('hex') }
    made.answer = code => {
      if (code.includes('_muster_reset')) return {}
      if (code.startsWith('print(')) return null
      if (answers?.probeAnswer === 'hang') return null
      return { outcome: answers?.probeAnswer === 'fail' ? 'exception' : 'ok' }
    }
  }

  private watch(what: string, begin: () => Promise<unknown>): void {
    const call = { what, isPending: true }
    this.calls.push(call)
    const ended = (): void => {
      call.isPending = false
    }
    // A call that throws at once is a rejection too.
    new Promise(resolve => resolve(begin())).then(ended, error => {
      ended()
      if (!(error instanceof MusterError)) throw error
    })
  }

  /** One that is on its way back, else one that has lost its board. */
  private get lostId(): string | undefined {
    const open = this.openIds.map(sessionId => this.bench.manager.info(sessionId).snapshot)
    return (
      open.find(({ state, reconnect }) => state === 'Connecting' && reconnect !== null) ?? open.find(({ state }) => state === 'Error')
    )?.sessionId
  }

  private get openIds(): readonly string[] {
    const { manager } = this.bench
    return manager.state === 'Disposed' ? [] : manager.list({ includeClosed: false }).map(({ sessionId }) => sessionId)
  }

  /** One thing at a time, and nothing at all on a board that is only watched. */
  private checkControl(): void {
    const { bench } = this
    if (bench.manager.state === 'Disposed') return
    for (const { sessionId, running, task, attachment, queuedExecutions } of bench.manager.list({ includeClosed: false })) {
      assert(running === null || task === null, 'an execution and a task at once')
      assert.equal(running?.interrupting ?? false, (running?.interrupt ?? null) !== null)
      const transport = this.transportOf(sessionId)
      const board = bench.protocols.made.find(made => made.transport.port === transport?.port && made.transport.isOpen)
      if (board === undefined) continue
      const isLeft = attachment === 'watching' && task === null
      if (isLeft) assert(running === null && queuedExecutions === 0, 'work on a board that is watched')
      const before = this.watched.get(board)
      if (isLeft && before !== undefined) assert.equal(board.codes.length, before, 'a board that is watched was asked something')
      if (isLeft) this.watched.set(board, board.codes.length)
      else this.watched.delete(board)
    }
  }

  private checkNotices(): void {
    for (const { kind, sessionKey } of this.notices.slice(this.checkedNotices)) {
      this.checkedNotices += 1
      const [mine, before] = kind === 'start' ? [this.started, null] : [this.stopped, this.started]
      assert(!mine.has(sessionKey), `two notices of ${kind}`)
      assert(before === null || before.has(sessionKey), 'a stop without a start')
      mine.add(sessionKey)
    }
  }

  private get stillStarted(): readonly string[] {
    return [...this.started].filter(sessionKey => !this.stopped.has(sessionKey))
  }

  private checkPool(listed: ReadonlySet<string>): void {
    const { warm, inUse } = this.bench.manager.poolStats
    const all = [...warm, ...inUse]
    assert.equal(new Set(all).size, all.length, 'a session is in the pool twice')
    for (const sessionId of all) assert(listed.has(sessionId), 'the pool has a session that is gone')
    const held = this.tickets.filter(({ token, session }) => !this.givenBack.has(token) && inUse.includes(session.sessionId))
    assert.equal(new Set(held.map(({ session }) => session.sessionId)).size, held.length, 'two have the same session')
  }

  private transportOf(sessionId: string): FakeTransport | undefined {
    const session = this.bench.manager.tryGetSession(sessionId)
    return session === null
      ? undefined
      : this.bench.transports.made.filter(({ port, isOpen }) => isOpen && port === session.snapshot.port).at(-1)
  }

  private sessionId(which: number): string {
    const created = this.bench.events.filter(event => event.type === 'created')
    return created[created.length - 1 - (which % Math.max(1, created.length))]?.sessionId ?? 'session-none'
  }
}

function departureOf(became: Step['departure']): CountingClient['departure'] {
  return became === 'answered' ? { became, exception: "ImportError: no module named 'machine'" } : became === 'hang' ? 'hang' : { became }
}

/** Does the steps to a new world. Returns what happened in it. */
export async function live(steps: readonly Step[]): Promise<readonly string[]> {
  const world = new World()
  await world.begin()
  for (const next of steps) {
    await world.do(next)
    world.check()
  }
  await world.checkEnd()
  const { events, protocols } = world.bench
  const done = protocols.made.flatMap(({ controls }) => controls.map(control => `did ${control}`))
  const told = events.flatMap(({ interrupt, notice }) => [interrupt && `rung ${interrupt.rung}`, notice && `notice ${notice.kind}`])
  return [...world.bench.story(), ...done, ...told.filter(line => line !== undefined)]
}
