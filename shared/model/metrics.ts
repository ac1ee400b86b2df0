/** One column per series, one row per sample. `NaN` means no value: the chart draws a gap. */
export interface MetricColumns {
  /** Epoch seconds. */
  readonly at: Float64Array
  readonly latencyP50Ms: Float64Array
  readonly latencyP95Ms: Float64Array
  readonly bytesInPerSecond: Float64Array
  readonly bytesOutPerSecond: Float64Array
  readonly executionsPerSecond: Float64Array
  readonly failuresPerSecond: Float64Array
}

/** Moments worth a line in a chart. */
export interface MetricMarker {
  /** Epoch seconds. */
  readonly at: number
  readonly kind: 'connected' | 'lost' | 'closed' | 'reset' | 'notice'
  readonly label: string
}

export interface MetricUpdate {
  readonly sessionId: string
  /** `all` replaces what the reader has; `more` is appended. */
  readonly kind: 'all' | 'more'
  readonly columns: MetricColumns
  readonly markers: readonly MetricMarker[]
}

/** Every metric's samples as prom-client gives them. */
export interface MetricsSnapshot {
  readonly at: number
  /** Null while no server runs. */
  readonly endpoint: string | null
  readonly metrics: readonly {
    readonly name: string
    readonly help: string
    readonly type: 'counter' | 'gauge' | 'histogram'
    readonly values: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
  }[]
}

/** A snippet that is run again and again on one session. */
export interface SamplerInfo {
  readonly sessionId: string
  readonly code: string
  readonly intervalMs: number
  /** Waited instead of the interval after a failure. */
  readonly retryMs: number
  readonly startedAt: number
  readonly nextAt: number | null
  readonly runs: number
  readonly failures: number
  readonly lastError: string | null
}

/** Numeric fields that a repeated snippet returned. `values[i]` has one number a name; NaN where a run lacked it. */
export interface SamplerUpdate {
  readonly sessionId: string
  readonly kind: 'all' | 'more'
  /** Null when nothing is repeated. */
  readonly sampler: SamplerInfo | null
  readonly names: readonly string[]
  /** Epoch seconds. */
  readonly at: Float64Array
  readonly values: readonly Float64Array[]
}
