import type { MusterError } from '../../../../shared/errors'
import type { Clock } from '../../base/clock'
import type { ExecutionRunner } from '../executions/execution-runner'
import { closeFailed, type Subject } from '../session-errors'
import type { CloseOptions } from '../session-needs'
import { settledWithin } from '../waiting'
import type { BoardLine } from './board-line'
import type { Abort } from './wire'

interface OrderlyClose {
  readonly clock: Clock
  readonly subject: Subject
  readonly runner: ExecutionRunner
  readonly line: BoardLine
  readonly mode: CloseOptions['mode']
  readonly limitMs: number
  /** What the executions that are cut off are told. */
  readonly abort: Abort
  /** Settles when the session has ended another way: then there is nothing to wait for. */
  readonly ended: Promise<unknown>
}

/** Ends the work, leaves the board, closes the port, within the limit. Resolves with what went wrong, or null. */
export async function closeInOrder(close: OrderlyClose): Promise<MusterError | null> {
  const work = windDown(close).then(
    () => null,
    (cause: unknown) => closeFailed(close.subject, cause),
  )
  const outcome = Promise.race([work, close.ended.then(() => null)])
  const isInTime = await settledWithin(close.clock, outcome, close.limitMs)
  return isInTime ? await outcome : closeFailed(close.subject, null)
}

async function windDown({ mode, runner, line, abort }: OrderlyClose): Promise<void> {
  if (mode === 'now') {
    const isBusy = !runner.isQuiet
    runner.abort(abort)
    if (isBusy && line.isOpen) await runner.interruptBoard()
  } else {
    runner.abortWaiting(abort)
    await runner.settled()
    await line.written()
  }
  await line.close()
}
