import { BadLine } from '../../boards/bad-line'
import { type Bench, type BenchOptions, withBench } from '../bench'
import { type Contender, contest, publishAll, seriesOf } from '../contest'
import { BOARD_FILE, type Content, copyOf, kilobytes, written } from '../copies'
import { figure, judge, type Result, ratio, type Series } from '../figures'
import { musterWriter } from '../file-contenders'
import { randomBytes, sourceText } from '../payloads'

/** 115,200 baud: a start and a stop bit to each eight. */
const LINE_BYTES_PER_SECOND = 11_520
const RANDOM_SHARE_MIN = 0.9
const SOURCE_SHARE_MIN = 2
const MPREMOTE_TIMES_MIN = 3
const SEED = 4

/** Writes over a line of 115,200 baud, both ways paced. */
export async function measureSlowLine(options: BenchOptions): Promise<readonly Result[]> {
  return await withBench(options, async bench => {
    const pace = { bytesPerSecond: LINE_BYTES_PER_SECOND }
    const line = await BadLine.open({ board: bench.port, seed: SEED, toBoard: pace, fromBoard: pace })
    try {
      return [
        ...(await writes({ ...bench, port: line.path }, 'random bytes', randomBytes, RANDOM_SHARE_MIN)),
        ...(await writes({ ...bench, port: line.path }, 'source text', sourceText, SOURCE_SHARE_MIN)),
      ]
    } finally {
      await line.close()
    }
  })
}

async function writes(bench: Bench, what: string, content: Content, share: number): Promise<readonly Result[]> {
  const { python, port, sizes, peers } = bench
  const large = await copyOf(bench, content, sizes.lineFileBytes)
  const small = await copyOf(bench, content, sizes.slowLineFileBytes)
  const own = musterWriter(bench, large)
  const mpremote: Contender = {
    name: 'mpremote',
    note: `with ${kilobytes(small.bytes.length)}`,
    round: () =>
      written(
        port,
        small,
        async () => (await python?.with('mpremote', port, {}, () => python.write(BOARD_FILE, small.local))) ?? Number.NaN,
      ),
  }
  const contenders = python !== null && 'mpremote' in peers.versions ? [own, mpremote] : [own]
  const all = await contest(contenders, 'kB/s', sizes.rounds)
  const series = seriesOf(all, 'Muster')
  const ofLine: Series = { ...series, unit: '× line', rounds: series.rounds.map(value => (value * 1_000) / LINE_BYTES_PER_SECOND) }
  return [
    figure(`write ${kilobytes(sizes.lineFileBytes)} of ${what} at 11,520 B/s`, series, publishAll(all, peers)),
    judge(`${what} at 11,520 B/s: Muster / line`, ofLine, { atLeast: share }),
    judge(`${what} at 11,520 B/s: Muster / mpremote`, ratio(series, seriesOf(all, 'mpremote')), { atLeast: MPREMOTE_TIMES_MIN }),
  ]
}
