import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { FORGOTTEN_SERIES_MAX } from '../../../shared/limits'
import type { MetricsSnapshot } from '../../../shared/model'
import type { Disposable } from '../base/disposable'
import type { SessionMetrics } from './session-metrics'

/** What is not counted on the way but asked for when metrics are read. */
export interface FleetGauges {
  /** Sessions that count towards the limit: not closed, and with a board. */
  readonly active: number
  /** Sessions that are not closed, groups included. */
  readonly open: number
  readonly warm: number
  readonly waiting: number
  /** Sessions that are not closed, groups included, by their data source. */
  readonly byDataSource: ReadonlyMap<string, number>
}

export interface PrometheusOptions {
  read(): FleetGauges
  /** Wall-clock milliseconds since the epoch. */
  now?(): number
  /** Where the metrics are served, for the snapshot; null while they are not. */
  endpoint?(): string | null
}

export interface PrometheusMetrics extends Disposable {
  readonly sink: SessionMetrics
  /** In Prometheus' text format. Rejects when the gauges can't be read. */
  text(): Promise<{ readonly contentType: string; readonly text: string }>
  snapshot(): Promise<MetricsSnapshot>
}

/** Counters of one session: plain numbers, for `bytes` is called with every chunk. */
interface SessionFigures {
  readonly bytes: Record<'in' | 'out', number>
  readonly messages: Record<'in' | 'out', number>
  readonly idle: Record<'read' | 'write' | 'both', number>
  readonly reconnects: Record<'ok' | 'failed' | 'exhausted', number>
  readonly operations: Record<'true' | 'false', number>
}

const OPERATION_BUCKETS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000]
const LIFETIME_BUCKETS_MINUTES = [0.1, 0.5, 1, 5, 15, 30, 60, 240, 480, 1_440]
const MINUTE_MS = 60_000

