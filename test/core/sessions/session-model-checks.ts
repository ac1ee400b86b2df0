import assert from 'node:assert/strict'
import { expect } from 'vitest'
import { isReadyState, publicState, SESSION_TRANSITIONS } from '../../../electron/core/sessions/session-states'
import { ZOMBIE_PORT_MS } from '../../../shared/limits'
import type { SessionState } from '../../../shared/model'
import type { CountingClient } from '../../fakes/fake-protocol'
import { DEVICES, LIMIT, PORTS, SHUTDOWN_MS, type World } from './session-model-world'

/** From state to state as the table has it; what comes before the first state is told by nobody. */
export const LEGAL: ReadonlySet<string> = new Set(
  SESSION_TRANSITIONS.filter(row => row.trigger !== 'create').flatMap(row =>
    row.from.map(from => `${publicState(from)} > ${publicState(row.to)}`),
  ),
)

/** Lines of the log that say that something is wrong with Muster itself. */
const BROKEN = /failed on what|could not be looked at|listener of|a step of/i

/** What is to hold in a world, whatever was done to it: after every step, and when all is over. */
export class Checks {
  private readonly lastState = new Map<string, SessionState>()
  private readonly disposed = new Set<string>()
  /** Codes that each watched board had been asked when it was looked at last. */
  private readonly watched = new Map<CountingClient, number>()
  private readonly started = new Set<string>()
  private readonly stopped = new Set<string>()
  private checkedEvents = 0
  private checkedNotices = 0

  constructor(private readonly world: World) {}

  /** What holds at every moment. */
  check(): void {
    const { bench } = this.world
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
    const { bench } = this.world
    const { manager, clock } = bench
    manager.resume()
    // Whoever waits for a port or a place may get it when another one goes.
    let rounds = 0
    do {
      for (const sessionId of this.world.openIds) this.world.watch('close', () => manager.close(sessionId, { mode: 'now' }))
      await clock.advance(SHUTDOWN_MS + 500)
      rounds += 1
    } while (rounds < 10 && (this.world.openIds.length > 0 || this.world.calls.some(({ isPending }) => isPending)))
    await clock.advance(ZOMBIE_PORT_MS)
    this.check()
    expect(this.world.calls.filter(({ isPending }) => isPending).map(({ what }) => what)).toEqual([])
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    expect(bench.transports.made.filter(({ isOpen }) => isOpen)).toEqual([])
    expect(bench.attributes.made.filter(({ disposals }) => disposals !== 1)).toEqual([])
    expect(this.stillStarted).toEqual([])
    for (const reader of this.world.readers) expect(await reader.next()).toMatchObject({})
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
    const { bench } = this.world
    this.world.answers = null
    bench.settings.change({ maxConcurrentSessions: LIMIT })
    for (const device of bench.devices.places.keys()) this.world.put(device, null)
    for (const [index, device] of DEVICES.entries()) this.world.put(device, PORTS[index] ?? PORTS[0])
    await Promise.all(DEVICES.map(deviceKey => bench.manager.open({ deviceKey })))
    expect(bench.manager.status.open).toBe(LIMIT)
    await bench.manager.shutdown({ timeoutMs: 1_000 })
    this.check()
    expect(this.stillStarted).toEqual([])
    expect(bench.clock.pendingTimers).toBe(0)
    expect(bench.leftovers.listeners).toBe(0)
    expect(bench.settings.listenerCount).toBe(0)
  }

  /** One thing at a time, and nothing at all on a board that is only watched. */
  private checkControl(): void {
    const { bench } = this.world
    if (bench.manager.state === 'Disposed') return
    for (const { sessionId, running, task, attachment, queuedExecutions } of bench.manager.list({ includeClosed: false })) {
      assert(running === null || task === null, 'an execution and a task at once')
      assert.equal(running?.interrupting ?? false, (running?.interrupt ?? null) !== null)
      const transport = this.world.transportOf(sessionId)
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
    for (const { kind, sessionKey } of this.world.notices.slice(this.checkedNotices)) {
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
    const { warm, inUse } = this.world.bench.manager.poolStats
    const all = [...warm, ...inUse]
    assert.equal(new Set(all).size, all.length, 'a session is in the pool twice')
    for (const sessionId of all) assert(listed.has(sessionId), 'the pool has a session that is gone')
    const held = this.world.tickets.filter(({ token, session }) => !this.world.givenBack.has(token) && inUse.includes(session.sessionId))
    assert.equal(new Set(held.map(({ session }) => session.sessionId)).size, held.length, 'two have the same session')
  }
}
