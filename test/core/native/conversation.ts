import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
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
  readonly transport
  readonly protocol
  private readonly pieces: Buffer[] = []

  private constructor(port: string, { withoutBackPressure = false }: ConversationOptions) {
    this.transport = new SerialTransports(systemClock, silentLogger).create({ port, baudRate: 115_200 })
    if (withoutBackPressure) Object.defineProperty(this.transport, 'hasBackPressure', { value: false })
    const write = this.transport.write.bind(this.transport)
    this.transport.write = bytes => {
      this.pieces.push(Buffer.from(bytes))
      return write(bytes)
    }
    this.protocol = createMicroPythonProtocol(this.transport, { clock: systemClock, logger: silentLogger })
    this.protocol.onOutput(({ channel, bytes }) => {
      if (channel === 'stdout') this.stdout += Buffer.from(bytes).toString('latin1')
    })
  }

  static async start(port: string, options: ConversationOptions = {}): Promise<Conversation> {
    const conversation = new Conversation(port, options)
    await conversation.transport.open(new AbortController().signal)
    await conversation.enter()
    return conversation
  }

  /** All that was sent to the board. */
  get written(): string {
    return Buffer.concat(this.pieces).toString('latin1')
  }

  enter(): Promise<void> {
    return this.protocol.enter({ timeoutMs: ENTER_LIMIT_MS, signal: new AbortController().signal })
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
}
