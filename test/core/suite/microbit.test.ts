import { meet } from './board-bench'
import { describeBoard } from './board-suite'
import { MICROBIT } from './targets'

describeBoard(MICROBIT, await meet(MICROBIT))
