import { FRAME_WRITE_BYTES, OUTPUT_BEHIND_MAX_BYTES, REPLAY_WRITE_BYTES, WRITE_INTERVAL_MS } from '../../../shared/limits'
import type { OutputBatch, OutputPosition } from '../../../shared/model'
import type { OutputFormatter, OutputTotals, TerminalStep } from './output-formatter'

/** What headers cost to draw, as bytes. */
const HEADER_COST_BYTES = 256

/** The terminal as the feed sees it. `done` is called when the step has been taken in. */
export interface TerminalSink {
  take(step: TerminalStep, done: () => void): void
}

export interface OutputFeedOptions {
  readonly sink: TerminalSink
  readonly formatter: OutputFormatter
  readonly acknowledge: (upTo: OutputPosition) => void
  readonly onTotals: (totals: OutputTotals) => void
  /** Calls back before the next frame with its time in ms; returns the function that calls it off. */
  readonly nextFrame: (callback: (atMs: number) => void) => () => void
}

type Queued = { readonly type: 'step'; readonly step: TerminalStep } | { readonly type: 'position'; readonly upTo: OutputPosition }

/**
 * Carries a session's output from the bridge to the terminal, past React. A frame takes one portion; the next portion
 * waits for the terminal to have taken in the last one, and only then is the position acknowledged. What is not
 * acknowledged bounds what main sends, and so what queues here.
 */
export class OutputFeed {
  private queue: Queued[] = []
  private cancelFrame: (() => void) | null = null
  private isWriting = false
  private isPaused = false
  /** What a newly opened view gets of the past is at most this much. */
  private replayBytesLeft = OUTPUT_BEHIND_MAX_BYTES
  private isDisposed = false
  private lastSeq = 0
  private queuedBytes = 0
  private writtenAtMs = Number.NEGATIVE_INFINITY

  constructor(private readonly options: OutputFeedOptions) {}

  push(batch: OutputBatch): void {
    if (this.isDisposed || batch.seq <= this.lastSeq) return
    this.lastSeq = batch.seq
    for (const step of this.options.formatter.format(batch)) {
      for (const portion of split(step)) {
        this.queue.push({ type: 'step', step: portion })
        this.queuedBytes += costOf(portion)
      }
    }
    this.queue.push({ type: 'position', upTo: batch.upTo })
    this.schedule()
  }

  /** While paused nothing is written and nothing acknowledged; main keeps recording. */
  setPaused(paused: boolean): void {
    this.isPaused = paused
    if (!paused) this.schedule()
  }

  dispose(): void {
    this.isDisposed = true
    this.queue = []
    this.cancelFrame?.()
    this.cancelFrame = null
  }

  private schedule(): void {
    if (this.isDisposed || this.isPaused || this.isWriting || this.cancelFrame !== null || this.queue.length === 0) return
    this.cancelFrame = this.options.nextFrame(atMs => {
      this.cancelFrame = null
      const isTooSoon = atMs - this.writtenAtMs < WRITE_INTERVAL_MS && this.queuedBytes < FRAME_WRITE_BYTES
      if (isTooSoon) {
        this.schedule()
      } else {
        this.writtenAtMs = atMs
        this.writePortion()
      }
    })
  }

  private writePortion(): void {
    if (this.isPaused) return
    let budget = this.replayBytesLeft > 0 ? REPLAY_WRITE_BYTES : FRAME_WRITE_BYTES
    let upTo: OutputPosition | null = null
    const steps: TerminalStep[] = []
    while (this.queue.length > 0 && budget > 0) {
      const next = this.queue[0] as Queued
      if (next.type === 'step') {
        const cost = costOf(next.step)
        if (cost > budget && steps.length > 0) break
        budget -= cost
        this.queuedBytes -= cost
        this.replayBytesLeft -= cost
        steps.push(next.step)
      } else {
        upTo = next.upTo
      }
      this.queue.shift()
    }
    if (this.queue.length === 0) this.replayBytesLeft = 0
    this.isWriting = true
    this.writeSteps(joinText(steps), () => {
      this.isWriting = false
      if (this.isDisposed) return
      if (upTo !== null) this.options.acknowledge(upTo)
      this.options.onTotals(this.options.formatter.totals)
      this.schedule()
    })
  }

  /** All at once: the terminal keeps their order. The last one taken in ends the portion. */
  private writeSteps(steps: readonly TerminalStep[], done: () => void): void {
    let left = steps.length
    if (left === 0) done()
    for (const step of steps) {
      this.options.sink.take(step, () => {
        left--
        if (left === 0) done()
      })
    }
  }
}

/** Boards print in small pieces; each write has its price. */
function joinText(steps: readonly TerminalStep[]): readonly TerminalStep[] {
  const joined: TerminalStep[] = []
  let pieces: Uint8Array[] = []
  const flush = (): void => {
    if (pieces.length > 0) joined.push({ type: 'text', data: concatenate(pieces) })
    pieces = []
  }
  for (const step of steps) {
    if (step.type === 'text') {
      pieces.push(step.data)
    } else {
      flush()
      joined.push(step)
    }
  }
  flush()
  return joined
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

function costOf(step: TerminalStep): number {
  return step.type === 'text' ? step.data.length : HEADER_COST_BYTES
}

function split(step: TerminalStep): readonly TerminalStep[] {
  if (step.type !== 'text' || step.data.length <= FRAME_WRITE_BYTES) return [step]
  const portions: TerminalStep[] = []
  for (let start = 0; start < step.data.length; start += FRAME_WRITE_BYTES) {
    portions.push({ type: 'text', data: step.data.subarray(start, start + FRAME_WRITE_BYTES) })
  }
  return portions
}
