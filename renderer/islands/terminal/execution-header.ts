import type { ExecutionOutcome } from '../../../shared/model'
import { formatClock, formatDuration, formatPlural, formatRunning } from '../../ui/format'
import type { EndedExecution } from './output-formatter'

export interface HeaderState {
  readonly number: number
  readonly startedAt: number
  readonly ended: EndedExecution | null
  /** Runs after this one that ended as quietly: they have no line of their own. */
  readonly folded: { readonly runs: number; readonly last: EndedExecution } | null
  /** A run that has begun and may yet be folded in. */
  readonly held: { readonly number: number; readonly startedAt: number } | null
}

/** A held run is spoken of only when it takes longer than this: fast ones would make the line flicker. */
const HELD_PATIENCE_MS = 500

/** One quiet run more on the same line. */
export function foldedIn(state: HeaderState, ended: EndedExecution): HeaderState {
  return { ...state, folded: { runs: (state.folded?.runs ?? 0) + 1, last: ended }, held: null }
}

const OUTCOME_WORDS: Readonly<Record<ExecutionOutcome, string>> = {
  ok: 'ok',
  exception: 'exception',
  timeout: 'time limit reached',
  cancelled: 'stopped',
  lost: 'lost',
  failed: 'failed',
}

/** `#41 ok` and `12.4 ms · 3 lines · 14:06:22`; of folded runs `#41 to #57 ok` and `17 runs without output · last 1.2 ms · since 14:06:22`. */
export function headerTexts(state: HeaderState, now: number): { readonly title: string; readonly detail: string } {
  const { number, startedAt, ended, folded } = state
  const slow = slowHeld(state, now)
  const after = slow === null ? [] : [`#${slow.number} running ${formatRunning(now - slow.startedAt)}`]
  if (ended !== null && folded !== null) {
    const runs = `${formatPlural(folded.runs + 1, 'run')} without output`
    const detail = [runs, `last ${formatDuration(folded.last.durationMs)}`, `since ${formatClock(startedAt)}`, ...after].join(' · ')
    return { title: `#${number} to #${folded.last.number} ok`, detail }
  }
  if (ended === null) return { title: `#${number} running`, detail: formatRunning(now - startedAt) }
  const parts = [formatDuration(ended.durationMs), formatPlural(ended.lines, 'line'), formatClock(startedAt), ...after]
  return { title: `#${number} ${OUTCOME_WORDS[ended.outcome]}`, detail: parts.join(' · ') }
}

function slowHeld({ held }: HeaderState, now: number): HeaderState['held'] {
  return held !== null && now - held.startedAt > HELD_PATIENCE_MS ? held : null
}

/** Fills the element that lies over the header's line. Text only, and only what has changed. */
export function drawHeader(element: HTMLElement, state: HeaderState, now: number): void {
  if (element.firstChild === null) {
    element.classList.add('execution-header')
    for (const part of ['execution-title', 'execution-detail']) {
      const span = element.ownerDocument.createElement('span')
      span.className = part
      element.appendChild(span)
    }
  }
  element.dataset.outcome = slowHeld(state, now) === null ? (state.ended?.outcome ?? 'running') : 'running'
  const texts = headerTexts(state, now)
  setText(element.firstChild, texts.title)
  setText(element.lastChild, texts.detail)
}

function setText(node: Node | null, text: string): void {
  if (node !== null && node.textContent !== text) node.textContent = text
}
