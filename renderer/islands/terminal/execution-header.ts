import type { ExecutionOutcome } from '../../../shared/model'
import { formatClock, formatDuration, formatPlural, formatRunning } from '../../ui/format'
import type { EndedExecution } from './output-formatter'

export interface HeaderState {
  readonly number: number
  readonly startedAt: number
  readonly ended: EndedExecution | null
}

const OUTCOME_WORDS: Readonly<Record<ExecutionOutcome, string>> = {
  ok: 'ok',
  exception: 'exception',
  timeout: 'time limit reached',
  cancelled: 'stopped',
  lost: 'lost',
  failed: 'failed',
}

/** `#41 ok` and `12.4 ms · 3 lines · 14:06:22`. */
export function headerTexts(state: HeaderState, now: number): { readonly title: string; readonly detail: string } {
  const { number, startedAt, ended } = state
  if (ended === null) return { title: `#${number} running`, detail: formatRunning(now - startedAt) }
  const parts = [formatDuration(ended.durationMs), formatPlural(ended.lines, 'line'), formatClock(startedAt)]
  return { title: `#${number} ${OUTCOME_WORDS[ended.outcome]}`, detail: parts.join(' · ') }
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
  element.dataset.outcome = state.ended?.outcome ?? 'running'
  const texts = headerTexts(state, now)
  setText(element.firstChild, texts.title)
  setText(element.lastChild, texts.detail)
}

function setText(node: Node | null, text: string): void {
  if (node !== null && node.textContent !== text) node.textContent = text
}
