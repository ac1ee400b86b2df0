import type { MusterError } from '../../../shared/errors'
import { SHUTDOWN_TIMEOUT_MS } from '../../../shared/limits'
import type { Clock } from '../base/clock'
import type { BoardConnection } from './board-connection'
import type { ExecutionRunner } from './execution-runner'
import { closeFailed, type Subject } from './session-errors'
import type { CloseOptions } from './session-needs'
import { settledWithin } from './waiting'
import type { Abort } from './wire'

interface OrderlyClose {
  readonly clock: Clock
  readonly subject: Subject
  readonly runner: ExecutionRunner
  readonly connection: BoardConnection | null
  readonly mode: CloseOptions['mode']
  /** What the executions that are cut off are told. */
  readonly abort: Abort
  /** Settles when the session has ended another way: then there is nothing to wait for. */
  readonly ended: Promise<unknown>
}

/** Ends the work, leaves the board, closes the port, within `SHUTDOWN_TIMEOUT_MS`. Resolves with what went wrong, or null. */
export async function closeInOrder(close: OrderlyClose): Promise<MusterError | null> {
  const work = windDown(close).then(
    () => null,
    (cause: unknown) => closeFailed(close.subject, cause),
  )
  const outcome = Promise.race([work, close.ended.then(() => null)])
  const isInTime = await settledWithin(close.clock, outcome, SHUTDOWN_TIMEOUT_MS)
  return isInTime ? await outcome : closeFailed(close.subject, null)
}

async function windDown({ mode, runner, connection, abort }: OrderlyClose): Promise<void> {
  if (mode === 'now') {
    const isBusy = runner.running !== null
    runner.abort(abort)
    if (isBusy) await runner.interruptBoard()
  } else {
    runner.abortWaiting(abort)
    await runner.settled()
  }
  await connection?.close()
}
