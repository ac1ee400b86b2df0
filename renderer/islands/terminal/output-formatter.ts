import type { ExecutionOutcome, OutputBatch, OutputItem } from '../../../shared/model'
import { formatClock, formatClockMs, formatCount } from '../../ui/format'
import { BoardTextFilter } from './board-text-filter'

/** What the terminal is told to do, in order. */
export type TerminalStep =
  | { readonly type: 'text'; readonly data: Uint8Array }
  | { readonly type: 'started'; readonly number: number; readonly at: number }
  | { readonly type: 'ended'; readonly ended: EndedExecution }
  /** A run has begun right after one that printed nothing: it gets a line of its own only when there is something to say of it. */
  | { readonly type: 'held'; readonly header: number; readonly number: number; readonly at: number }
  /** The held run ended as quietly: the header's line stands for both. */
  | { readonly type: 'folded'; readonly header: number; readonly ended: EndedExecution }
  /** The held run has a line of its own; its start follows. */
  | { readonly type: 'released'; readonly header: number }

export interface EndedExecution {
  readonly number: number
  readonly outcome: ExecutionOutcome
  readonly durationMs: number
  readonly lines: number
  readonly message: string | null
}

export interface OutputTotals {
  /** Of the board; one that has only begun counts. */
  readonly lines: number
  readonly bytes: number
  /** Lines of Muster's own between them. */
  readonly notes: number
}

const LINE_FEED = 0x0a
const encoder = new TextEncoder()

const RESET = '\x1b[0m'
/** Colours by palette index, so that the theme decides. */
const CHANNEL_COLOUR = { stdout: '', exception: '\x1b[31m', outside: '\x1b[90m' } as const
const NOTE_COLOUR = { info: '\x1b[90m', warn: '\x1b[33m', bad: '\x1b[31m' } as const
const STAMP_COLOUR = '\x1b[90m'

/**
 * Turns a session's output into text for the terminal and marks for its headers. Keeps what must be known across
 * batches: whether a line is open, which channel coloured it, how many lines an execution printed.
 */
export class OutputFormatter {
  private readonly boardText = new BoardTextFilter()
  private readonly linesOf = new Map<number, number>()
  private running: number | null = null
  private channel: 'stdout' | 'exception' | 'outside' | null = null
  private isLineOpen = false
  private lines = 0
  private bytes = 0
  private notes = 0
  private lastSeq: number | null = null
  /** The run, or the first of several, that printed nothing, ended well, and is the last thing there is. */
  private quiet: number | null = null
  private held: Extract<TerminalStep, { type: 'held' }> | null = null

  constructor(private readonly options: { readonly timestamps: boolean }) {}

  get totals(): OutputTotals {
    return { lines: this.lines + (this.isLineOpen ? 1 : 0), bytes: this.bytes, notes: this.notes }
  }

  format(batch: OutputBatch): readonly TerminalStep[] {
    const steps: TerminalStep[] = []
    if (this.lastSeq !== null && batch.seq > this.lastSeq + 1)
      steps.push(...this.note('Part of the output did not reach this view.', 'warn'))
    this.lastSeq = batch.seq
    if (batch.missedBytes > 0) {
      steps.push(...this.note(`${formatCount(batch.missedBytes)} bytes were skipped here. Copy and Save have all that is kept.`, 'warn'))
    }
    for (const item of batch.items) steps.push(...this.formatItem(item))
    return steps
  }

