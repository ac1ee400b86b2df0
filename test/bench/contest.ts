import { setTimeout as sleep } from 'node:timers/promises'
import { median, type Peer, publish, type Series } from './figures'
import type { InstalledPeers } from './python-peers'

/** Somebody who does the same thing as others, on the same board. */
export interface Contender {
  readonly name: string
  readonly note?: string
  /**
   * One round: takes the port, measures, and gives the port back. Resolves with every measurement in `unit`. Rejects when it
   * could not, or did it wrongly: then it is out, with the reason.
   */
  round(): Promise<readonly number[]>
}

/**
 * Round after round, everybody in turn, so that what else the machine does hits all of them alike. Who begins changes
 * with every round.
 */
export async function contest(contenders: readonly Contender[], unit: string, rounds: number): Promise<Record<string, Series>> {
  const measured = new Map<string, { readonly rounds: number[]; readonly samples: number[] }>()
  const failures = new Map<string, string>()
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length]
      if (contender === undefined || failures.has(contender.name)) continue
      try {
        const samples = await onceFree(contender)
        const all = measured.get(contender.name) ?? { rounds: [], samples: [] }
        measured.set(contender.name, all)
        all.rounds.push(median(samples))
        all.samples.push(...samples)
      } catch (error) {
        failures.set(contender.name, error instanceof Error ? error.message : String(error))
      }
    }
  }
  return Object.fromEntries(
    contenders.map(({ name, note }) => {
      const failure = failures.get(name)
      const series: Series =
        failure === undefined
          ? { unit, rounds: [], samples: [], ...measured.get(name), ...(note !== undefined && { note }) }
          : { unit, rounds: [], failure }
      return [name, series]
    }),
  )
}

/** Pseudo-terminals are numbered for the whole machine: what other programs try to open may be this one, for a moment. */
const BUSY = /lock port|in use|failed to access|exclusively lock|ConnectionFailed/i
const BUSY_TRIES = 5
const BUSY_PAUSE_MS = 1_000

async function onceFree(contender: Contender): Promise<readonly number[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await contender.round()
    } catch (error) {
      if (attempt === BUSY_TRIES || !(error instanceof Error) || !BUSY.test(error.message)) throw error
      await sleep(BUSY_PAUSE_MS)
    }
  }
}

/** A contender's figures; for one that did not take part, the reason. */
export function seriesOf(all: Readonly<Record<string, Series>>, name: string, absent = `${name} took no part`): Series {
  return all[name] ?? { unit: '', rounds: [], failure: absent }
}

/** What everybody was measured at, and why others were not. */
export function publishAll(all: Readonly<Record<string, Series>>, { missing }: InstalledPeers): Readonly<Record<string, Peer>> {
  const measured = Object.entries(all).map(([name, series]) => [name, publish(series)] as const)
  const absent = Object.entries(missing).map(([name, failure]) => [name, { failure }] as const)
  return Object.fromEntries([...measured, ...absent])
}
