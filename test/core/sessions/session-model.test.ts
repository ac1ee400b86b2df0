import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isOpeningState, isReadyState, publicState, SESSION_TRANSITIONS } from '../../../electron/core/sessions/session-states'
import { MusterError } from '../../../shared/errors'
import { SHUTDOWN_TIMEOUT_MS, ZOMBIE_PORT_MS } from '../../../shared/limits'
import type { SessionState } from '../../../shared/model'
import { settle } from '../../fakes/fake-clock'
import { SessionBench } from './session-bench'

const PORTS = ['/dev/ttyACM0', '/dev/ttyACM1', '/dev/ttyACM2'] as const
const LIMIT = 3

const LEGAL: ReadonlySet<string> = new Set(
  SESSION_TRANSITIONS.flatMap(row => row.from.map(from => `${publicState(from)} > ${publicState(row.to)}`)),
)

/** One thing that a user, a board or time does. `which` picks a port or one of the sessions so far. */
const step = fc.record({
  does: fc.constantFrom(
    ...(['open', 'open', 'run', 'run', 'execute', 'execute', 'execute', 'finish', 'print', 'cancel', 'cancel waiting', 'unplug'] as const),
    ...(['close', 'close now', 'kill', 'wait', 'wait long', 'time out'] as const),
  ),
  which: fc.nat({ max: 3 }),
  openAnswer: fc.constantFrom('open', 'open', 'open', 'open', 'open', 'open', 'hang', 'hang-for-ever', 'fail'),
  enterAnswer: fc.constantFrom('prompt', 'prompt', 'prompt', 'prompt', 'prompt', 'prompt', 'hang', 'fail'),
  interruptAnswer: fc.constantFrom('prompt', 'prompt', 'no-prompt'),
  closeAnswer: fc.constantFrom('close', 'close', 'close', 'hang', 'fail'),
  releasesItself: fc.boolean(),
})

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A manager that random steps are done to, with every promise it gave. */
class World {
  readonly bench = new SessionBench({ limit: LIMIT })
  readonly calls: { readonly what: string; settled: number }[] = []
  private readonly lastState = new Map<string, SessionState>()
  private readonly disposed = new Set<string>()
  private checkedEvents = 0
  readonly executions: { readonly sessionId: string; settled: number }[] = []

  async do({ does, which, ...answers }: Step): Promise<void> {
    const { bench } = this
    const sessionId = this.sessionId(which)
    const index = bench.events.filter(event => event.type === 'created').findIndex(event => event.sessionId === sessionId)
    const transport = bench.transports.made[index]
    const protocol = bench.protocols.made.find(made => made.transport.port === transport?.port && made.isRunning)
    if (does === 'open') {
      bench.transports.prepare = made => {
        made.openAnswer = answers.openAnswer === 'fail' ? new Error('no') : answers.openAnswer
        made.closeAnswer = answers.closeAnswer === 'fail' ? new Error('no') : answers.closeAnswer
        made.releasesItself = answers.releasesItself
      }
      bench.protocols.prepare = made => {
        made.enterAnswer = answers.enterAnswer === 'fail' ? new Error('no') : answers.enterAnswer
        made.interruptAnswer = answers.interruptAnswer
      }
      this.watch('open', bench.open(PORTS[which % PORTS.length], { options: { connectionTimeoutMs: 2_000 } }))
    }
    if (does === 'execute') this.execute(sessionId)
    if (does === 'run') {
      this.execute(sessionId)
      await settle()
      bench.protocols.made.find(made => made.isRunning)?.finish()
    }
    if (does === 'finish') protocol?.finish(which % 2 === 0 ? {} : { outcome: 'exception' })
    if (does === 'print') protocol?.print('hello')
    if (does === 'cancel') this.watch('cancel', bench.manager.cancel(sessionId))
    if (does === 'cancel waiting') this.watch('cancel', bench.manager.cancel(sessionId, `${sessionId}:${which}`))
    if (does === 'unplug') transport?.unplug()
    if (does === 'close') this.watch('close', bench.manager.close(sessionId, { mode: 'flush' }))
    if (does === 'close now') this.watch('close', bench.manager.close(sessionId, { mode: 'now' }))
    if (does === 'kill') this.watch('kill', bench.manager.kill(sessionId))
    if (does === 'wait') await bench.clock.advance(50)
    if (does === 'wait long') await bench.clock.advance(1_100)
    if (does === 'time out') await bench.clock.advance(5_000)
    // Half of the steps follow each other without a pause.
    if (which % 2 === 0) await settle()
  }

