import type { InterruptStatus } from '../../shared/model'

/** What has been done to end what runs, and what comes next: `Ctrl-C sent`, `again in`. */
export interface RungWords {
  readonly done: string
  /** Stands before the countdown. */
  readonly next: string
  /** What the next step does, as a sentence. */
  readonly nextMeans: string
}

const DONE: Readonly<Record<InterruptStatus['rung'], string>> = {
  interrupt: 'Ctrl-C sent',
  'interrupt-again': 'Ctrl-C again',
  'soft-reset': 'Soft reset sent',
}

const GIVING_UP = { next: 'given up in', nextMeans: 'Gives up: a hard reset or closing the session is left' }

const NEXT: Readonly<Record<InterruptStatus['rung'], Omit<RungWords, 'done'>>> = {
  interrupt: { next: 'again in', nextMeans: 'Sends Ctrl-C again and again, and asks for the raw prompt' },
  'interrupt-again': { next: 'soft reset in', nextMeans: 'Soft resets the board: its variables are lost' },
  'soft-reset': GIVING_UP,
}

export function rungWords({ rung, isLast }: InterruptStatus): RungWords {
  return { done: DONE[rung], ...(isLast ? GIVING_UP : NEXT[rung]) }
}
