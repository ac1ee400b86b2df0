import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type Clock, systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import { SimulatedBoards } from '../../../electron/core/transport/simulated/simulated-boards'
import type { Transport, TransportError } from '../../../electron/core/transport/transport'
import { buildSimulatedWorker, interpreterPackage } from '../../boards/build-worker'

/** Roomy: a machine may be busy with other tests. */
const DEADLINE_MS = 50_000
const LOOK_INTERVAL_MS = 20

export async function createBoards(clock: Clock = systemClock, limit?: number): Promise<SimulatedBoards> {
  return new SimulatedBoards({
    workerPath: await buildSimulatedWorker(),
    packageFolder: interpreterPackage,
    clock,
    logger: silentLogger,
    limit,
  })
}

/** One board for a test file, without files and at the raw prompt for each test. */
export function useBoard(): { readonly terminal: Terminal; readonly boards: SimulatedBoards } {
  let boards: SimulatedBoards
  let terminal: Terminal
  beforeAll(async () => {
    boards = await createBoards()
    await boards.start(1)
  })
  beforeEach(async () => {
    terminal = await Terminal.open(boards)
    await terminal.enterRaw()
    await terminal.output('import os\nfor name in os.listdir("/"): os.remove(name)')
    await terminal.exchange('\x04', 'raw REPL; CTRL-B to exit\r\n>')
  })
  afterEach(() => terminal.transport.close())
  afterAll(() => boards.dispose())
  return {
    get terminal() {
      return terminal
    },
    get boards() {
      return boards
    },
  }
}

/** An open board as a person at a terminal has it: type, and read until something has come. One character a byte. */
export class Terminal {
  received = ''
  readonly losses: TransportError[] = []
  private waiting: { readonly isDone: () => boolean; readonly resolve: () => void } | null = null

  constructor(readonly transport: Transport) {
    transport.onData(bytes => {
      this.received += Buffer.from(bytes).toString('latin1')
      if (this.waiting?.isDone()) this.waiting.resolve()
    })
    transport.onLost(error => {
      this.losses.push(error)
      if (this.waiting?.isDone()) this.waiting.resolve()
    })
  }

  static async open(boards: SimulatedBoards, port = 'simulated:1'): Promise<Terminal> {
    const terminal = new Terminal(boards.create({ port }))
    await terminal.transport.open(new AbortController().signal)
    return terminal
  }

  type(text: string): Promise<void> {
    return this.transport.write(Buffer.from(text, 'latin1'))
  }

  /** Everything received up to the end of `end`, taken away from what is received. */
  async read(end: string): Promise<string> {
    await this.wait(() => this.received.includes(end), `${JSON.stringify(end)} did not come`)
    const length = this.received.indexOf(end) + end.length
    const text = this.received.slice(0, length)
    this.received = this.received.slice(length)
    return text
  }

  async exchange(text: string, end: string): Promise<string> {
    await this.type(text)
    return await this.read(end)
  }

  async lost(): Promise<TransportError> {
    await this.wait(() => this.losses.length > 0, 'the board was not lost')
    const [error] = this.losses
    if (error === undefined) throw new Error('There is no loss.')
    return error
  }

  /** At the raw prompt, whatever the board did before. */
  async enterRaw(): Promise<void> {
    await this.exchange('\x03\x01', 'raw REPL; CTRL-B to exit\r\n>')
    this.received = ''
  }

  /** Begins a source in raw mode and waits until it prints `ready`. */
  async begin(source: string): Promise<void> {
    await this.exchange(`print("ready")\n${source}\x04`, 'OKready\r\n')
  }

  /** Output and exception text of a source in raw mode. */
  async run(source: string): Promise<{ readonly output: string; readonly exception: string }> {
    await this.type(`${source}\x04`)
    await this.read('OK')
    const output = await this.read('\x04')
    const exception = await this.read('\x04')
    await this.read('>')
    return { output: output.slice(0, -1), exception: exception.slice(0, -1) }
  }

  async output(source: string): Promise<string> {
    const { output, exception } = await this.run(source)
    if (exception !== '') throw new Error(exception)
    return output
  }

  /** Looks after every piece and, for conditions of another kind, now and then. */
  async wait(isDone: () => boolean, what: string): Promise<void> {
    if (isDone()) return
    let timer: NodeJS.Timeout | undefined
    let looking: NodeJS.Timeout | undefined
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${what}. Received: ${JSON.stringify(this.received.slice(-400))}`)), DEADLINE_MS)
      this.waiting = { isDone, resolve }
      looking = setInterval(() => isDone() && resolve(), LOOK_INTERVAL_MS)
    }).finally(() => {
      clearTimeout(timer)
      clearInterval(looking)
      this.waiting = null
    })
  }
}
