import { type Bench, type BenchOptions, withBench } from '../bench'
import { type Contender, contest, publishAll, seriesOf } from '../contest'
import { BOARD_FILE, type Content, type Copy, copyOf, kilobytes, rate, sha256Of, written } from '../copies'
import { figure, judge, type Result, ratio, type Series } from '../figures'
import { randomBytes, sourceText } from '../payloads'
import type { PythonTool } from '../python-peers'

const BEST_TIMES_MIN = 5
const PLAIN_TIMES_MIN = 25

const MPREMOTE = 'mpremote'
const MPREMOTE_PLAIN = 'mpremote without raw-paste'
/** What the API of mpremote can be told and its commands never tell it: published, as the most that it could do. */
const LARGE_CHUNK_BYTES = 4_096

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
  const { muster, python, port, otherName, sizes, peers } = bench
  const large = await copyOf(bench, content, sizes.fileBytes)
  const small = await copyOf(bench, content, sizes.slowFileBytes)
  const least = await copyOf(bench, content, sizes.slowestFileBytes)
  const own: Contender = {
    name: 'Muster',
    round: () =>
      written(port, large, () => muster.withSession(port, async sessionId => await muster.writeFile(sessionId, BOARD_FILE, large.bytes))),
  }
  if (python === null) return [own]
  const tool = (
    name: string,
    of: PythonTool,
    copy: Copy,
    { on = port, rawPaste = true, chunk = 0 } = {},
  ): readonly [PythonTool, Contender] => [
    of,
    {
      name,
      note: `with ${kilobytes(copy.bytes.length)}`,
      round: () =>
        written(port, copy, () => python.with(of, on, { rawPaste }, () => python.write(BOARD_FILE, copy.local, chunk || undefined))),
    },
  ]
  const all = [
    tool(MPREMOTE, 'mpremote', large),
    tool(`mpremote in chunks of ${LARGE_CHUNK_BYTES}`, 'mpremote', large, { chunk: LARGE_CHUNK_BYTES }),
    tool('mpremote off its pts path', 'mpremote', small, { on: otherName }),
    tool(MPREMOTE_PLAIN, 'mpremote', small, { rawPaste: false }),
    tool('belay', 'belay', small),
    tool('rshell', 'rshell', small),
    tool('ampy', 'ampy', least),
  ]
  return [own, ...all.filter(([name]) => name in peers.versions).map(([, contender]) => contender)]
}

async function readers(bench: Bench): Promise<readonly Contender[]> {
  const { muster, python, port, otherName, sizes, peers } = bench
  const large = await copyOf(bench, randomBytes, sizes.fileBytes)
  const small = await copyOf(bench, randomBytes, sizes.slowFileBytes)
  const places = new Map([
    [large, '/large.dat'],
    [small, '/small.dat'],
  ])
  for (const [{ bytes }, place] of places) {
    await muster.withSession(port, async sessionId => await muster.writeFile(sessionId, place, bytes))
  }
  const own: Contender = {
    name: 'Muster',
    async round() {
      return await muster.withSession(port, async sessionId => {
        const { bytes, seconds } = await muster.readFile(sessionId, '/large.dat')
        return [rate(large, seconds, sha256Of(bytes))]
      })
    },
  }
  if (python === null) return [own]
  const tool = (
    name: string,
    of: PythonTool,
    copy: Copy,
    { on = port, rawPaste = true, chunk = 0 } = {},
  ): readonly [PythonTool, Contender] => [
    of,
    {
      name,
      note: `with ${kilobytes(copy.bytes.length)}`,
      round: () =>
        python.with(of, on, { rawPaste }, async () => {
          const { seconds, sha256 } = await python.read(places.get(copy) ?? '', chunk || undefined)
          return [rate(copy, seconds, sha256)]
        }),
    },
  ]
  const all = [
    tool(MPREMOTE, 'mpremote', large),
    tool(`mpremote in chunks of ${LARGE_CHUNK_BYTES}`, 'mpremote', small, { chunk: LARGE_CHUNK_BYTES }),
    tool('mpremote off its pts path', 'mpremote', small, { on: otherName }),
    tool(MPREMOTE_PLAIN, 'mpremote', small, { rawPaste: false }),
    tool('belay', 'belay', small),
    tool('rshell', 'rshell', small),
    tool('ampy', 'ampy', small),
  ]
  return [own, ...all.filter(([name]) => name in peers.versions).map(([, contender]) => contender)]
}

function times(all: Readonly<Record<string, Series>>, peer: string): Series {
  return ratio(seriesOf(all, 'Muster'), seriesOf(all, peer))
}
