import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ReadStream } from 'node:tty'
import { promisify } from 'node:util'
import { seeded } from '../fakes/seeded'
import { Pty } from './pty'

/** What a line does to the bytes of one direction. Everything is off unless it is given. */
export interface LineFaults {
  /** 960 for 9,600 baud, 11,520 for 115,200. */
  readonly bytesPerSecond?: number
  /** Waited for before each piece of a paced line, which does not make up for it: whoever reads has its time for every piece. */
  readonly untilTaken?: () => Promise<void>
  /** Passes bytes on in pieces of one … */
  readonly singleBytes?: boolean
  /** … or holds them back until so many have come, or 20 ms have passed. */
  readonly clumpBytes?: number
  readonly delayMs?: number
  /** Added to the delay, evenly distributed from 0. */
  readonly jitterMs?: number
  /** Probability of each byte to be lost, and of one of its bits to be turned. */
  readonly dropRate?: number
  readonly flipRate?: number
  /** What becomes of each piece that comes, before all else. */
  readonly rewrite?: (bytes: Uint8Array) => Uint8Array
}

export interface BadLineOptions {
  /** The board's port. */
  readonly board: string
  readonly seed: number
  readonly toBoard?: LineFaults
  readonly fromBoard?: LineFaults
}

const CLUMP_WAIT_MS = 20
const FULL_RETRY_MS = 1
/** A paced line lets this much through at once: finer steps than a timer can make. */
const PACE_STEP_MS = 5

/** A port that leads to a board over a line with faults. The same seed gives the same faults for the same bytes. */
export class BadLine {
  /** Counted from the start, over both directions. */
  dropped = 0
  flipped = 0
  private readonly ended = new AbortController()

  private constructor(
    private readonly app: Pty,
    private readonly board: FileHandle,
    private readonly reader: ReadStream,
    options: BadLineOptions,
  ) {
    const toBoard = new Direction(options.toBoard ?? {}, options.seed, this, bytes => this.writeToBoard(bytes))
    const fromBoard = new Direction(options.fromBoard ?? {}, options.seed + 1, this, async bytes => {
      await app.write(bytes)
    })
    app.onData(bytes => toBoard.take(bytes))
    reader.on('data', bytes => fromBoard.take(bytes))
    reader.on('error', () => {})
    reader.on('close', () => void app.hangUp())
  }

  static async open(options: BadLineOptions): Promise<BadLine> {
    const app = Pty.open()
    const board = await open(options.board, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
    const reader = new ReadStream(board.fd)
    reader.setRawMode(true)
    // The runtime's raw mode still makes two bytes of each line end that is written.
    await promisify(execFile)('stty', ['-F', options.board, '-opost'])
    return new BadLine(app, board, reader, options)
  }

  /** What the app opens. */
  get path(): string {
    return this.app.path
  }

  get isEnded(): boolean {
    return this.ended.signal.aborted
  }

  async close(): Promise<void> {
    if (this.isEnded) return
    this.ended.abort()
    this.reader.destroy()
    await this.app.hangUp()
    await this.board.close().catch(() => {})
  }

  private async writeToBoard(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length && !this.isEnded; ) {
      try {
        offset += (await this.board.write(bytes, offset)).bytesWritten
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
        await sleep(FULL_RETRY_MS)
      }
    }
  }
}

/** One direction: bytes wait here until the line lets them through, in order. */
class Direction {
  private waiting: { readonly bytes: Buffer; readonly dueMs: number }[] = []
  private isRunning = false
  private readonly random: () => number
  /** Its own: how many pieces a message comes in is chance, and must not change which bytes are hit. */
  private readonly randomDelay: () => number

  constructor(
    private readonly faults: LineFaults,
    seed: number,
    private readonly line: BadLine,
    private readonly send: (bytes: Uint8Array) => Promise<void>,
  ) {
    this.random = seeded(seed)
    this.randomDelay = seeded(~seed)
  }

  take(bytes: Uint8Array): void {
    const { delayMs = 0, jitterMs = 0 } = this.faults
    this.waiting.push({
      bytes: this.damage(this.faults.rewrite?.(bytes) ?? bytes),
      dueMs: performance.now() + delayMs + jitterMs * this.randomDelay(),
    })
    if (!this.isRunning) void this.run()
  }

  private async run(): Promise<void> {
    this.isRunning = true
    const { bytesPerSecond, singleBytes, clumpBytes } = this.faults
    while (this.waiting.length > 0 && !this.line.isEnded) {
      if (clumpBytes !== undefined && this.length < clumpBytes) await sleep(CLUMP_WAIT_MS)
      const due = this.waiting[0]?.dueMs ?? 0
      if (due > performance.now()) await sleep(due - performance.now())
      const bytes = this.takeDue(clumpBytes)
      if (bytesPerSecond !== undefined) await this.pace(bytes, bytesPerSecond)
      else for (const piece of singleBytes === true ? split(bytes, 1) : [bytes]) await this.send(piece)
    }
    this.isRunning = false
  }

  private async pace(bytes: Buffer, bytesPerSecond: number): Promise<void> {
    const step = Math.max(1, Math.floor((bytesPerSecond * PACE_STEP_MS) / 1_000))
    let freeAtMs = performance.now()
    for (const piece of split(bytes, step)) {
      if (this.line.isEnded) return
      if (this.faults.untilTaken !== undefined) {
        await this.faults.untilTaken()
        freeAtMs = performance.now()
      }
      freeAtMs += (piece.length / bytesPerSecond) * 1_000
      await this.send(piece)
      // Against a clock of its own, so that late timers do not add up.
      const restMs = freeAtMs - performance.now()
      if (restMs > 0) await sleep(restMs)
    }
  }

  private get length(): number {
    return this.waiting.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  private takeDue(clumpBytes: number | undefined): Buffer {
    if (clumpBytes === undefined) return this.waiting.shift()?.bytes ?? Buffer.alloc(0)
    const all = Buffer.concat(this.waiting.map(({ bytes }) => bytes))
    this.waiting = []
    return all
  }

  private damage(bytes: Uint8Array): Buffer {
    const { dropRate = 0, flipRate = 0 } = this.faults
    if (dropRate === 0 && flipRate === 0) return Buffer.from(bytes)
    const kept: number[] = []
    for (const byte of bytes) {
      if (this.random() < dropRate) {
        this.line.dropped++
      } else if (this.random() < flipRate) {
        this.line.flipped++
        kept.push(byte ^ (1 << Math.floor(this.random() * 8)))
      } else {
        kept.push(byte)
      }
    }
    return Buffer.from(kept)
  }
}

function split(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = []
  for (let start = 0; start < bytes.length; start += size) pieces.push(bytes.subarray(start, start + size))
  return pieces
}
