import { type ErrorInfo, MusterError } from '../../../../shared/errors'
import type { Subject } from '../session-errors'

export function queueFull({ sessionId, name }: Subject, limit: number): MusterError {
  return new MusterError({
    code: 'QueueFull',
    message: `${limit} executions already wait for ${name}.`,
    hint: 'Wait until some have run, or cancel them.',
    retry: true,
    sessionId,
  })
}

/** How an execution failed; `happened` ends the sentence that begins with the execution. */
export interface ExecutionFailure extends Pick<ErrorInfo, 'code' | 'reason' | 'hint' | 'retry'> {
  readonly happened: string
}

export function replyTooLarge(limitBytes: number, bytes: number): ExecutionFailure {
  return {
    code: 'OperationFailed',
    reason: 'reply-too-large',
    happened: `ran, but printed ${bytes} bytes where its reply may carry ${limitBytes}.`,
    hint: 'All that is kept of the output is in the console. Print less, or raise “deviceSessions.maxMessageBytes” in the settings.',
  }
}

/** `problem` ends a sentence that begins with the value. */
export function valueUnreadable(problem: string): ExecutionFailure {
  return {
    code: 'OperationFailed',
    reason: 'parse',
    happened: `ran, but gave no value. The value ${problem}`,
    hint: 'End the snippet with an expression that JSON can say: numbers, text, lists, dicts, True, False or None.',
  }
}

/** An execution that has no result. `output` is what it printed so far; undefined when it never ran. */
export function executionError(
  { sessionId, name }: Subject,
  execution: { readonly executionId: string; readonly title: string; readonly output: string | undefined },
  what: ExecutionFailure,
  cause?: unknown,
): MusterError {
  const { happened, ...info } = what
  return new MusterError(
    {
      ...info,
      message: `${execution.title} on ${name} ${happened}`,
      ...(execution.output !== undefined && { output: execution.output }),
      sessionId,
      executionId: execution.executionId,
    },
    { cause },
  )
}
