import { type BareRepl, withBareRepl } from '../bare-repl'
import { type Bench, type BenchOptions, withBench } from '../bench'
import { type Contender, contest, publishAll, seriesOf } from '../contest'
import { figure, judge, type Result, ratio } from '../figures'
import { mpremoteProcess, type PythonTool } from '../python-peers'

const BARE_RATIO_MAX = 1.25
const MPREMOTE_RATIO_MAX = 1
const MPREMOTE_SLOW_TIMES_MIN = 10

const BARE = 'bare loop'
const MPREMOTE = 'mpremote'
const MPREMOTE_ELSEWHERE = 'mpremote off its pts path'

/** Those that answer in less than a millisecond are compared so many times as often: what else the machine does shows there. */
const QUICK_ROUNDS = 3

/** `print(1)`, over and over, on one board. */
export async function measurePrints(options: BenchOptions): Promise<readonly Result[]> {
  return await withBench(options, async bench => {
    const { rounds, prints } = options.sizes
    const [own, bare] = [ownContender(bench), bareContender(bench)]
    const tools = installedTools(bench)
    const quick = await contest([own, bare, ...tools.filter(({ name }) => name === MPREMOTE)], 'ms', rounds * QUICK_ROUNDS)
    const slow = await contest([own, ...tools.filter(({ name }) => name !== MPREMOTE)], 'ms', rounds)
    const ofMuster = seriesOf(quick, 'Muster')
    const timesFaster = ratio(seriesOf(slow, MPREMOTE_ELSEWHERE, 'mpremote took no part'), seriesOf(slow, 'Muster'))
    return [
      figure(`print(1), ${prints} times a round`, ofMuster, publishAll({ ...slow, ...quick }, options.peers)),
      judge('print(1): Muster / bare loop', ratio(ofMuster, seriesOf(quick, BARE)), { atMost: BARE_RATIO_MAX }),
      judge('print(1): Muster / mpremote', ratio(ofMuster, seriesOf(quick, MPREMOTE)), { atMost: MPREMOTE_RATIO_MAX }),
      judge('print(1): mpremote off its pts path / Muster', timesFaster, { atLeast: MPREMOTE_SLOW_TIMES_MIN }),
    ]
  })
}

function ownContender({ muster, port, sizes }: Bench): Contender {
  return { name: 'Muster', round: () => muster.withSession(port, sessionId => times(sizes.prints, () => muster.print(sessionId))) }
}

function bareContender({ port, sizes }: Bench): Contender {
  return { name: BARE, round: () => withBareRepl(port, repl => times(sizes.prints, () => barePrint(repl))) }
}

function installedTools({ python, port, otherName, sizes, peers }: Bench): readonly Contender[] {
  if (python === null) return []
  const { prints, slowPrints, newProcessPrints } = sizes
  const tool = (name: string, of: PythonTool, count: number, on = port, rawPaste = true): Contender => ({
    name,
    ...(count !== prints && { note: `${count} a round` }),
    round: () => python.with(of, on, { rawPaste }, () => python.run(count)),
  })
  const newProcess = (name: string, on: string): Contender => ({
    name,
    note: `${newProcessPrints} a round`,
    round: () => times(newProcessPrints, () => mpremoteProcess(peers.python ?? '', on)),
  })
  const all: readonly (readonly [PythonTool, Contender])[] = [
    ['mpremote', tool(MPREMOTE, 'mpremote', prints)],
    ['mpremote', tool(MPREMOTE_ELSEWHERE, 'mpremote', slowPrints, otherName)],
    ['mpremote', tool('mpremote without raw-paste', 'mpremote', slowPrints, port, false)],
    ['mpremote', newProcess('mpremote, a process each', port)],
    ['mpremote', newProcess('mpremote, a process each, off its pts path', otherName)],
    ['belay', tool('belay', 'belay', slowPrints)],
    ['rshell', tool('rshell', 'rshell', newProcessPrints)],
    ['ampy', tool('ampy', 'ampy', newProcessPrints)],
  ]
  return all.filter(([name]) => name in peers.versions).map(([, contender]) => contender)
}

async function barePrint(repl: BareRepl): Promise<number> {
  const startedMs = performance.now()
  const output = await repl.run('print(1)')
  const tookMs = performance.now() - startedMs
  if (output.trim() !== '1') throw new Error(`print(1) answered ${JSON.stringify(output)}`)
  return tookMs
}

async function times(count: number, run: () => Promise<number>): Promise<readonly number[]> {
  const all: number[] = []
  for (let number = 0; number < count; number++) all.push(await run())
  return all
}