  private formatItem(item: OutputItem): readonly TerminalStep[] {
    switch (item.type) {
      case 'bytes':
        return this.formatBytes(item.bytes, item.channel, item.at)
      case 'started':
        this.running = item.number
        this.linesOf.set(item.number, 0)
        if (this.quiet !== null) {
          this.held = { type: 'held', header: this.quiet, number: item.number, at: item.at }
          return [this.held]
        }
        return [...this.endLine(), { type: 'started', number: item.number, at: item.at }]
      case 'ended': {
        const { number, outcome, durationMs, message } = item
        const lines = this.linesOf.get(number) ?? 0
        this.linesOf.delete(number)
        this.running = null
        const ended: EndedExecution = { number, outcome, durationMs, message, lines: lines + (this.isLineOpen ? 1 : 0) }
        const isQuiet = outcome === 'ok' && message === null && ended.lines === 0
        if (this.held !== null && isQuiet) {
          const { header } = this.held
          this.held = null
          return [{ type: 'folded', header, ended }]
        }
        const released = this.release()
        if (isQuiet) this.quiet = number
        const said = message === null || outcome === 'ok' || outcome === 'exception' ? [] : this.note(message, 'bad')
        return [...released, ...this.endLine(), { type: 'ended', ended }, ...said]
      }
      case 'note':
        return this.note(`${formatClock(item.at)}  ${item.text}`, item.tone)
    }
  }

  private formatBytes(bytes: Uint8Array, channel: 'stdout' | 'exception' | 'outside', at: number): readonly TerminalStep[] {
    const text = this.boardText.filter(bytes)
    this.bytes += bytes.length
    if (text.length === 0) return []
    const released = this.release()
    const parts: Uint8Array[] = []
    if (channel !== this.channel) {
      parts.push(encoder.encode(RESET + CHANNEL_COLOUR[channel]))
      this.channel = channel
    }
    if (this.options.timestamps) this.stampLines(text, `${STAMP_COLOUR}${formatClockMs(at)}${RESET}  ${CHANNEL_COLOUR[channel]}`, parts)
    else parts.push(text)
    this.countLines(text)
    return [...released, ...parts.map(data => ({ type: 'text', data }) as const)]
  }

  private stampLines(text: Uint8Array, stamp: string, parts: Uint8Array[]): void {
    const encoded = encoder.encode(stamp)
    let isLineOpen = this.isLineOpen
    let start = 0
    while (start < text.length) {
      if (!isLineOpen) parts.push(encoded)
      const end = text.indexOf(LINE_FEED, start)
      const next = end < 0 ? text.length : end + 1
      parts.push(text.subarray(start, next))
      isLineOpen = end < 0
      start = next
    }
  }

  private countLines(text: Uint8Array): void {
    let count = 0
    for (let index = text.indexOf(LINE_FEED); index >= 0; index = text.indexOf(LINE_FEED, index + 1)) count++
    this.lines += count
    if (this.running !== null) this.linesOf.set(this.running, (this.linesOf.get(this.running) ?? 0) + count)
    this.isLineOpen = text[text.length - 1] !== LINE_FEED
  }

  private note(text: string, tone: 'info' | 'warn' | 'bad'): readonly TerminalStep[] {
    const steps = [...this.release(), ...this.endLine()]
    this.notes++
    // Notes may quote a board: they go through the filter like any of its text.
    const safe = new BoardTextFilter().filter(encoder.encode(text.replaceAll('\n', ' ')))
    return [...steps, textStep(NOTE_COLOUR[tone]), { type: 'text', data: safe }, textStep(`${RESET}\n`)]
  }

  /** Something else is to be written: a held run gets its own line, and no later one is folded into what stands above. */
  private release(): readonly TerminalStep[] {
    const { held } = this
    this.quiet = null
    this.held = null
    if (held === null) return []
    return [
      { type: 'released', header: held.header },
      { type: 'started', number: held.number, at: held.at },
    ]
  }

  /** Back to column 0 and plain colours, so that nothing of the board's text runs into what follows. */
  private endLine(): readonly TerminalStep[] {
    const wasOpen = this.isLineOpen
    this.channel = null
    this.isLineOpen = false
    if (wasOpen) this.lines++
    return [textStep(wasOpen ? `${RESET}\n` : RESET)]
  }
}

function textStep(text: string): TerminalStep {
  return { type: 'text', data: encoder.encode(text) }
}
