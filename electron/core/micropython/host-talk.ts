import { INTERRUPT_TIMEOUT_MS, MAX_MESSAGE_BYTES } from '../../../shared/limits'
import type { OutputSink } from './activity'
import { ProtocolError } from './board-protocol'
import type { Answer, AskOptions, BoardTalk, Dialogue, DialogueOptions } from './board-talk'
import { ByteHold } from './byte-hold'
import { ascii, indexOfBytes } from './control-bytes'
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
    const printed = new ByteHold()
    let problem: string | null = null
    const giveUp = (why: string): void => {
      if (problem !== null) return
      problem = why
      // Its failure is that of the execution, which is waited for below.
      this.host.interrupt(INTERRUPT_TIMEOUT_MS).catch(() => {})
    }
    const execution = this.host.start(
      code,
      event => {
        if (event.type === 'outside') this.host.passOn(event)
        if (event.type !== 'stdout') return
        if (printed.length + event.bytes.length > maxBytes) giveUp(`answered with more than ${maxBytes} bytes`)
        else printed.append(event.bytes)
      },
      'question',
    )
    const limit = this.link.clock.after(timeoutMs, () => giveUp(`did not answer within ${timeoutMs} ms`))
    try {
      const { outcome, exception } = await execution.result
      if (problem !== null) throw new ProtocolError('timeout', `The board on ${this.port} ${problem}, and was interrupted.`)
      return { outcome, stdout: printed.take(), exception: Buffer.from(exception).toString('utf8') }
    } finally {
      limit.dispose()
    }
  }

  async converse(code: string, options: DialogueOptions): Promise<{ readonly dialogue: Dialogue } | { readonly answer: Answer }> {
    const { link, host } = this
    const mark = ascii(options.readyMark)
    const printed = new ByteHold()
    let becomeReady: () => void = () => {}
    const ready = new Promise<void>(resolve => {
      becomeReady = resolve
    })
    let isReady = false
    const execution = host.start(
      code,
      event => {
        if (event.type === 'outside') host.passOn(event)
        if (event.type !== 'stdout' || isReady) return
        printed.append(event.bytes)
        if (indexOfBytes(printed.view(), mark) === -1) return
        isReady = true
        link.openDialogue(options.reader)
        becomeReady()
      },
      'dialogue',
    )
    const limit = link.clock.after(options.timeoutMs, () => void host.interrupt(INTERRUPT_TIMEOUT_MS).catch(() => {}))
    try {
      const end = await Promise.race([ready, execution.result])
      if (end !== undefined) {
        const { outcome, exception } = end
        return { answer: { outcome, stdout: printed.take(), exception: Buffer.from(exception).toString('utf8') } }
      }
    } finally {
      limit.dispose()
    }
    await link.write(GO)
    // Whoever holds the dialogue may look at its end late.
    execution.result.catch(() => {})
    return {
      dialogue: {
        write: bytes => link.write(bytes),
        ended: execution.result,
        interrupt: timeoutMs => host.interrupt(timeoutMs),
      },
    }
  }
}
