import { describe, it } from 'vitest'
import { meet } from './board-bench'
import { describeBoard } from './board-suite'
import { realBoard } from './targets'

const { MUSTER_TEST_PORT: port, MUSTER_TEST_BAUD: baud } = process.env

if (port !== undefined && port !== '') {
  const target = realBoard(port, baud === undefined ? undefined : Number(baud))
  describeBoard(target, await meet(target))
} else {
  describe('a board that is plugged in', () => {
    it.skip('[skipped: MUSTER_TEST_PORT names no port]', () => {})
  })
}
