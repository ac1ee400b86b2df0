import { randomBytes } from 'node:crypto'
import { chown } from 'node:fs/promises'
import { systemClock } from '../../electron/core/base/clock'
import { silentLogger } from '../../electron/core/base/logger'
import { SimulatedBoards } from '../../electron/core/transport/simulated/simulated-boards'
import { buildSimulatedWorker, interpreterPackage } from './build-worker'
import { Pty } from './pty'

/** Something on a pseudo-terminal that an app can open as a serial port. Whoever starts it ends it with `stop`. */
export interface PtyNode {
  readonly path: string
  /** All that the app has sent. */
  readonly received: Buffer
  /** The plug is pulled, also in the middle of a flood: the app's end is dead and `path` is gone once this resolves. */
  unplug(): Promise<void>
  stop(): Promise<void>
}

export interface PtyBoard extends PtyNode {
  /** The board dies and the port stays: nothing answers any more. */
  kill(): Promise<void>
  /** The cable is pulled, and the board goes on: it has a battery. `path` is dead once this resolves. */
  pullCable(): Promise<void>
  /** The cable is back. Resolves with the new `path`. */
  replug(): Promise<string>
}

export interface PtyOptions {
  /** The user that the app runs as, if it is another one. Only root can give the node away. */
  readonly ownerUserId?: number
}

export interface PtyBoardOptions extends PtyOptions {
  /** The simulated board's worker. Default: built from the present sources. */
  readonly workerPath?: string
  /** Boards of different numbers have different unique ids. Default: 1. */
  readonly number?: number
}

export type PtyNodeOptions = PtyOptions &
  (
    | { readonly behaviour: 'silent' | 'noise' | 'echo' }
    /** Answers to each piece that the app sends, or not. */
    | { readonly behaviour: 'script'; readonly answer: (piece: Buffer, received: Buffer) => Uint8Array | string | undefined }
  )

/** What waits for the app to read; a board whose output nobody takes drops it in the end. */
const BACKLOG_BYTES = 1024 * 1024
const NOISE_INTERVAL_MS = 10
const NOISE_BYTES = 64

/** A simulated board, with a real MicroPython, on a pseudo-terminal. */
export async function startPtyBoard(options: PtyBoardOptions = {}): Promise<PtyBoard> {
  const boards = new SimulatedBoards({
    workerPath: options.workerPath ?? (await buildSimulatedWorker()),
    packageFolder: interpreterPackage,
    clock: systemClock,
    logger: silentLogger,
  })
  const { number = 1 } = options
  await boards.start(number)
  for (let other = 1; other < number; other++) await boards.stop(`simulated:${other}`)
  const board = boards.create({ port: `simulated:${number}` })
  await board.open(new AbortController().signal)
  const plugIn = (): Promise<OpenNode> =>
    openNode(options, (bytes, pty) => {
      // While the board takes nothing more, the kernel makes the app's writes wait.
      pty.pause()
      board.write(bytes).then(
        () => pty.resume(),
        () => pty.resume(),
      )
    })
  let node = await plugIn()
  board.onData(bytes => node.send(bytes))
  const stop = async (): Promise<void> => {
    await Promise.all([node.stop(), boards.dispose()])
  }
  return {
    get path() {
      return node.path
    },
    get received() {
      return node.received
    },
    unplug: stop,
    stop,
    kill: () => boards.dispose(),
    pullCable: () => node.unplug(),
    async replug() {
      node = await plugIn()
      return node.path
    },
  }
}

/** A port with no board behind it. */
export async function startPtyNode(options: PtyNodeOptions): Promise<PtyNode> {
  const node = await openNode(options, piece => {
    if (options.behaviour === 'echo') node.send(piece)
    if (options.behaviour !== 'script') return
    const answer = options.answer(piece, node.received)
    if (answer !== undefined) node.send(Buffer.from(answer))
  })
  if (options.behaviour === 'noise') node.onStop(every(NOISE_INTERVAL_MS, () => node.send(randomBytes(NOISE_BYTES))))
  return node
}

class OpenNode implements PtyNode {
  private readonly pieces: Buffer[] = []
  private readonly stopping: (() => void)[] = []
  private backlogBytes = 0
  private writing: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly pty: Pty,
    onData: (piece: Buffer, pty: Pty) => void,
  ) {
    pty.onData(bytes => {
      const piece = Buffer.from(bytes)
      this.pieces.push(piece)
      onData(piece, pty)
    })
  }

  get path(): string {
    return this.pty.path
  }

  get received(): Buffer {
    return Buffer.concat(this.pieces)
  }

  send(bytes: Uint8Array): void {
    if (this.backlogBytes > BACKLOG_BYTES) return
    this.backlogBytes += bytes.length
    this.writing = this.writing.then(async () => {
      await this.pty.write(bytes)
      this.backlogBytes -= bytes.length
    })
  }

  onStop(end: () => void): void {
    this.stopping.push(end)
  }

  async unplug(): Promise<void> {
    for (const end of this.stopping.splice(0)) end()
    await this.pty.hangUp()
  }

  stop(): Promise<void> {
    return this.unplug()
  }
}

async function openNode({ ownerUserId }: PtyOptions, onData: (piece: Buffer, pty: Pty) => void): Promise<OpenNode> {
  const pty = Pty.open()
  if (ownerUserId !== undefined) await chown(pty.path, ownerUserId, -1)
  return new OpenNode(pty, onData)
}

function every(intervalMs: number, run: () => void): () => void {
  const timer = setInterval(run, intervalMs)
  return () => clearInterval(timer)
}
