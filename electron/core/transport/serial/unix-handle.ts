import { readSync, writeSync } from 'node:fs'
import type { DarwinPortBinding, LinuxPortBinding } from '@serialport/bindings-cpp'
import { type CloseOptions, type ModemLines, prepareClose, type SerialHandle, setLines } from './serial-handle'

/** libuv's `UV_READABLE` and `UV_WRITABLE`, as bindings-cpp's poller takes them. */
const READABLE = 1
const WRITABLE = 2

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * A port on Linux or macOS: the binding opens, configures and closes it; reading and writing are done here.
 *
 * The binding's own `read` is not used because it tries again for ever when the system returns 0 bytes, which is what
 * a hung-up terminal returns for ever: an unplug under load would go unnoticed and cost a core (bindings-cpp #162).
 * Its `write` is not used because the poller watches only for what it was asked last: a write that waits for room
 * would stop the reads, and a board that waits for its output to be read would never make room.
 *
 * Calls are made in place, not by Node's threads: the binding opens ports with O_NONBLOCK (its `serialport_unix.cpp`), so the
 * system takes or gives what it can at once or says EAGAIN, and never makes the process wait. Handing each call to a
 * thread takes longer than a board needs to run a short snippet.
 */
export class UnixHandle implements SerialHandle {
  private readonly fd: number
  private readonly waiters = new Map<number, Waiter>()
  private ended = false

  constructor(private readonly port: LinuxPortBinding | DarwinPortBinding) {
    if (port.fd === null) throw new Error('The binding gave a closed port')
    this.fd = port.fd
    port.poller.on('readable', (error: Error | null) => this.wake(READABLE, error))
    port.poller.on('writable', (error: Error | null) => this.wake(WRITABLE, error))
  }

  async read(buffer: Buffer): Promise<number> {
    for (;;) {
      await this.until(READABLE)
      try {
        if (this.ended) throw portClosed()
        return readSync(this.fd, buffer, 0, buffer.length, null)
      } catch (error) {
        if (!isTryAgain(error)) throw error
      }
    }
  }

  async write(bytes: Uint8Array): Promise<number> {
    for (;;) {
      // The number of a closed file is given to the next one opened: a late call would write to another port.
      if (this.ended) throw portClosed()
      try {
        const taken = writeSync(this.fd, bytes, 0, bytes.length)
        // A driver may also say so that it is full: tried again at once, that would leave no time for anything else.
        if (taken > 0) return taken
      } catch (error) {
        if (!isTryAgain(error)) throw error
      }
      await this.until(WRITABLE)
    }
  }

  setLines(lines: ModemLines): Promise<boolean> {
    return setLines(this.port, lines)
  }

  async close(options: CloseOptions): Promise<void> {
    this.ended = true
    this.port.poller.poll(0)
    for (const waiter of this.waiters.values()) waiter.reject(portClosed())
    this.waiters.clear()
    await prepareClose(this.port, options)
    await this.port.close()
  }

  /** Resolves when the port may have bytes, or room for some; rejects when the system says that it is gone. */
  private until(flag: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(portClosed())
        return
      }
      this.waiters.set(flag, { resolve, reject })
      this.watch()
    })
  }

  private wake(flag: number, error: Error | null): void {
    if (this.ended) return
    const waiter = this.waiters.get(flag)
    this.waiters.delete(flag)
    // Said again each time: left alone, the poller goes on to watch for things that nobody waits for any more.
    this.watch()
    // The poller calls from outside of Node's event handling, where nothing runs what a settled promise set off.
    setImmediate(() => (error === null ? waiter?.resolve() : waiter?.reject(error)))
  }

  private watch(): void {
    let flags = 0
    for (const flag of this.waiters.keys()) flags |= flag
    this.port.poller.poll(flags)
  }
}

function portClosed(): Error {
  return new Error('The port was closed')
}

function isTryAgain(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EAGAIN' || code === 'EWOULDBLOCK' || code === 'EINTR'
}
