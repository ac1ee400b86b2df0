import type { BenchOptions } from '../bench'
import type { Result } from '../figures'
import { measureReads, measureWrites } from './files'
import { measureParallelWrites, measureWaves } from './many-boards'
import { measurePrints } from './print'
import { measureSessions } from './sessions'
import { measureSlowLine } from './slow-line'

/** By the names that `--only` takes, in the order of the table. */
export const PARTS: Readonly<Record<string, (options: BenchOptions) => Promise<readonly Result[]>>> = {
  print: measurePrints,
  write: measureWrites,
  read: measureReads,
  line: measureSlowLine,
  waves: measureWaves,
  together: measureParallelWrites,
  sessions: measureSessions,
}
