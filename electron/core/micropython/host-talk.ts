import { INTERRUPT_TIMEOUT_MS, MAX_MESSAGE_BYTES } from '../../../shared/limits'
import type { Disposable } from '../base/disposable'
import type { OutputSink } from './activity'
import { ProtocolError } from './board-protocol'
import type { Answer, AskOptions, BoardTalk, Dialogue, DialogueOptions } from './board-talk'
import { ByteHold } from './byte-hold'
import { ascii, indexOfBytes } from './control-bytes'
import type { ByteEvent } from './event-run'
import type { Execution, ExecutionKind } from './execution'
import type { RawReplLink } from './raw-repl-link'

/** What the program reads before it says anything else: from then on nobody but its reader looks at what it says. */
const GO = ascii('g')

/** What the talk needs of the protocol. */
export interface TalkHost {
  readonly start: (code: string, sink: OutputSink, kind: ExecutionKind) => Execution
  readonly interrupt: (timeoutMs: number) => Promise<boolean>
  /** For what is not the code's own output. */
  readonly passOn: OutputSink
}

/** Code and programs of Muster's own, over the same link as the user's executions. */
export class HostTalk implements BoardTalk {
  constructor(
    private readonly link: RawReplLink,
    private readonly host: TalkHost,
  ) {}

  get port(): string {
    return this.link.port
  }

  get hasBackPressure(): boolean {
    return this.link.hasBackPressure
  }

  async ask(code: string, { timeoutMs, maxBytes = MAX_MESSAGE_BYTES }: AskOptions): Promise<Answer> {
    const question = new Question(this.link, this.host, code, 'question', { timeoutMs, maxBytes })
    return await question.answer
  }

  async converse(code: string, options: DialogueOptions): Promise<{ readonly dialogue: Dialogue } | { readonly answer: Answer }> {
    const { link, host } = this
    const mark = ascii(options.readyMark)
    let becomeReady: () => void = () => {}
    const ready = new Promise<null>(resolve => {
      becomeReady = () => resolve(null)
    })
    const limits = { timeoutMs: options.timeoutMs, maxBytes: MAX_MESSAGE_BYTES }
    const question = new Question(link, host, code, 'dialogue', limits, (printed, addedBytes) => {
      if (indexOfBytes(printed, mark, Math.max(0, printed.length - addedBytes - mark.length)) === -1) return false
      becomeReady()
      return true
    })
    const answer = await Promise.race([ready, question.answer])
    if (answer !== null) return { answer }
    // A program that has failed since it was ready has said so already; one that is being interrupted is not talked with.
    if (!link.isPrinting || question.execution.isInterrupted) return { answer: await question.answer }
    return { dialogue: await this.begin(question.execution, options) }
  }

  private async begin({ result }: Execution, { reader }: DialogueOptions): Promise<Dialogue> {
    const { link, host } = this
    let isOver = false
    const finish = (): void => {
      isOver = true
    }
    result.then(finish, finish)
    link.openDialogue(reader)
    await link.write(GO)
    return {
      write: async bytes => {
        // At the prompt the bytes would be code, or a reset.
        if (isOver || !link.hasDialogue) {
          throw new ProtocolError('cancelled', `Nothing was written: the program on the board on ${link.port} has ended.`)
        }
        await link.write(bytes)
        if (link.failure !== null) throw link.failure
      },
      ended: result,
      interrupt: timeoutMs => host.interrupt(timeoutMs),
    }
  }
}

interface Limits {
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** Told all that was printed so far, and how much of it is new. True when nothing more is to be kept. */
type PrintedListener = (printed: Uint8Array, addedBytes: number) => boolean

/** Code that is run for what it prints, and interrupted when it prints too much or takes too long. */
class Question {
  readonly execution: Execution
  /** Rejects as the execution does, and with `timeout` when it was interrupted here. */
  readonly answer: Promise<Answer>
  private readonly printed = new ByteHold()
  private isHeard = false
  private problem: string | null = null
  private readonly limit: Disposable

  constructor(
    private readonly link: RawReplLink,
    private readonly host: TalkHost,
    code: string,
    kind: ExecutionKind,
    private readonly limits: Limits,
    private readonly onPrinted: PrintedListener = () => false,
  ) {
    this.execution = host.start(code, event => this.take(event), kind)
    this.limit = link.clock.after(limits.timeoutMs, () => this.giveUp(`did not answer within ${limits.timeoutMs} ms`))
    this.answer = this.finish()
    // It may be that nobody asks for it any more.
    this.answer.catch(() => {})
  }

  private take(event: ByteEvent): void {
    if (event.type === 'outside') this.host.passOn(event)
    if (event.type !== 'stdout' || this.isHeard || this.problem !== null) return
    const { maxBytes } = this.limits
    if (this.printed.length + event.bytes.length > maxBytes) {
      this.giveUp(`answered with more than ${maxBytes} bytes`)
      return
    }
    this.printed.append(event.bytes)
    this.isHeard = this.onPrinted(this.printed.view(), event.bytes.length)
    if (this.isHeard) this.limit.dispose()
  }

  private giveUp(why: string): void {
    if (this.problem !== null) return
    this.problem = why
    // Its failure is that of the execution, which is waited for below.
    this.host.interrupt(INTERRUPT_TIMEOUT_MS).catch(() => {})
  }

  private async finish(): Promise<Answer> {
    try {
      const { outcome, exception } = await this.execution.result
      if (this.problem !== null) throw new ProtocolError('timeout', `The board on ${this.link.port} ${this.problem}, and was interrupted.`)
      return { outcome, stdout: this.printed.take(), exception: Buffer.from(exception).toString('utf8') }
    } finally {
      this.limit.dispose()
    }
  }
}
