import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import type { BoardProtocol } from '../../../electron/core/micropython/board-protocol'
import { createMicroPythonProtocol } from '../../../electron/core/micropython/micropython-protocol'
import { SerialTransports } from '../../../electron/core/transport/serial/serial-transports'

const ENTER_LIMIT_MS = 30_000

export interface ConversationOptions {
  /** As over a real UART: nothing holds the sender back. */
  readonly withoutBackPressure?: boolean
}

/** The app's own way to a board, from the serial port to the prompt. */
export class Conversation {
  /** What the latest run has printed so far. */
  stdout = ''
  /** What came from outside of any run. */
  outside = ''
  readonly transport
  protocol: BoardProtocol
  private readonly pieces: Buffer[] = []

  private constructor(port: string, { withoutBackPressure = false }: ConversationOptions) {
    this.transport = new SerialTransports(systemClock, silentLogger).create({ port, baudRate: 115_200 })
    if (withoutBackPressure) Object.defineProperty(this.transport, 'hasBackPressure', { value: false })
    const write = this.transport.write.bind(this.transport)
    this.transport.write = bytes => {
      this.pieces.push(Buffer.from(bytes))
      return write(bytes)
    }
    this.protocol = this.createProtocol()
  }

  static async start(port: string, options: ConversationOptions = {}): Promise<Conversation> {
    const conversation = new Conversation(port, options)
    await conversation.transport.open(new AbortController().signal)
    await conversation.enter()
    return conversation
  }

  /** A new protocol over the same port, that knows nothing of the board. */
  forget(): void {
    this.protocol.dispose()
    this.outside = ''
    this.protocol = this.createProtocol()
  }

  /** All that was sent to the board. */
  get written(): string {
    return Buffer.concat(this.pieces).toString('latin1')
  }

  enter(timeoutMs = ENTER_LIMIT_MS): Promise<void> {
    return this.protocol.enter({ timeoutMs, signal: new AbortController().signal })
  }

  async run(code: string): Promise<{ readonly outcome: string; readonly stdout: string; readonly exception: string }> {
    this.stdout = ''
    const { outcome, exception } = await this.protocol.execute(code)
    return { outcome, stdout: this.stdout, exception: Buffer.from(exception).toString('utf8') }
  }

  async end(): Promise<void> {
    this.protocol.dispose()
    await this.transport.close()
  }

  private createProtocol(): BoardProtocol {
    const protocol = createMicroPythonProtocol(this.transport, { clock: systemClock, logger: silentLogger })
    protocol.onOutput(({ channel, bytes }) => {
      if (channel === 'stdout') this.stdout += Buffer.from(bytes).toString('latin1')
      if (channel === 'outside') this.outside += Buffer.from(bytes).toString('latin1')
    })
    return protocol
  }
}
