import type { SamplerInfo, SamplerUpdate } from '../../../shared/model'
import type { Client } from '../../bridge/client'
import { formatFigure } from '../../ui/format'
import { formatPeriod } from '../../ui/periods'
import type { ChartDefinition } from './metric-charts'
import { columnOf, SamplerRing } from './sampler-ring'

/** What a repeated snippet brings, for as long as a view looks at it. Samples go past React; what is repeated does not. */
export class SamplerFeed {
  readonly ring = new SamplerRing()
  private readonly sampleListeners = new Set<() => void>()
  private readonly stateListeners = new Set<() => void>()
  private readonly unsubscribe: () => void
  private current: SamplerState = { sampler: null, charts: [] }

  constructor(client: Client, sessionId: string) {
    this.unsubscribe = client.subscribe('sampler:samples', { sessionId }, update => this.take(update))
  }

  /** The same object until something other than a sample has changed. */
  get state(): SamplerState {
    return this.current
  }

  /** Calls back after new samples. Returns the function that ends it. */
  readonly onSamples = (listener: () => void): (() => void) => listen(this.sampleListeners, listener)
  /** Calls back when `state` is another. */
  readonly onState = (listener: () => void): (() => void) => listen(this.stateListeners, listener)

  dispose(): void {
    this.unsubscribe()
    this.sampleListeners.clear()
    this.stateListeners.clear()
  }

  private take(update: SamplerUpdate): void {
    this.ring.apply(update)
    this.current = { sampler: update.sampler, charts: this.charts(update.sampler) }
    for (const listener of [...this.sampleListeners, ...this.stateListeners]) listener()
  }

  /** Kept as long as the names are the same: a new definition is a new chart. */
  private charts(sampler: SamplerInfo | null): readonly ChartDefinition[] {
    const { names } = this.ring
    const longUnit = sampler === null ? 'no longer repeated' : `every ${formatPeriod(sampler.intervalMs)}`
    const known = this.current.charts
    if (known.length === names.length && known.every((chart, index) => chart.id === names[index] && chart.longUnit === longUnit))
      return known
    return names.map((name, index) => fieldChart(name, index, longUnit))
  }
}

export interface SamplerState {
  readonly sampler: SamplerInfo | null
  /** One a field. */
  readonly charts: readonly ChartDefinition[]
}

const COLOURS = ['series1', 'series2', 'series3', 'series4'] as const

function fieldChart(name: string, index: number, longUnit: string): ChartDefinition {
  const label = shownName(name)
  return {
    id: name,
    title: label,
    unit: '',
    longUnit,
    series: [{ column: columnOf(name), label: 'latest', colour: COLOURS[index % COLOURS.length] ?? 'series1' }],
    format: formatValue,
    smallestMax: 1,
    fitsValues: true,
    needs: 'at',
    emptyText: 'No value yet. It comes with the next run.',
  }
}

const NAME_SHOWN_CHARS = 48

/** The name comes from a board: without what would turn or hide the text beside it. */
export function shownName(name: string): string {
  const text = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim()
  if (text === '') return 'unnamed'
  return text.length > NAME_SHOWN_CHARS ? `${text.slice(0, NAME_SHOWN_CHARS)}…` : text
}

/** Five significant figures: what a sensor gives is more than its size. */
function formatValue(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) return value.toExponential(2)
  return size >= 1_000 ? formatFigure(value) : String(Number(value.toPrecision(5)))
}

function listen(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
