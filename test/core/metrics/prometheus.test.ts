import { describe, expect, it } from 'vitest'
import { createPrometheusMetrics, type FleetGauges, type PrometheusMetrics } from '../../../electron/core/metrics/prometheus'
import { FORGOTTEN_SERIES_MAX } from '../../../shared/limits'

const quiet: FleetGauges = { active: 0, open: 0, warm: 0, waiting: 0, byDataSource: new Map() }

function metricsOf(gauges: Partial<FleetGauges> = {}): PrometheusMetrics {
  return createPrometheusMetrics({ read: () => ({ ...quiet, ...gauges }), now: () => 42, endpoint: () => 'http://127.0.0.1:9464/metrics' })
}

/** The lines of one metric, without its comments. */
async function linesOf(metrics: PrometheusMetrics, name: string): Promise<string[]> {
  const { text } = await metrics.text()
  return text.split('\n').filter(line => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)))
}

describe('the metrics', () => {
  it('G-37 S-04 are exactly these, each with its kind', async () => {
    const { metrics } = await metricsOf().snapshot()
    expect(Object.fromEntries(metrics.map(({ name, type }) => [name, type]))).toEqual({
      active_sessions: 'gauge',
      session_operation_duration: 'histogram',
      session_operations_total: 'counter',
      session_duration: 'histogram',
      stream_api_sessions_total: 'gauge',
      fleet_sessions_opened_total: 'counter',
      fleet_sessions_closed_total: 'counter',
      fleet_sessions_open: 'gauge',
      fleet_faults_total: 'counter',
      fleet_transport_killed_total: 'counter',
      fleet_session_bytes_total: 'counter',
      fleet_session_messages_total: 'counter',
      fleet_session_idle_total: 'counter',
      fleet_session_reconnects_total: 'counter',
      fleet_pool_warm: 'gauge',
      fleet_pool_waiting: 'gauge',
      fleet_pool_acquire_total: 'counter',
    })
  })

  it('B-16 show how many sessions are active, as it is when they are read', async () => {
    let active = 3
    const metrics = createPrometheusMetrics({ read: () => ({ ...quiet, active }) })
    expect(await linesOf(metrics, 'active_sessions')).toEqual(['active_sessions 3'])
    active = 0
    expect(await linesOf(metrics, 'active_sessions')).toEqual(['active_sessions 0'])
  })

  it('B-17 show every operation: how long in milliseconds, how many, and with what success', async () => {
    const metrics = metricsOf()
    metrics.sink.operation('session-1', 3, true)
    metrics.sink.operation('session-1', 40_000, false)
    expect(await linesOf(metrics, 'session_operations_total')).toEqual([
      'session_operations_total{session_id="session-1",success="true"} 1',
      'session_operations_total{session_id="session-1",success="false"} 1',
    ])
    const buckets = await linesOf(metrics, 'session_operation_duration_bucket')
    expect(buckets.map(line => line.replace('session_operation_duration_bucket', ''))).toEqual([
      '{le="1",session_id="session-1"} 0',
      '{le="2",session_id="session-1"} 0',
      ...[5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000].map(le => `{le="${le}",session_id="session-1"} 1`),
      '{le="+Inf",session_id="session-1"} 2',
    ])
    expect(await linesOf(metrics, 'session_operation_duration_sum')).toEqual([
      'session_operation_duration_sum{session_id="session-1"} 40003',
    ])
    expect(await linesOf(metrics, 'session_operation_duration_count')).toEqual([
      'session_operation_duration_count{session_id="session-1"} 2',
    ])
  })

  it('B-18 G-37 show a closed session: how long it was open in minutes, and why it ended', async () => {
    const metrics = metricsOf()
    metrics.sink.sessionOpened()
    metrics.sink.sessionOpened()
    metrics.sink.sessionClosed('session-1', 'idle-timeout', 90_000)
    expect(await linesOf(metrics, 'session_duration_sum')).toEqual(['session_duration_sum{session_id="session-1"} 1.5'])
    expect(await linesOf(metrics, 'session_duration_bucket')).toEqual(
      [
        [0.1, 0],
        [0.5, 0],
        [1, 0],
        [5, 1],
        [15, 1],
        [30, 1],
        [60, 1],
        [240, 1],
        [480, 1],
        [1_440, 1],
        ['+Inf', 1],
      ].map(([le, count]) => `session_duration_bucket{le="${le}",session_id="session-1"} ${count}`),
    )
    expect(await linesOf(metrics, 'fleet_sessions_opened_total')).toEqual(['fleet_sessions_opened_total 2'])
    expect(await linesOf(metrics, 'fleet_sessions_closed_total')).toEqual(['fleet_sessions_closed_total{reason="idle-timeout"} 1'])
  })

  it('S-22 show the sessions of every data source, and none that has gone', async () => {
    const byDataSource = new Map([
      ['usb:2e8a:0005:e66', 2],
      ['say "hi"\\\n', 1],
    ])
    const metrics = metricsOf({ byDataSource })
    expect(await linesOf(metrics, 'stream_api_sessions_total')).toEqual([
      'stream_api_sessions_total{data_source="usb:2e8a:0005:e66"} 2',
      'stream_api_sessions_total{data_source="say \\"hi\\"\\\\\\n"} 1',
    ])
    byDataSource.delete('usb:2e8a:0005:e66')
    expect(await linesOf(metrics, 'stream_api_sessions_total')).toHaveLength(1)
  })

  it('G-37 show faults by code, cuts by reason, and what the pool does', async () => {
    const metrics = metricsOf({ open: 5, warm: 2, waiting: 1 })
    metrics.sink.fault('OpenFailed')
    metrics.sink.fault('OpenFailed')
    metrics.sink.fault('CloseFailed')
    metrics.sink.transportKilled('OpenSessionFailed')
    metrics.sink.acquire('reused')
    const { text } = await metrics.text()
    for (const line of [
      'fleet_sessions_open 5',
      'fleet_faults_total{code="OpenFailed"} 2',
      'fleet_faults_total{code="CloseFailed"} 1',
      'fleet_transport_killed_total{reason="OpenSessionFailed"} 1',
      'fleet_pool_warm 2',
      'fleet_pool_waiting 1',
      'fleet_pool_acquire_total{outcome="reused"} 1',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
  })

  it('show bytes, messages, idle periods and reconnects of each session', async () => {
    const metrics = metricsOf()
    for (let chunk = 0; chunk < 1_000; chunk++) metrics.sink.bytes('session-1', 'in', 64)
    metrics.sink.bytes('session-2', 'out', 5)
    metrics.sink.message('session-1', 'in')
    metrics.sink.idle('session-1', 'both')
    metrics.sink.reconnect('session-1', 'exhausted')
    // Read twice: totals stay totals.
    await metrics.text()
    expect(await linesOf(metrics, 'fleet_session_bytes_total')).toEqual([
      'fleet_session_bytes_total{session_id="session-1",direction="in"} 64000',
      'fleet_session_bytes_total{session_id="session-1",direction="out"} 0',
      'fleet_session_bytes_total{session_id="session-2",direction="in"} 0',
      'fleet_session_bytes_total{session_id="session-2",direction="out"} 5',
    ])
    const { text } = await metrics.text()
    for (const line of [
      'fleet_session_messages_total{session_id="session-1",direction="in"} 1',
      'fleet_session_idle_total{session_id="session-1",kind="both"} 1',
      'fleet_session_reconnects_total{session_id="session-1",outcome="exhausted"} 1',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
  })

  it('are the same in the snapshot, with every part of a histogram by its name', async () => {
    const metrics = metricsOf({ active: 1 })
    metrics.sink.operation('session-1', 3, true)
    const snapshot = await metrics.snapshot()
    expect(snapshot).toMatchObject({ at: 42, endpoint: 'http://127.0.0.1:9464/metrics' })
    const operations = snapshot.metrics.find(({ name }) => name === 'session_operation_duration')
    expect(operations?.values).toContainEqual({
      name: 'session_operation_duration_bucket',
      labels: { session_id: 'session-1', le: '+Inf' },
      value: 1,
    })
    expect(operations?.values).toContainEqual({ name: 'session_operation_duration_sum', labels: { session_id: 'session-1' }, value: 3 })
    expect(snapshot.metrics.find(({ name }) => name === 'active_sessions')?.values).toEqual([
      { name: 'active_sessions', labels: {}, value: 1 },
    ])
  })

  it('take what can’t be measured without throwing', async () => {
    const metrics = metricsOf()
    metrics.sink.operation('session-1', Number.NaN, true)
    metrics.sink.sessionClosed('session-1', 'killed', Number.POSITIVE_INFINITY)
    expect(await linesOf(metrics, 'session_operation_duration_count')).toEqual([])
    expect(await linesOf(metrics, 'fleet_sessions_closed_total')).toHaveLength(1)
  })

  it('reject when the manager can’t be read, and recover', async () => {
    let isBroken = true
    const metrics = createPrometheusMetrics({
      read() {
        if (isBroken) throw new Error('on purpose')
        return quiet
      },
    })
    await expect(metrics.text()).rejects.toThrow('on purpose')
    await expect(metrics.snapshot()).rejects.toThrow('on purpose')
    isBroken = false
    expect((await metrics.text()).contentType).toContain('version=0.0.4')
  })

  it('of two managers do not meet', async () => {
    const one = metricsOf()
    const other = metricsOf()
    one.sink.sessionOpened()
    expect(await linesOf(other, 'fleet_sessions_opened_total')).toEqual(['fleet_sessions_opened_total 0'])
    one.dispose()
    expect((await one.text()).text.trim()).toBe('')
  })
})

describe('E-41 the series of one session', () => {
  function countEverything({ sink }: PrometheusMetrics, sessionId: string): void {
    sink.operation(sessionId, 3, true)
    sink.operation(sessionId, 3, false)
    sink.bytes(sessionId, 'in', 1)
    sink.message(sessionId, 'out')
    sink.idle(sessionId, 'read')
    sink.reconnect(sessionId, 'ok')
    sink.sessionClosed(sessionId, 'client-close', 60_000)
  }

  it('go with it, after the last of them was counted; totals by reason stay', async () => {
    const metrics = metricsOf()
    for (const sessionId of ['session-1', 'session-2']) countEverything(metrics, sessionId)
    expect((await metrics.text()).text).toContain('session_duration_count{session_id="session-1"} 1')
    metrics.sink.forget('session-1')
    const { text } = await metrics.text()
    expect(text).not.toContain('session-1')
    expect(text).toContain('session_duration_count{session_id="session-2"} 1')
    expect(text).toContain('fleet_sessions_closed_total{reason="client-close"} 2')
  })

  it('do not come back by what is counted late', async () => {
    const metrics = metricsOf()
    countEverything(metrics, 'session-1')
    metrics.sink.forget('session-1')
    countEverything(metrics, 'session-1')
    metrics.sink.forget('session-1')
    countEverything(metrics, 'session-1')
    expect((await metrics.text()).text).not.toContain('session-1')
  })

  it('leave nothing behind, however many sessions there were', async () => {
    const metrics = metricsOf()
    const empty = (await metrics.text()).text
    for (let number = 0; number < FORGOTTEN_SERIES_MAX + 500; number++) {
      metrics.sink.bytes(`session-${number}`, 'in', 1)
      metrics.sink.operation(`session-${number}`, 1, true)
      metrics.sink.forget(`session-${number}`)
    }
    expect((await metrics.text()).text).toBe(empty)
  })
})
