import { meet } from './board-bench'
import { describeBoard } from './board-suite'
import { SIMULATED_BOARD } from './targets'

describeBoard(SIMULATED_BOARD, await meet(SIMULATED_BOARD))
