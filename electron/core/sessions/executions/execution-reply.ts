import type { ExecutionResult } from '../../../../shared/model'
import type { ExecutionEnd } from '../../micropython/board-protocol'
import type { Execution } from './execution'
import { type ExecutionFailure, replyTooLarge, valueUnreadable } from './execution-errors'
import { decodeText } from './reply-output'

const MAX_MESSAGE_CHARS = 200

/** What an execution that ended on the board is answered with: its result, or why there can be none. */
export type Reply =
  | { readonly result: ExecutionResult /** For its mark in the output. */; readonly message: string | null }
  | { readonly failure: ExecutionFailure }

/** `limitBytes`: output that a reply may carry. */
export function replyOf(execution: Execution, end: ExecutionEnd, limitBytes: number): Reply {
  const { executionId, number, reply } = execution
  const { outcome, durationMs, resynchronised } = end
  if (reply.isTruncated) return { failure: replyTooLarge(limitBytes, reply.totalBytes) }
  const value = outcome === 'ok' ? (execution.value?.end() ?? null) : null
  if (value !== null && value.error !== null) return { failure: valueUnreadable(value.error) }
  const traceback = outcome === 'exception' ? decodeText(end.exception) : undefined
  const result = Object.freeze({
    executionId,
    number,
    outcome,
    stdout: reply.text,
    stdoutBytes: reply.totalBytes,
    ...(traceback !== undefined && { traceback }),
    ...(value !== null && { value: value.value }),
    durationMs,
    ...(resynchronised && { resynchronised }),
  })
  return { result, message: traceback === undefined ? null : lastLine(traceback) }
}

function lastLine(text: string): string {
  const line = text.trimEnd().split('\n').at(-1) ?? ''
  return line.slice(0, MAX_MESSAGE_CHARS)
}
