import { it } from 'vitest'
import type { BoardFeature, BoardIdentity } from '../../../shared/model'
import type { BoardBench } from './board-bench'

export interface Suite {
  readonly board: BoardIdentity
  /** Of the tests around it; there from `beforeAll` on. */
  readonly bench: () => BoardBench
}

export interface Needs {
  readonly features?: readonly BoardFeature[]
  /** Free on the board when it was asked who it is. */
  readonly memoryBytes?: number
}

/** A test that a board which lacks something skips, and says so in its title. */
export function itNeeding(board: BoardIdentity, needs: Needs, title: string, test: () => Promise<void>): void {
  const { features = [], memoryBytes = 0 } = needs
  const missing: string[] = features.filter(feature => !board.features.includes(feature))
  if ((board.freeMemoryBytes ?? 0) < memoryBytes) missing.push('room for it')
  if (missing.length === 0) it(title, test)
  else it.skip(`${title} [skipped: this board has no ${missing.join(', ')}]`, test)
}
