import { describe, expect, it } from 'vitest'
import { contest, publishAll, seriesOf } from '../../bench/contest'
import { figure, judge, median, publish, quantile, ratio, type Series, spread } from '../../bench/figures'
import { NO_PEERS } from '../../bench/python-peers'

const series = (...rounds: readonly number[]): Series => ({ unit: 'ms', rounds })
const failed: Series = { unit: 'ms', rounds: [], failure: 'it broke' }

describe('figures of the bench', () => {
  it('take the middle of all rounds, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 2, 9])).toBe(3)
    expect(median([])).toBeNaN()
  })

  it('tell how far the rounds lie apart', () => {
    expect(spread([3, 1, 2])).toBe(2)
    expect(spread([7])).toBe(0)
    expect(spread([])).toBeNaN()
  })

  it('find the value that most stay below', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect([quantile(hundred, 0.5), quantile(hundred, 0.95), quantile(hundred, 0.99), quantile(hundred, 1)]).toEqual([50, 95, 99, 100])
    expect(quantile([3], 0.5)).toBe(3)
  })

  it('compare round by round, so that a slow moment of the machine counts for neither', () => {
    // The machine was ten times slower in the second round: for both.
    expect(ratio(series(1, 10, 1), series(2, 20, 2)).rounds).toEqual([0.5, 0.5, 0.5])
  })

  it('have no ratio when one of the two failed, or measured nothing', () => {
    expect(ratio(series(1), failed)).toMatchObject({ rounds: [], failure: 'it broke' })
    expect(ratio(failed, series(1))).toMatchObject({ rounds: [], failure: 'it broke' })
    expect(ratio(series(), series())).toMatchObject({ rounds: [], failure: 'nothing was measured' })
    expect(ratio(series(1), series(0)).failure).toBe('nothing was measured')
  })

  it('meet a limit that they do not pass, on either side', () => {
    expect(judge('row', series(1, 2, 3), { atMost: 2 })).toMatchObject({ value: 2, target: 2, bound: 'at most', met: true, spread: 2 })
    expect(judge('row', series(1, 3, 3), { atMost: 2 }).met).toBe(false)
    expect(judge('row', series(5, 5, 4), { atLeast: 5 })).toMatchObject({ bound: 'at least', met: true })
    expect(judge('row', series(4, 4, 5), { atLeast: 5 }).met).toBe(false)
  })

  it('never say of a target that it is met when it was not measured', () => {
    const row = { value: null, met: false, spread: null, runs: [], note: 'not measured: it broke' }
    expect(judge('row', failed, { atMost: 1_000 })).toMatchObject(row)
    expect(judge('row', failed, { atLeast: 0 })).toMatchObject(row)
    expect(judge('row', series(), { atMost: 1 })).toMatchObject({ value: null, met: false })
  })

  it('are neither met nor missed where nothing is asked', () => {
    expect(figure('row', series(1))).toMatchObject({ value: 1, target: null, bound: null, met: null })
  })

  it('tell the slowest hundredth only of many', () => {
    const samples = Array.from({ length: 1_000 }, (_, index) => index + 1)
    expect(publish({ ...series(1), samples })).toMatchObject({ p95: 950, p99: 990 })
    expect(publish({ ...series(1), samples: samples.slice(0, 999) })).not.toHaveProperty('p99')
    expect(publish(failed)).toEqual({ failure: 'it broke' })
  })
})

describe('a contest', () => {
  it('gives everybody a turn in each round, and another one the first', async () => {
    const turns: string[] = []
    const contender = (name: string) => ({
      name,
      round: async () => {
        turns.push(name)
        return [1, 3, 2]
      },
    })
    const all = await contest([contender('a'), contender('b')], 'ms', 2)
    expect(turns).toEqual(['a', 'b', 'b', 'a'])
    expect(all).toMatchObject({ a: { rounds: [2, 2], samples: [1, 3, 2, 1, 3, 2] }, b: { rounds: [2, 2] } })
  })

  it('drops all that a contender gave when it is wrong once, and goes on without it', async () => {
    let rounds = 0
    const wrong = {
      name: 'peer',
      round: async () => {
        rounds++
        if (rounds === 2) throw new Error('what arrived was not what was sent')
        return [1]
      },
    }
    const all = await contest([wrong, { name: 'Muster', round: async () => [2] }], 'kB/s', 4)
    expect(rounds).toBe(2)
    expect(seriesOf(all, 'Muster').rounds).toEqual([2, 2, 2, 2])
    const row = judge('Muster / peer', ratio(seriesOf(all, 'Muster'), seriesOf(all, 'peer')), { atLeast: 1 })
    expect(row).toMatchObject({ met: false, value: null, note: 'not measured: what arrived was not what was sent' })
  })

  it('says of a peer that is not installed why', async () => {
    const peers = publishAll({}, { ...NO_PEERS, missing: { belay: 'there is no Python' } })
    expect(peers).toEqual({ belay: { failure: 'there is no Python' } })
    expect(ratio(series(1), seriesOf({}, 'belay'))).toMatchObject({ failure: 'belay took no part' })
  })
})