/** The metrics of one manager, in a registry of their own. A session's series end with it. */
export function createPrometheusMetrics({ read, now = Date.now, endpoint = () => null }: PrometheusOptions): PrometheusMetrics {
  const registry = new Registry()
  const metrics = defineMetrics(registry)
  const sessions = new Map<string, SessionFigures>()
  /** The latest that were forgotten: a chunk or a reconnect that comes late must not bring their series back. */
  const forgotten = new Set<string>()

  const figuresOf = (sessionId: string): SessionFigures | undefined => {
    const known = sessions.get(sessionId)
    if (known !== undefined || forgotten.has(sessionId)) return known
    const figures = noFigures()
    sessions.set(sessionId, figures)
    return figures
  }

  const sink: SessionMetrics = {
    sessionOpened: () => metrics.opened.inc(),
    sessionClosed(sessionId, reason, lifetimeMs) {
      metrics.closed.inc({ reason })
      if (Number.isFinite(lifetimeMs) && figuresOf(sessionId)) metrics.lifetime.observe({ session_id: sessionId }, lifetimeMs / MINUTE_MS)
    },
    fault: code => metrics.faults.inc({ code }),
    transportKilled: reason => metrics.killed.inc({ reason }),
    operation(sessionId, durationMs, succeeded) {
      const figures = figuresOf(sessionId)
      if (figures === undefined) return
      figures.operations[`${succeeded}`] += 1
      if (Number.isFinite(durationMs)) metrics.operationDuration.observe({ session_id: sessionId }, durationMs)
    },
    bytes(sessionId, direction, byteCount) {
      const figures = figuresOf(sessionId)
      if (figures !== undefined) figures.bytes[direction] += byteCount
    },
    message(sessionId, direction) {
      const figures = figuresOf(sessionId)
      if (figures !== undefined) figures.messages[direction] += 1
    },
    idle(sessionId, kind) {
      const figures = figuresOf(sessionId)
      if (figures !== undefined) figures.idle[kind] += 1
    },
    reconnect(sessionId, outcome) {
      const figures = figuresOf(sessionId)
      if (figures !== undefined) figures.reconnects[outcome] += 1
    },
    acquire: outcome => metrics.acquired.inc({ outcome }),
    forget(sessionId) {
      sessions.delete(sessionId)
      metrics.operationDuration.remove({ session_id: sessionId })
      metrics.lifetime.remove({ session_id: sessionId })
      forgotten.add(sessionId)
      for (const oldest of forgotten) {
        if (forgotten.size <= FORGOTTEN_SERIES_MAX) break
        forgotten.delete(oldest)
      }
    },
  }

  /** Brings what is read and what is summed up into the registry: all of it in one step, so that the figures agree. */
  function fill(): void {
    const gauges = read()
    metrics.active.set(gauges.active)
    metrics.open.set(gauges.open)
    metrics.warm.set(gauges.warm)
    metrics.waiting.set(gauges.waiting)
    metrics.byDataSource.reset()
    for (const [dataSource, count] of gauges.byDataSource) metrics.byDataSource.set({ data_source: dataSource }, count)
    for (const counter of [metrics.operations, metrics.bytes, metrics.messages, metrics.idle, metrics.reconnects]) counter.reset()
    for (const [session_id, figures] of sessions) {
      for (const [success, count] of Object.entries(figures.operations)) metrics.operations.inc({ session_id, success }, count)
      for (const [direction, count] of Object.entries(figures.bytes)) metrics.bytes.inc({ session_id, direction }, count)
      for (const [direction, count] of Object.entries(figures.messages)) metrics.messages.inc({ session_id, direction }, count)
      for (const [kind, count] of Object.entries(figures.idle)) metrics.idle.inc({ session_id, kind }, count)
      for (const [outcome, count] of Object.entries(figures.reconnects)) metrics.reconnects.inc({ session_id, outcome }, count)
    }
  }

  return {
    sink,
    async text() {
      fill()
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
    async snapshot() {
      fill()
      const all = await registry.getMetricsAsJSON()
      return { at: now(), endpoint: endpoint(), metrics: all.map(metric => plain(metric as unknown as CollectedMetric)) }
    },
    dispose() {
      registry.clear()
      sessions.clear()
      forgotten.clear()
    },
  }
}

function noFigures(): SessionFigures {
  return {
    bytes: { in: 0, out: 0 },
    messages: { in: 0, out: 0 },
    idle: { read: 0, write: 0, both: 0 },
    reconnects: { ok: 0, failed: 0, exhausted: 0 },
    operations: { true: 0, false: 0 },
  }
}

function defineMetrics(registry: Registry) {
  const registers = [registry]
  const gauge = <L extends string = never>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers })
  const counter = <L extends string = never>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers })
  const labelNames = ['session_id'] as const
  return {
    active: gauge('active_sessions', 'Sessions that count towards the limit'),
    operationDuration: new Histogram({
      name: 'session_operation_duration',
      help: 'How long executions took, in milliseconds',
      labelNames,
      buckets: OPERATION_BUCKETS_MS,
      registers,
    }),
    operations: counter('session_operations_total', 'Executions that ended', 'session_id', 'success'),
    lifetime: new Histogram({
      name: 'session_duration',
      help: 'How long sessions were open, in minutes',
      labelNames,
      buckets: LIFETIME_BUCKETS_MINUTES,
      registers,
    }),
    byDataSource: gauge('stream_api_sessions_total', 'Sessions that are not closed', 'data_source'),
    opened: counter('fleet_sessions_opened_total', 'Sessions that were opened'),
    closed: counter('fleet_sessions_closed_total', 'Sessions that were closed', 'reason'),
    open: gauge('fleet_sessions_open', 'Sessions that are not closed'),
    faults: counter('fleet_faults_total', 'Faults of sessions', 'code'),
    killed: counter('fleet_transport_killed_total', 'Connections that were cut instead of closed', 'reason'),
    bytes: counter('fleet_session_bytes_total', 'Bytes on the wire', 'session_id', 'direction'),
    messages: counter('fleet_session_messages_total', 'Messages at the near end of the filter chain', 'session_id', 'direction'),
    idle: counter('fleet_session_idle_total', 'Idle periods that passed', 'session_id', 'kind'),
    reconnects: counter('fleet_session_reconnects_total', 'Attempts to reconnect', 'session_id', 'outcome'),
    warm: gauge('fleet_pool_warm', 'Sessions kept open for the next caller'),
    waiting: gauge('fleet_pool_waiting', 'Callers that wait for a session'),
    acquired: counter('fleet_pool_acquire_total', 'Calls for a session of the pool', 'outcome'),
  }
}

/** As the library gives them; its types leave out the name of a histogram's parts. */
interface CollectedMetric {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly values: readonly {
    readonly value: number
    readonly metricName?: string
    readonly labels: Readonly<Record<string, string | number>>
  }[]
}

function plain({ name, help, type, values }: CollectedMetric): MetricsSnapshot['metrics'][number] {
  return {
    name,
    help,
    type: type as MetricsSnapshot['metrics'][number]['type'],
    values: values.map(({ value, metricName = name, labels }) => ({
      name: metricName,
      labels: Object.fromEntries(Object.entries(labels).map(([label, said]) => [label, String(said)])),
      value,
    })),
  }
}
