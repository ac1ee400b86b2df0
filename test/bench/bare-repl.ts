import { once } from 'node:events'
import { SerialPort } from 'serialport'

const ENTERED = 'raw REPL; CTRL-B to exit\r\n>'
const END = '\x04>'
const ANSWER_LIMIT_MS = 60_000

/** The least that a program can do to run code on a board: what every tool is measured against, and checked by. */
export class BareRepl {
  private received = ''
  private heard: (() => void) | null = null
  private lastWordMs = 0
  /** One for all that is asked: a timer for each would be part of what is measured. */
  private readonly patience: NodeJS.Timeout

  private constructor(private readonly port: SerialPort) {
    port.on('data', (bytes: Buffer) => {
      this.received += bytes.toString('latin1')
      this.heard?.()
    })
    this.patience = setInterval(() => {
      if (this.heard !== null && performance.now() - this.lastWordMs > ANSWER_LIMIT_MS) this.heard()
    }, 1_000)
  }

  static async open(path: string): Promise<BareRepl> {
    const port = new SerialPort({ path, baudRate: 115_200 })
    await once(port, 'open')
    const repl = new BareRepl(port)
    await repl.say('\x03\x01', ENTERED)
    return repl
  }

  /** What the code prints. Rejects when it raises. */
  async run(code: string): Promise<string> {
    const answer = await this.say(`${code}\x04`, END)
    const [output = '', exception = ''] = answer.slice('OK'.length).split('\x04')
    if (!answer.startsWith('OK') || exception !== '') throw new Error(`The board answered ${JSON.stringify(answer.slice(0, 400))}.`)
    return output
  }

  /** Lower-case hex, by the board itself; empty for no such file. */
  async sha256(path: string): Promise<string> {
    const lines = [
      'import hashlib, binascii',
      'def h(p):',
      '  d = hashlib.sha256(); b = memoryview(bytearray(4096))',
      '  try: f = open(p, "rb")',
      '  except OSError: return',
      '  with f:',
      '    while True:',
      '      n = f.readinto(b)',
      '      if not n: break',
      '      d.update(b[:n])',
      '  print(binascii.hexlify(d.digest()).decode(), end="")',
      `h(${JSON.stringify(path)})`,
    ]
    return await this.run(lines.join('\n'))
  }

  async remove(path: string): Promise<void> {
    await this.run(`import os\ntry: os.remove(${JSON.stringify(path)})\nexcept OSError: pass`)
  }

  async close(): Promise<void> {
    clearInterval(this.patience)
    this.port.write('\x02')
    await new Promise(resolve => this.port.drain(resolve))
    const closed = once(this.port, 'close')
    this.port.close()
    await closed
  }

  private async say(text: string, ending: string): Promise<string> {
    this.received = ''
    this.lastWordMs = performance.now()
    this.port.write(text, 'latin1')
    while (!this.received.endsWith(ending)) {
      await new Promise<void>(resolve => {
        this.heard = resolve
      })
      this.heard = null
      if (performance.now() - this.lastWordMs > ANSWER_LIMIT_MS) throw new Error(`No end in ${JSON.stringify(this.received.slice(-400))}.`)
    }
    return this.received
  }
}

/** For as long as `work` takes. */
export async function withBareRepl<T>(path: string, work: (repl: BareRepl) => Promise<T>): Promise<T> {
  const repl = await BareRepl.open(path)
  try {
    return await work(repl)
  } finally {
    await repl.close()
  }
}
