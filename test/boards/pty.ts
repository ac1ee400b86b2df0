import { once } from 'node:events'
import { closeSync, constants, write as writeToFd } from 'node:fs'
import { open } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { ReadStream } from 'node:tty'
import { promisify } from 'node:util'

const write = promisify(writeToFd)
/** How long to wait before offering bytes again to a terminal whose buffer is full. */
const FULL_RETRY_MS = 1

interface NativePty {
  open(columns: number, rows: number): { readonly master: number; readonly slave: number; readonly pty: string }
}

/**
 * A pseudo-terminal: the app opens `path` as if a board hung there, the test plays the board.
 *
 * The native `open` is used because node-pty's own JavaScript starts a reader on the slave, which would steal what
 * the board says. Closing the master runs the same kernel hang-up as pulling a USB plug.
 */
export class Pty {
  private ended = false
  private readonly writing = new Set<Promise<unknown>>()

  private constructor(
    readonly path: string,
    /** The board's end. Only for handing to another process; it is closed by `hangUp`. */
    readonly master: number,
    private readonly reader: ReadStream,
    private readonly keeper: ReadStream,
  ) {}

  static open(): Pty {
    const native = createRequire(__filename)(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`) as NativePty
    const { master, slave, pty } = native.open(80, 24)
    // One slave end stays open, so that the app's close is not a hang-up for the board; raw, so that nothing the
    // board says before the app opens the port comes back to it as input.
    const keeper = new ReadStream(slave)
    keeper.setRawMode(true)
    keeper.pause()
    // The stream has opened the terminal anew by its path.
    closeSync(slave)
    const reader = new ReadStream(master)
    reader.pause()
    for (const stream of [keeper, reader]) stream.on('error', () => {})
    return new Pty(pty, master, reader, keeper)
  }

  /** Hears what the app sends. Before the first call, and after `pause`, the board reads nothing and the app's writes block. */
  onData(listener: (bytes: Uint8Array) => void): void {
    this.reader.on('data', listener)
    this.reader.resume()
  }

  pause(): void {
    this.reader.pause()
  }

  resume(): void {
    this.reader.resume()
  }

  /** Resolves when the kernel has taken everything; false when the terminal was hung up before. */
  async write(data: Uint8Array | string): Promise<boolean> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    // Never through the stream: libuv makes writes to a master blocking, which deadlocks with an app in this process.
    for (let offset = 0; offset < bytes.length && !this.ended; ) {
      const attempt = write(this.master, bytes, offset)
      this.writing.add(attempt)
      try {
        offset += (await attempt).bytesWritten
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false
        await sleep(FULL_RETRY_MS)
      } finally {
        this.writing.delete(attempt)
      }
    }
    return !this.ended
  }

  /** The plug is pulled: the app's end is dead and `path` is gone once this resolves. */
  async hangUp(): Promise<void> {
    if (this.ended) return
    this.ended = true
    // A write that is still on its way to the kernel must not meet a newly opened file under the same number.
    await Promise.allSettled(this.writing)
    const closed = Promise.all([once(this.reader, 'close'), once(this.keeper, 'close')])
    this.reader.destroy()
    this.keeper.destroy()
    await closed
  }
}

/**
 * Keeps the path of a terminal from new ones, also when it has been hung up: another test may ask the system for one at any time,
 * and gets the lowest number that nobody has open. Resolves with what lets go of it.
 */
export async function holdPath(path: string): Promise<() => Promise<void>> {
  const held = await open(path, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK)
  return () => held.close()
}
