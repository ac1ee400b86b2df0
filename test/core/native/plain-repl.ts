import { once } from 'node:events'
import { SerialPort } from 'serialport'

/** The raw REPL as the manual has it, for snippets that print no 04: what the protocol's answers are compared with. */
export class PlainRepl {
  private received = ''
  private heard: () => void = () => {}

  private constructor(private readonly port: SerialPort) {
    port.on('data', (bytes: Buffer) => {
      this.received += bytes.toString('latin1')
      this.heard()
    })
  }

  static async open(path: string): Promise<PlainRepl> {
    const port = new SerialPort({ path, baudRate: 115_200 })
    await once(port, 'open')
    const repl = new PlainRepl(port)
    await repl.say('\x03\x01', 'raw REPL; CTRL-B to exit\r\n>')
    return repl
  }

  async run(code: string): Promise<{ readonly outcome: string; readonly stdout: string; readonly exception: string }> {
    const answer = await this.say(Buffer.from(`${code}\x04`, 'utf8').toString('latin1'), '\x04>')
    const [stdout = '', exception = ''] = answer.slice('OK'.length).split('\x04')
    return { outcome: exception === '' ? 'ok' : 'exception', stdout, exception: Buffer.from(exception, 'latin1').toString('utf8') }
  }

  async close(): Promise<void> {
    const closed = once(this.port, 'close')
    this.port.close()
    await closed
  }

  private async say(text: string, ending: string): Promise<string> {
    this.received = ''
    this.port.write(text, 'latin1')
    while (!this.received.endsWith(ending)) {
      await new Promise<void>(resolve => {
        this.heard = resolve
      })
    }
    return this.received
  }
}
