import { describe, expect, it } from 'vitest'
import { IDLE_TIMEOUT_MS } from '../../../shared/limits'
import type { SessionSnapshot } from '../../../shared/model'
import { gatewayView } from '../../../shared/session-views'
import { failureOf, SessionBench } from './session-bench'

function openGroup(bench: SessionBench): Promise<SessionSnapshot> {
  return bench.manager.open({ backend: 'none', clientSessionName: 'oven line' })
}

describe('a group session', () => {
  it('S-09: is connected at once, over no transport, and healthy', async () => {
    const bench = new SessionBench()
    const group = await openGroup(bench)
    expect(group).toMatchObject({ state: 'Connected', backend: 'none', port: '', board: null, health: { isHealthy: true } })
    expect(bench.story()).toEqual(['created', 'Created > Connecting', 'Connecting > Connected', 'connected'])
    expect(bench.transports.made).toEqual([])
    expect(gatewayView(group)).toBe('Ready')
  })

  it('has no board: what needs one is refused with that reason', async () => {
    const bench = new SessionBench()
    const { sessionId } = await openGroup(bench)
    const calls = [
      bench.manager.execute(sessionId, 'x', {}),
      bench.manager.write(sessionId, 'x'),
      bench.manager.reconnect(sessionId),
      Promise.resolve().then(() => bench.manager.readEvents(sessionId)),
    ]
    for (const call of calls) expect((await failureOf(call)).info).toMatchObject({ code: 'SessionNotReady', reason: 'group-session' })
  })

  it('is not closed for being idle, and is described, leased and closed like any other', async () => {
    const bench = new SessionBench()
    const { sessionId } = await openGroup(bench)
    await bench.clock.advance(3 * IDLE_TIMEOUT_MS)
    expect(bench.manager.info(sessionId).snapshot.state).toBe('Connected')
    bench.manager.updateDetails(sessionId, { shift: 'night' })
    await bench.manager.attributes(sessionId).set('visits', 1)
    bench.manager.extendLease(sessionId, bench.clock.now() + 1)
    expect(await bench.manager.close(sessionId, { mode: 'flush' })).toMatchObject({ reason: 'client-close', killed: false })
    expect(bench.metrics.of('sessionOpened', 'sessionClosed')).toHaveLength(2)
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('can be killed', async () => {
    const bench = new SessionBench()
    const { sessionId } = await openGroup(bench)
    expect(await bench.manager.kill(sessionId)).toMatchObject({ killed: true, reason: 'killed' })
  })
})
