import { MusterError } from '../../../../shared/errors'
import { FILE_CHUNK_ATTEMPTS, FILE_OPERATION_TIMEOUT_MS, FILE_STEP_TIMEOUT_MS, MAX_MESSAGE_BYTES } from '../../../../shared/limits'
import type { Clock } from '../../base/clock'
import { ProtocolError } from '../board-protocol'
import type { Answer, BoardTalk } from '../board-talk'
import { newToken } from '../prompt-search'
import { answeringProgram, type BoardFailure, exceptionFailure, type ProgramAnswer, readAnswer } from './answer'
import type { ChecksumKind } from './checksum'
import { boardError, type FileDeed, fileError } from './file-failure'
import type { LinePace } from './line-pace'
import { boardProgram, type ProgramForm } from './python-source'

export interface Question {
  readonly deed: string
  /**
   * Python for `answeringProgram`. `again`: an earlier attempt may have done its work without our hearing of it, so what is
   * found done is fine.
   */
  readonly body: (again: boolean) => string
  /** What the board's own work takes at most, besides a short operation's time. */
  readonly workMs?: number
  readonly maxBytes?: number
  readonly signal?: AbortSignal
}

/** Executions are the same as no execution when the board has not understood them: then they are tried again. */
export class BoardQuestions {
  constructor(
    private readonly talk: BoardTalk,
    readonly checksumKind: ChecksumKind,
    private form: ProgramForm,
    private readonly clock: Clock,
    private readonly pace: LinePace,
  ) {}

  get port(): string {
    return this.talk.port
  }

  /** The records; rejects with the `MusterError` that a failure on the board becomes. */
  async records(question: Question, reasonOtherwise?: Parameters<typeof boardError>[2]): Promise<readonly string[]> {
    const { records, failure } = await this.ask(question)
    if (failure !== null) throw boardError(this.deed(question), failure, reasonOtherwise)
    return records
  }

  /** As `records`, but a failure on the board is an answer. */
  async ask(question: Question): Promise<ProgramAnswer> {
    let exception = ''
    let odd: BoardFailure | null = null
    let memoryErrors = 0
    for (let attempt = 0; attempt < FILE_CHUNK_ATTEMPTS; attempt++) {
      throwIfAborted(question.signal)
      const mark = newToken()
      const code = this.program(answeringProgram(question.body(attempt > 0), mark, this.checksumKind))
      const answer = await this.tryOnce(code, question, attempt)
      if (answer === null) continue
      const read = readAnswer(answer.stdout, mark, this.checksumKind)
      if (read !== null && answer.outcome === 'ok') {
        const isTwice = odd !== null && odd.type === read.failure?.type && odd.text === read.failure.text
        if (isTwice || !this.mayBeDamaged(read.failure)) return read
        odd = read.failure
      }
      exception = answer.exception
      // The same program would fail again, and was not damaged: the board says so by itself.
      const failure = exceptionFailure(exception)
      if (failure?.type !== 'MemoryError') {
        memoryErrors = 0
        continue
      }
      memoryErrors += 1
      if (!this.takeLessMemory(memoryErrors)) throw boardError(this.deed(question), failure)
    }
    const failure = exceptionFailure(exception)
    if (failure?.type === 'ImportError' || failure?.type === 'AttributeError') throw boardError(this.deed(question), failure)
    throw fileError(this.deed(question), 'file-damaged')
  }

  /** Whether the board looks at a program before it runs it. */
  get isChecked(): boolean {
    return this.form === 'packed' || this.form === 'checked'
  }

  /**
   * There was no memory for a program, so many times in a row. When that was no chance, as on a line that has made a larger number of a
   * number, from here on programs take less, at the price of not being checked: a heap may be large and in small pieces. False when
   * they can't. Each counts for itself: a small program's success says nothing about a large one.
   */
  takeLessMemory(timesInARow: number): boolean {
    if (!this.isChecked) return false
    if (timesInARow > 1) this.form = 'plain'
    return true
  }

  /** For a program that is not a question. */
  program(body: string): string {
    return boardProgram(body, this.form)
  }

  /**
   * A program that the board did not check may have failed on what became of it on the way: that could have been anything. What is the
   * same once more is not.
   */
  private mayBeDamaged(failure: BoardFailure | null): boolean {
    return failure !== null && !this.isChecked && failure.type !== 'OSError' && failure.type !== 'MemoryError'
  }

  private deed({ deed }: Question): FileDeed {
    return { deed, port: this.talk.port }
  }

  /** Null when there was no answer in time and the board is at its prompt again. The last attempt has all the time there is. */
  private async tryOnce(code: string, question: Question, attempt: number): Promise<Answer | null> {
    const { workMs = 0, maxBytes = MAX_MESSAGE_BYTES } = question
    const isLast = attempt === FILE_CHUNK_ATTEMPTS - 1
    const ownMs = isLast ? FILE_OPERATION_TIMEOUT_MS : attempt === 0 ? this.pace.questionMs() : FILE_STEP_TIMEOUT_MS * attempt
    const startedMs = this.clock.monotonicMs()
    try {
      const answer = await this.talk.ask(code, { timeoutMs: ownMs + workMs + this.pace.wireMs(code.length), maxBytes })
      this.pace.note(code.length + answer.stdout.length, this.clock.monotonicMs() - startedMs)
      return answer
    } catch (error) {
      if (isAtPrompt(error) && !isLast && question.signal?.aborted !== true) return null
      throw error
    }
  }
}

/** The board has not done as it should, and was brought back to its prompt: what was asked of it can be asked again. */
export function isAtPrompt(error: unknown): boolean {
  return error instanceof ProtocolError && (error.reason === 'timeout' || error.reason === 'restarted')
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return
  const { reason } = signal
  // Somebody who aborts with a reason of their own wants to see it again.
  if (reason instanceof Error && reason.name !== 'AbortError') throw reason
  throw new MusterError({ code: 'OperationCancelled', reason: 'cancelled', message: 'The work with files of the board was cancelled.' })
}
