import { readdir } from 'node:fs/promises'
import { afterEach } from 'vitest'
import { type Clock, systemClock } from '../../../electron/core/base/clock'
import { type Disposable, toDisposable } from '../../../electron/core/base/disposable'
import { silentLogger } from '../../../electron/core/base/logger'
import { DEFAULT_LINE_SETTINGS } from '../../../electron/core/transport/line-settings'
import { openNativeHandle } from '../../../electron/core/transport/serial/open-handle'
import { PathWatch } from '../../../electron/core/transport/serial/path-watch'
import { SerialTransport } from '../../../electron/core/transport/serial/serial-transport'
import { SerialTransports } from '../../../electron/core/transport/serial/serial-transports'
import { DEFAULT_BAUD_RATE, WRITE_TIMEOUT_MS } from '../../../shared/limits'
import { Pty } from '../../boards/pty'
import { FakeClock } from '../../fakes/fake-clock'

/** Real time, with a count of the timers that would still fire. */
export class CountingClock implements Clock {
  private readonly timers = new Set<Disposable>()

  now(): number {
    return systemClock.now()
  }

  monotonicMs(): number {
    return systemClock.monotonicMs()
  }

  after(delayMs: number, callback: () => void): Disposable {
    const timer = systemClock.after(delayMs, () => {
      this.timers.delete(timer)
      callback()
    })
    this.timers.add(timer)
    return toDisposable(() => {
      this.timers.delete(timer)
      timer.dispose()
    })
  }

  get pendingTimers(): number {
    return this.timers.size
  }
}

export function serialTransport(port: string, clock: Clock = systemClock): SerialTransport {
  return new SerialTransports(clock, silentLogger).create({ port, baudRate: DEFAULT_BAUD_RATE })
}

/** A transport that can notice a loss by what the port itself says, and by nothing else. */
export function unwatchedTransport(port: string): SerialTransport {
  const pathWatch = new PathWatch(new FakeClock())
  return new SerialTransport({
    port,
    baudRate: DEFAULT_BAUD_RATE,
    line: DEFAULT_LINE_SETTINGS,
    writeTimeoutMs: WRITE_TIMEOUT_MS,
    clock: systemClock,
    logger: silentLogger,
    pathWatch,
    openHandle: openNativeHandle,
  })
}

/** Opens terminals for the tests around it, and hangs each of them up after its test. */
export function useTerminals(): () => Pty {
  const terminals: Pty[] = []
  afterEach(async () => {
    await Promise.all(terminals.splice(0).map(pty => pty.hangUp()))
  })
  return () => {
    const pty = Pty.open()
    terminals.push(pty)
    return pty
  }
}

export async function openOn(pty: Pty, transport = serialTransport(pty.path)): Promise<SerialTransport> {
  await transport.open(new AbortController().signal)
  return transport
}

/** What a listener has heard, with a way to wait for more. */
export class Heard {
  private readonly chunks: Uint8Array[] = []
  private waiting: { readonly bytes: number; readonly resolve: () => void } | null = null

  add(chunk: Uint8Array): void {
    this.chunks.push(chunk)
    if (this.waiting === null || this.bytes < this.waiting.bytes) return
    this.waiting.resolve()
    this.waiting = null
  }

  get bytes(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString('latin1')
  }

  async reach(bytes: number): Promise<void> {
    if (this.bytes >= bytes) return
    await new Promise<void>(resolve => {
      this.waiting = { bytes, resolve }
    })
  }
}

/** Resolves with the first value of an event. */
export function first<T>(event: (listener: (value: T) => void) => unknown): Promise<T> {
  return new Promise(resolve => event(resolve))
}

/** A board that prints as fast as the port takes it, until it is hung up. */
export function flood(pty: Pty): void {
  const chunk = Buffer.alloc(4_096, 'x')
  const go = async (): Promise<void> => {
    while (await pty.write(chunk));
  }
  void go()
}

export async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd')).length
}

/** Milliseconds of processor time that this process uses while the call lasts. */
export async function processorMs(during: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await during()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
