import { meet } from './board-bench'
import { describeBoard } from './board-suite'
import { NATIVE_BOARD } from './targets'

describeBoard(NATIVE_BOARD, await meet(NATIVE_BOARD))