  /** What holds at every moment. */
  check(): void {
    const { bench } = this
    for (const event of bench.events.slice(this.checkedEvents)) {
      this.checkedEvents += 1
      expect(event.seq).toBe(this.checkedEvents)
      expect(this.disposed).not.toContain(event.sessionId)
      if (event.type === 'stateChanged') {
        expect(LEGAL).toContain(`${event.previous} > ${event.snapshot.state}`)
        expect(event.previous).toBe(this.lastState.get(event.sessionId))
      }
      this.lastState.set(event.sessionId, event.snapshot.state)
      if (event.type === 'disposed') this.disposed.add(event.sessionId)
    }
    if (bench.manager.state === 'Disposed') return
    const listed = bench.manager.list({ includeClosed: false })
    const status = bench.manager.status
    expect(status.open).toBe(listed.length)
    expect(status.open).toBeLessThanOrEqual(LIMIT)
    expect(status.totalOpened - status.totalClosed).toBe(listed.filter(snapshot => snapshot.connectedAt !== null).length)
    expect(status.peakOpen).toBeGreaterThanOrEqual(status.open)
    for (const { running, sessionId } of listed) if (running !== null) expect(this.isBusy(sessionId)).toBe(true)
    const holding = listed.filter(snapshot => isOpeningState(snapshot.state) || isReadyState(snapshot.state)).map(snapshot => snapshot.port)
    expect(new Set(holding).size).toBe(holding.length)
  }

  /** What holds when all is over. */
  async checkEnd(): Promise<void> {
    const { bench } = this
    for (const { sessionId } of bench.manager.list({ includeClosed: false }))
      this.watch('close', bench.manager.close(sessionId, { mode: 'now' }))
    await bench.clock.advance(SHUTDOWN_TIMEOUT_MS + ZOMBIE_PORT_MS)
    this.check()
    expect(bench.manager.status.open).toBe(0)
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    expect(this.calls.filter(call => call.settled !== 1)).toEqual([])
    expect(this.executions.filter(call => call.settled !== 1)).toEqual([])
    expect(bench.transports.made.filter(transport => transport.isOpen)).toEqual([])

    bench.transports.prepare = () => {}
    bench.protocols.prepare = () => {}
    await Promise.all(PORTS.map(port => bench.open(port)))
    await bench.manager.shutdown({ timeoutMs: 1_000 })
    this.check()
    expect(bench.clock.pendingTimers).toBe(0)
    expect(bench.leftovers.listeners).toBe(0)
  }

  private execute(sessionId: string): void {
    const call = { sessionId, settled: 0 }
    this.executions.push(call)
    const settled = (): void => {
      call.settled += 1
    }
    this.bench.manager.execute(sessionId, 'print(1)', { timeoutMs: 3_000 }).then(settled, error => {
      settled()
      if (!(error instanceof MusterError)) throw error
    })
  }

  private watch(what: string, promise: Promise<unknown>): void {
    const call = { what, settled: 0 }
    this.calls.push(call)
    const settled = (): void => {
      call.settled += 1
    }
    promise.then(settled, error => {
      settled()
      if (!(error instanceof MusterError)) throw error
    })
  }

  private isBusy(sessionId: string): boolean {
    return this.executions.some(call => call.sessionId === sessionId && call.settled === 0)
  }

  private sessionId(which: number): string {
    const created = this.bench.events.filter(event => event.type === 'created')
    return created[created.length - 1 - (which % Math.max(1, created.length))]?.sessionId ?? 'session-none'
  }
}

/** Runs worlds of random steps, and returns the changes of state that came about. */
async function explore(parameters: fc.Parameters<[Step[]]>): Promise<readonly string[]> {
  const reached = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async steps => {
      const world = new World()
      for (const next of steps) {
        await world.do(next)
        world.check()
      }
      await world.checkEnd()
      for (const line of world.bench.story()) if (line.includes('>')) reached.add(line)
    }),
    parameters,
  )
  return [...reached].sort()
}

it('whatever users, boards and time do: only legal transitions, every call ends once, counters are true, nothing is left', async () => {
  await explore({ numRuns: 250 })
}, 30_000)

it('the random steps get everywhere: every transition comes about', async () => {
  const reached = await explore({ numRuns: 250, seed: 1 })
  expect(reached).toEqual([...LEGAL].filter(line => line !== 'Connected > Idle').sort())
}, 30_000)
