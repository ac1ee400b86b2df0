import { type Bench, type BenchOptions, withBench } from '../bench'
import { type Contender, contest, publishAll, seriesOf } from '../contest'
import { BOARD_FILE, type Content, copyOf, kilobytes, rate, sha256Of, written } from '../copies'
import { figure, judge, type Result, ratio, type Series } from '../figures'
import { MPREMOTE, MPREMOTE_PLAIN, musterWriter, toolContenders } from '../file-contenders'
import { randomBytes, sourceText } from '../payloads'

const BEST_TIMES_MIN = 5
const PLAIN_TIMES_MIN = 25

export async function measureWrites(options: BenchOptions): Promise<readonly Result[]> {
  return await withBench(options, async bench => [
    ...(await writes(bench, 'random bytes', randomBytes)),
    ...(await writes(bench, 'source text', sourceText)),
  ])
}

export async function measureReads(options: BenchOptions): Promise<readonly Result[]> {
  return await withBench(options, async bench => {
    const all = await contest(await readers(bench), 'kB/s', bench.sizes.rounds)
    return [
      figure(`read ${kilobytes(bench.sizes.fileBytes)}`, seriesOf(all, 'Muster'), publishAll(all, bench.peers)),
      judge('read: Muster / mpremote', times(all, MPREMOTE), { atLeast: BEST_TIMES_MIN }),
    ]
  })
}

async function writes(bench: Bench, what: string, content: Content): Promise<readonly Result[]> {
  const all = await contest(await writers(bench, content), 'kB/s', bench.sizes.rounds)
  return [
    figure(`write ${kilobytes(bench.sizes.fileBytes)} of ${what}`, seriesOf(all, 'Muster'), publishAll(all, bench.peers)),
    judge(`write ${what}: Muster / mpremote`, times(all, MPREMOTE), { atLeast: BEST_TIMES_MIN }),
    judge(`write ${what}: Muster / mpremote without raw-paste`, times(all, MPREMOTE_PLAIN), { atLeast: PLAIN_TIMES_MIN }),
  ]
}

async function writers(bench: Bench, content: Content): Promise<readonly Contender[]> {
  const { port, sizes } = bench
  const best = await copyOf(bench, content, sizes.fileBytes)
  const slow = await copyOf(bench, content, sizes.slowFileBytes)
  const slowest = await copyOf(bench, content, sizes.slowestFileBytes)
  const tools = toolContenders(bench, { best, inChunks: best, slow, slowest }, ({ python, chunk, using }, copy) =>
    written(port, copy, () => using(() => python.write(BOARD_FILE, copy.local, chunk))),
  )
  return [musterWriter(bench, best), ...tools]
}

async function readers(bench: Bench): Promise<readonly Contender[]> {
  const { muster, port, sizes } = bench
  const best = await copyOf(bench, randomBytes, sizes.fileBytes)
  const slow = await copyOf(bench, randomBytes, sizes.slowFileBytes)
  const places = new Map([
    [best, '/large.dat'],
    [slow, '/small.dat'],
  ])
  for (const [{ bytes }, place] of places) {
    await muster.withSession(port, async sessionId => await muster.writeFile(sessionId, place, bytes))
  }
  const own: Contender = {
    name: 'Muster',
    async round() {
      return await muster.withSession(port, async sessionId => {
        const { bytes, seconds } = await muster.readFile(sessionId, '/large.dat')
        return [rate(best, seconds, sha256Of(bytes))]
      })
    },
  }
  const tools = toolContenders(bench, { best, inChunks: slow, slow, slowest: slow }, ({ python, chunk, using }, copy) =>
    using(async () => {
      const { seconds, sha256 } = await python.read(places.get(copy) ?? '', chunk)
      return [rate(copy, seconds, sha256)]
    }),
  )
  return [own, ...tools]
}

function times(all: Readonly<Record<string, Series>>, peer: string): Series {
  return ratio(seriesOf(all, 'Muster'), seriesOf(all, peer))
}
