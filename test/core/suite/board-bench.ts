import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import { createMicroPythonProtocol } from '../../../electron/core/micropython/micropython-protocol'
import { ReplyValue } from '../../../electron/core/sessions/executions/reply-value'
import { MAX_MESSAGE_BYTES } from '../../../shared/limits'
import type { BoardIdentity, BoardValue } from '../../../shared/model'
import type { RunningTarget, Target } from './targets'

/** For whatever a board is waited for: real ones take their time to start. */
export const BOARD_LIMIT_MS = 30_000

const ENDLESS = new AbortController().signal

export interface RunEnd {
  readonly outcome: 'ok' | 'exception'
  /** What was printed, a character a byte, with `\n` for line ends: boards differ in those. */
  readonly stdout: string
  readonly exception: string
}

/** The app's own way to a board: the port, and the protocol over it. */
export class BoardBench {
  /** What the latest run has printed so far. */
  stdout = ''
  readonly transport
  readonly protocol

  private constructor(
    target: Target,
    private readonly running: RunningTarget,
  ) {
    this.transport = running.connect()
    if (target.isRealLine === true) Object.defineProperty(this.transport, 'hasBackPressure', { value: false })
    this.protocol = createMicroPythonProtocol(this.transport, { clock: systemClock, logger: silentLogger })
    this.protocol.onOutput(({ channel, bytes }) => {
      if (channel === 'stdout') this.stdout += Buffer.from(bytes).toString('latin1')
    })
  }

  static async start(target: Target): Promise<BoardBench> {
    const running = await target.start()
    const bench = new BoardBench(target, running)
    try {
      await bench.transport.open(ENDLESS)
      await bench.enter()
      return bench
    } catch (error) {
      await bench.end()
      throw error
    }
  }

  enter(): Promise<void> {
    return this.protocol.enter({ timeoutMs: BOARD_LIMIT_MS, signal: ENDLESS })
  }

  softReset(): Promise<void> {
    return this.protocol.softReset({ timeoutMs: BOARD_LIMIT_MS, signal: ENDLESS })
  }

  identify(): Promise<BoardIdentity> {
    return this.protocol.identify({ timeoutMs: BOARD_LIMIT_MS })
  }

  async run(code: string): Promise<RunEnd> {
    this.stdout = ''
    const { outcome, exception } = await this.protocol.execute(code)
    return { outcome, stdout: this.stdout.replaceAll('\r\n', '\n'), exception: Buffer.from(exception).toString('utf8') }
  }

  /** What is printed by code that ends well. */
  async output(code: string): Promise<string> {
    const { stdout, exception } = await this.run(code)
    if (exception !== '') throw new Error(exception)
    return stdout
  }

  /** The value of the code's last expression, as JSON can say it, and what was printed besides. */
  async value(code: string): Promise<{ readonly value: BoardValue; readonly printed: string }> {
    const reply = new ReplyValue(code, MAX_MESSAGE_BYTES, 'json')
    const { outcome, exception } = await this.run(reply.code)
    if (outcome !== 'ok') throw new Error(exception)
    const own = Buffer.from(reply.push(Buffer.from(this.stdout, 'latin1')))
    const { rest, value, error } = reply.end()
    if (error !== null) throw new Error(error)
    return { value, printed: Buffer.concat([own, rest]).toString('latin1').replaceAll('\r\n', '\n') }
  }

  type(text: string): Promise<void> {
    return this.protocol.write(Buffer.from(text, 'latin1'))
  }

  /** Leaves the board at its friendly prompt; what it says from then on is for the listener. */
  async leave(): Promise<void> {
    await this.protocol.leave(BOARD_LIMIT_MS)
  }

  async end(): Promise<void> {
    if (this.transport.isOpen) await this.protocol.leave(BOARD_LIMIT_MS).catch(() => {})
    this.protocol.dispose()
    await this.transport.close()
    await this.running.end()
  }
}

/** Who a board is and what it can do, asked for once before its tests are written down. */
export async function meet(target: Target): Promise<BoardIdentity> {
  const bench = await BoardBench.start(target)
  try {
    return await bench.identify()
  } finally {
    await bench.end()
  }
}
