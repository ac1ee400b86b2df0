import { type NativeBoard, startNativeBoard } from '../../boards/native-board'
import { withBareRepl } from '../bare-repl'
import type { BenchOptions } from '../bench'
import { BOARD_FILE, kilobytes, sha256Of } from '../copies'
import { figure, judge, median, type Result, type Series } from '../figures'
import { Muster } from '../muster'
import { randomBytes } from '../payloads'

const WAVE_MAX_MS = 150
/** Waves differ by more than this for no reason at all. */
const HUNG_RATIO_MAX = 1.1
const SLOWEST_RATIO_MAX = 2
/** One wave in so many, before the first that counts: sessions that have just been opened still have other things to do. */
const WARM_UP_SHARE = 4
const FLASH_KB = 1_024
const HUNG_TIMEOUT_MS = 600_000
const SEED = 64

interface Fleet {
  readonly muster: Muster
  readonly boards: readonly NativeBoard[]
  readonly sessionIds: readonly string[]
}

/** `print(1)` on all boards at once, with and without one among them that hangs. */
export async function measureWaves({ sizes }: BenchOptions): Promise<readonly Result[]> {
  return await withFleet(sizes.boards, async ({ muster, boards, sessionIds }) => {
    const [hungId = '', ...others] = sessionIds
    await waves(muster, sessionIds, Math.ceil(sizes.waves / WARM_UP_SHARE))
    const all = await waves(muster, sessionIds, sizes.waves)
    const quiet: number[] = []
    const beside: number[] = []
    // In turn, so that both meet the same machine.
    for (let round = 0; round < sizes.rounds; round++) {
      quiet.push(median(await waves(muster, others, sizes.waves)))
      boards[0]?.freeze()
      const hung = muster.manager.execute(hungId, 'print(1)', { timeoutMs: HUNG_TIMEOUT_MS })
      beside.push(median(await waves(muster, others, sizes.waves)))
      boards[0]?.thaw()
      await hung
    }
    const perWave: Series = { unit: 'ms', rounds: all }
    const ratio: Series = { unit: '×', rounds: beside.map((value, round) => value / (quiet[round] ?? Number.NaN)) }
    return [
      judge(`print(1) on ${sizes.boards} boards at once`, perWave, { atMost: WAVE_MAX_MS }),
      figure(`the same on ${others.length} of them`, { unit: 'ms', rounds: quiet }),
      figure(`the same on ${others.length} of them while the other hangs`, { unit: 'ms', rounds: beside }),
      judge('a wave with a hung board / without', ratio, { atMost: HUNG_RATIO_MAX }),
    ]
  })
}

/** A file to every board at once. */
export async function measureParallelWrites({ sizes }: BenchOptions): Promise<readonly Result[]> {
  const bytes = randomBytes(sizes.boardFileBytes, SEED)
  const sha256 = sha256Of(bytes)
  return await withFleet(sizes.boards, async ({ muster, boards, sessionIds }) => {
    const rates: number[] = []
    const ratios: number[] = []
    for (let round = 0; round < sizes.rounds; round++) {
      const startedMs = performance.now()
      const seconds = await Promise.all(sessionIds.map(sessionId => muster.writeFile(sessionId, `${BOARD_FILE}${round % 2}`, bytes)))
      rates.push((sizes.boards * bytes.length) / (performance.now() - startedMs))
      ratios.push(Math.max(...seconds) / Math.min(...seconds))
    }
    for (const sessionId of sessionIds) await muster.manager.close(sessionId, { mode: 'flush' })
    for (const { path } of boards) {
      const found = await withBareRepl(path, repl => repl.sha256(`${BOARD_FILE}${(sizes.rounds - 1) % 2}`))
      if (found !== sha256) throw new Error(`A board has something else in its file: ${path}.`)
    }
    const what = `${kilobytes(bytes.length)} to each of ${sizes.boards} boards at once`
    return [
      figure(`${what}, in all`, { unit: 'kB/s', rounds: rates }),
      judge(`${what}: slowest / fastest`, { unit: '×', rounds: ratios }, { atMost: SLOWEST_RATIO_MAX }),
    ]
  })
}

/** Milliseconds of each wave, from the first to the last board's answer. */
async function waves(muster: Muster, sessionIds: readonly string[], count: number): Promise<readonly number[]> {
  const all: number[] = []
  for (let wave = 0; wave < count; wave++) {
    const startedMs = performance.now()
    await Promise.all(sessionIds.map(sessionId => muster.print(sessionId)))
    all.push(performance.now() - startedMs)
  }
  return all
}

async function withFleet<T>(count: number, work: (fleet: Fleet) => Promise<T>): Promise<T> {
  const muster = new Muster()
  const boards: NativeBoard[] = []
  try {
    for (let number = 1; number <= count; number++) {
      boards.push(await startNativeBoard({ uniqueId: number.toString(16).padStart(16, '0'), flashKb: FLASH_KB }))
    }
    const sessionIds = await Promise.all(boards.map(({ path }) => muster.open(path)))
    return await work({ muster, boards, sessionIds })
  } finally {
    for (const board of boards) board.thaw()
    await muster.end()
    for (const board of boards) await board.unplug()
  }
}
