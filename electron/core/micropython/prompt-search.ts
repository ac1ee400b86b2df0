import { randomBytes } from 'node:crypto'
import { PROMPT_PROBE_TIMEOUT_MS, PROMPT_SEARCH_OUTPUT_MAX_BYTES, RAW_REPL_RETRY_MS } from '../../../shared/limits'
import type { Activity, OutputSink } from './activity'
import { ascii, ControlByte, indexOfBytes } from './control-bytes'
import { FriendlyPromptFilter } from './friendly-prompt-filter'
import { ProbeAnswerFilter } from './probe-answer-filter'
import type { RawReplLink } from './raw-repl-link'

/** A word that no board has sent before. Even its halves are longer than the ten characters up to which MicroPython keeps each string for ever. */
export function newToken(): string {
  return randomBytes(16).toString('hex')
}

/** All that a board can say whose heap is full, or locked: it has no room to compile even the probe. */
const NO_MEMORY = /^MemoryError: [^\r\n]*\r?\n$/
/** In a row, each in a round of its own: an answer that was late would be followed by another one. */
const REFUSALS_THAT_PROVE = 2

/**
 * Code that answers with a token in an exception's text. It names nothing, because a snippet may have redefined any name,
 * and it does not hold the token as such, because a port may echo.
 */
function probeCode(token: string): string {
  const half = token.length / 2
  return `{}['${token.slice(0, half)}'+'${token.slice(half)}']`
}

/**
 * Reaches the raw prompt, whatever the board does, and proves it. Resolves false when the deadline passes first;
 * without a deadline it goes on until the activity is stopped.
 *
 * 03 ends a program, a typed line, paste mode and a half-filled raw buffer, and 01 then asks for the raw REPL; both
 * again and again, because some boards heed them only seconds later (micropython#10041). A carriage return is never sent:
 * it would execute a half-typed line. A banner alone proves nothing, it may be an old one: the board has to evaluate
 * something. As a board reads its input in order, nothing from before can follow the answer to the latest probe. A board without
 * memory says so instead, again and again, and can be reset from there.
 */
export async function reachPrompt(link: RawReplLink, activity: Activity, deadlineMs = Number.POSITIVE_INFINITY): Promise<boolean> {
  const { clock } = link
  const { sink } = activity
  const filter = new FriendlyPromptFilter(limited(sink, PROMPT_SEARCH_OUTPUT_MAX_BYTES))
  const lateAnswers = new ProbeAnswerFilter(bytes => filter.push(bytes))
  // All that comes during the search is from outside of any execution, except for the probes' own answers.
  activity.sink = ({ type, bytes }) => {
    if (type !== 'exception') lateAnswers.push(bytes)
  }
  try {
    let refusals = 0
    for (let roundEndMs = 0; ; ) {
      // Not at once after a wrong answer either: a port that answers anything must not be asked without end.
      await activity.pause(roundEndMs - clock.monotonicMs())
      if (clock.monotonicMs() >= deadlineMs) return false
      roundEndMs = Math.min(deadlineMs, clock.monotonicMs() + RAW_REPL_RETRY_MS)
      link.abandon()
      activity.forgetEvents()
      if (!link.isWriteBlocked) {
        link.sendInterrupt()
        link.requestPrompt()
      }
      const banner = await activity.nextOf('banner', roundEndMs - clock.monotonicMs())
      const answer = banner === null ? 'other' : await probe(link, activity, lateAnswers, deadlineMs - clock.monotonicMs())
      refusals = answer === 'no-memory' ? refusals + 1 : 0
      if (answer !== 'right' && refusals < REFUSALS_THAT_PROVE) continue
      link.lacksMemory = answer !== 'right'
      link.promptProved()
      return true
    }
  } finally {
    lateAnswers.end()
    filter.end()
    activity.sink = sink
  }
}

async function probe(
  link: RawReplLink,
  activity: Activity,
  lateAnswers: ProbeAnswerFilter,
  timeoutMs: number,
): Promise<'right' | 'no-memory' | 'other'> {
  const token = newToken()
  lateAnswers.expect(token)
  link.expectExecution()
  void link.write(Uint8Array.of(...ascii(probeCode(token)), ControlByte.end))
  const prompt = await activity.nextOf('prompt', Math.min(PROMPT_PROBE_TIMEOUT_MS, timeoutMs))
  if (prompt === null) return 'other'
  if (indexOfBytes(prompt.exception, ascii(token)) !== -1) return 'right'
  return NO_MEMORY.test(Buffer.from(prompt.exception).toString('latin1')) ? 'no-memory' : 'other'
}

function limited(sink: OutputSink, limitBytes: number): (bytes: Uint8Array) => void {
  let leftBytes = limitBytes
  return bytes => {
    if (leftBytes === 0) return
    const passed = bytes.subarray(0, leftBytes)
    leftBytes -= passed.length
    sink({ type: 'outside', bytes: passed })
  }
}
