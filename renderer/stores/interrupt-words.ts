import type { InterruptStatus } from '../../shared/model'

/** What has been done to end what runs, and what comes next: `Ctrl-C sent`, `again in`. */
export interface RungWords {
  readonly done: string
  /** Stands before the countdown. */
  readonly next: string
  /** What the next step does, as a sentence. */
  readonly nextMeans: string
}

const RUNGS: Readonly<Record<InterruptStatus['rung'], RungWords>> = {
  interrupt: {
    done: 'Ctrl-C sent',
    next: 'again in',
    nextMeans: 'Sends Ctrl-C again and again, and asks for the raw prompt',
  },
  'interrupt-again': {
    done: 'Ctrl-C again',
    next: 'soft reset in',
    nextMeans: 'Soft resets the board: its variables are lost',
  },
  'soft-reset': {
    done: 'Soft reset sent',
    next: 'given up in',
    nextMeans: 'Gives up: a hard reset or closing the session is left',
  },
}

export function rungWords({ rung }: InterruptStatus): RungWords {
  return RUNGS[rung]
}
