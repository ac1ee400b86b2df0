import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../electron/core/base/logger'
import { DEFAULT_LINE_SETTINGS } from '../../../electron/core/transport/line-settings'
import type { OpenHandle } from '../../../electron/core/transport/serial/open-handle'
import { PathWatch } from '../../../electron/core/transport/serial/path-watch'
import type { CloseOptions, ModemLines, SerialHandle } from '../../../electron/core/transport/serial/serial-handle'
import { prepareClose } from '../../../electron/core/transport/serial/serial-handle'
import { SerialTransport, type SerialTransportOptions } from '../../../electron/core/transport/serial/serial-transport'
import {
  PORT_CLOSE_DRAIN_MS,
  PORT_CLOSE_TIMEOUT_MS,
  PORT_WATCH_INTERVAL_MS,
  WRITE_TIMEOUT_MS,
  ZOMBIE_PORT_MS,
} from '../../../shared/limits'
import { Pty } from '../../boards/pty'
import { FakeClock, settle } from '../../fakes/fake-clock'

const LINE = DEFAULT_LINE_SETTINGS

/** A port whose every move the test makes. */
class ScriptedHandle implements SerialHandle {
  closedWith: CloseOptions | null = null
  finishClose: () => void = () => {}
  answerRead: (bytes: string) => void = () => {}
  failRead: () => void = () => {}
  writes = 0
  lines: ModemLines | null = null
  takeWrite: (count: number) => void = () => {}

  constructor(private readonly hasLines = false) {}

  read(buffer: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.answerRead = bytes => resolve(buffer.write(bytes))
      this.failRead = () => reject(new Error('EIO'))
    })
  }

  write(): Promise<number> {
    this.writes++
    return new Promise(resolve => {
      this.takeWrite = resolve
    })
  }

  async setLines(lines: ModemLines): Promise<boolean> {
    this.lines = lines
    return this.hasLines
  }

  close(options: CloseOptions): Promise<void> {
    this.closedWith = options
    return new Promise(resolve => {
      this.finishClose = resolve
    })
  }
}

describe('the life of a serial transport', () => {
  // A port that exists, for the look that is taken before the open; what is opened is the scripted one.
  let pty: Pty
  let clock: FakeClock
  beforeEach(() => {
    pty = Pty.open()
    clock = new FakeClock()
  })
  afterEach(() => pty.hangUp())

  function create(openHandle: OpenHandle, target: Partial<Omit<SerialTransportOptions, 'clock'>> = {}) {
    const nodes: { identity: string | null } = { identity: 'node' }
    const pathWatch = new PathWatch(clock, async () => nodes.identity)
    const transport = new SerialTransport({
      port: pty.path,
      baudRate: 9_600,
      line: LINE,
      writeTimeoutMs: WRITE_TIMEOUT_MS,
      clock,
      logger: silentLogger,
      pathWatch,
      openHandle,
      ...target,
    })
    return { transport, nodes }
  }

  async function opened(handle: ScriptedHandle) {
    const created = create(async () => handle)
    await created.transport.open(new AbortController().signal)
    return created
  }

  async function isSettled(promise: Promise<unknown>): Promise<boolean> {
    let settled = false
    const done = (): void => {
      settled = true
    }
    promise.then(done, done)
    await settle()
    return settled
  }

  it('opens the path it was given, at the speed it was given', async () => {
    const calls: unknown[] = []
    const { transport } = create(async (...call) => {
      calls.push(call)
      return new ScriptedHandle()
    })
    await transport.open(new AbortController().signal)
    expect(calls).toEqual([[pty.path, 9_600, LINE]])
    expect(transport.isOpen).toBe(true)
  })

  it.each(['abort', 'close', 'kill'] as const)(
    'ends an open under way at once on %s, and closes what the system opens after all',
    async how => {
      const handle = new ScriptedHandle()
      const controller = new AbortController()
      let openNow: () => void = () => {}
      let reached: () => void = () => {}
      const called = new Promise<void>(resolve => {
        reached = resolve
      })
      const { transport } = create(() => {
        reached()
        return new Promise(resolve => {
          openNow = () => resolve(handle)
        })
      })
      const opening = transport.open(controller.signal)
      await called
      if (how === 'abort') controller.abort()
      else if (how === 'close') void transport.close()
      else transport.kill()

      await expect(opening).rejects.toMatchObject({ reason: 'cancelled' })
      expect(transport.isOpen).toBe(false)
      expect(handle.closedWith).toBeNull()
      openNow()
      await settle()
      expect(handle.closedWith).toMatchObject({ discard: true })
      expect(await isSettled(transport.released)).toBe(false)
      handle.finishClose()
      await transport.released
      await transport.close()
      expect(clock.pendingTimers).toBe(0)
    },
  )

  it('opens nothing for a signal that is aborted already', async () => {
    let calls = 0
    const { transport } = create(async () => {
      calls++
      return new ScriptedHandle()
    })
    const controller = new AbortController()
    controller.abort()
    await expect(transport.open(controller.signal)).rejects.toMatchObject({ reason: 'cancelled' })
    await transport.released
    expect(calls).toBe(0)
  })

  it('has nothing to do with the signal any more once it is open', async () => {
    const { transport } = create(async () => new ScriptedHandle())
    const controller = new AbortController()
    await transport.open(controller.signal)
    controller.abort()
    await settle()
    expect(transport.isOpen).toBe(true)
  })

  it.each([
    ['Error: Input/output error, cannot open /dev/x', 'port-error', 'could not be opened: Input/output error.'],
    ['Error: Too many open files, cannot open /dev/x', 'port-error', 'could not be opened: Too many open files.'],
    ['Error Resource temporarily unavailable Cannot lock port', 'port-in-use', 'is in use by'],
    ['Error: Device or resource busy, cannot open /dev/x', 'port-in-use', 'is in use by'],
    ['Error: Inappropriate ioctl for device setting custom baud rate of 4098', 'not-a-serial-port', 'not a serial port.'],
  ])('says why the system did not open the port: %s (fault 18)', async (text, reason, message) => {
    const { transport } = create(async () => {
      throw new Error(text)
    })
    await expect(transport.open(new AbortController().signal)).rejects.toMatchObject({
      reason,
      message: expect.stringMatching(`^${pty.path} .*${message}`),
      hint: expect.stringContaining(' '),
    })
    await transport.released
    expect(clock.pendingTimers).toBe(0)
  })

  it('lowers the lines on a close, where there are lines, and discards nothing', async () => {
    for (const hasLines of [true, false]) {
      const handle = new ScriptedHandle(hasLines)
      const { transport } = await opened(handle)
      const closed = transport.close()
      await settle()
      expect(handle.closedWith).toEqual({ discard: false, lowerLines: hasLines })
      handle.finishClose()
      await closed
    }
  })

  it.each([{ hangupOnClose: false }, { dtr: false }])('leaves the lines alone on a close with %j', async settings => {
    const handle = new ScriptedHandle(true)
    const line = { ...LINE, ...settings }
    const { transport } = create(async () => handle, { line })
    await transport.open(new AbortController().signal)
    expect(handle.lines).toEqual(line)
    const closed = transport.close()
    await settle()
    expect(handle.closedWith).toEqual({ discard: false, lowerLines: false })
    handle.finishClose()
    await closed
  })

  it.each([
    ['a read of no bytes', (handle: ScriptedHandle) => handle.answerRead('')],
    ['a read that fails', (handle: ScriptedHandle) => handle.failRead()],
  ])('E-44 takes %s as the loss of the port, once', async (_, hangUp) => {
    const handle = new ScriptedHandle()
    const { transport } = await opened(handle)
    const losses: string[] = []
    transport.onLost(({ reason }) => losses.push(reason))
    const written = transport.write(Buffer.from('x'))
    hangUp(handle)
    await expect(written).rejects.toMatchObject({ reason: 'disconnected' })
    handle.takeWrite(1)
    await clock.advance(10 * PORT_WATCH_INTERVAL_MS)
    expect(losses).toEqual(['disconnected'])
  })

  it('E-44 keeps nothing that is written before it is open, and is good for one open', async () => {
    const handles = [new ScriptedHandle(), new ScriptedHandle()]
    const { transport } = create(async () => handles.shift() ?? new ScriptedHandle())
    await expect(transport.write(Buffer.from('early'))).rejects.toMatchObject({ reason: 'disconnected' })
    const [handle] = handles
    await transport.open(new AbortController().signal)
    await settle()
    expect(handle?.writes).toBe(0)
    await expect(transport.open(new AbortController().signal)).rejects.toMatchObject({ reason: 'cancelled' })
    expect(handles).toHaveLength(1)
  })

  it('lowers RTS before DTR, as RTS alone resets some boards', async () => {
    const calls: string[] = []
    const port = {
      async set({ dtr, rts }: { readonly dtr: boolean; readonly rts: boolean }) {
        calls.push(`dtr ${dtr} rts ${rts}`)
      },
      async flush() {
        calls.push('flush')
      },
    }
    await prepareClose(port, { discard: true, lowerLines: true })
    expect(calls).toEqual(['flush', 'dtr true rts false', 'dtr false rts false'])
  })

  it('waits for queued writes on a close, but not for ever', async () => {
    const handle = new ScriptedHandle()
    const { transport } = await opened(handle)
    const written = transport.write(Buffer.alloc(10))
    const closed = transport.close()
    await clock.advance(PORT_CLOSE_DRAIN_MS - 1)
    expect(handle.closedWith).toBeNull()
    expect(transport.isOpen).toBe(false)
    await clock.advance(1)
    expect(handle.closedWith).toMatchObject({ discard: true })
    await expect(written).rejects.toMatchObject({ reason: 'disconnected' })
    expect(await isSettled(closed)).toBe(false)
    await clock.advance(PORT_CLOSE_TIMEOUT_MS - PORT_CLOSE_DRAIN_MS)
    await closed
  })

  it('calls a port released when the system has let go of it, or gives it up after a while', async () => {
    const handle = new ScriptedHandle()
    const { transport } = await opened(handle)
    transport.kill()
    await clock.advance(ZOMBIE_PORT_MS - 1)
    expect(await isSettled(transport.released)).toBe(false)
    await clock.advance(1)
    await transport.released
    expect(clock.pendingTimers).toBe(0)
  })

  it('is lost once when its node vanishes, even if the port itself says nothing', async () => {
    const handle = new ScriptedHandle()
    const { transport, nodes } = await opened(handle)
    const losses: string[] = []
    transport.onLost(error => losses.push(error.reason))
    nodes.identity = null
    await clock.advance(PORT_WATCH_INTERVAL_MS * 2)
    expect(losses).toEqual(['disconnected'])
    expect(handle.closedWith).toEqual({ discard: false, lowerLines: false })
    handle.answerRead('ghost')
    handle.finishClose()
    await transport.released
    expect(losses).toHaveLength(1)
    expect(clock.pendingTimers).toBe(0)
  })

  it('on Windows looks at no node, as ports are no files there', async () => {
    const handle = new ScriptedHandle()
    const { transport, nodes } = create(async () => handle, { port: 'COM3', platform: 'win32' })
    nodes.identity = null
    await transport.open(new AbortController().signal)
    await clock.advance(PORT_WATCH_INTERVAL_MS * 4)
    expect(transport.isOpen).toBe(true)
    expect(transport.hasBackPressure).toBe(false)
    expect(clock.pendingTimers).toBe(0)
  })

  it.each([
    ['Opening COM3: Access denied', 'port-in-use'],
    ['Opening COM3: File not found', 'not-found'],
    ['Opening COM3: Unknown error code 31', 'port-error'],
  ])('on Windows says why the system did not open the port: %s', async (text, reason) => {
    const { transport } = create(
      async () => {
        throw new Error(text)
      },
      { port: 'COM3', platform: 'win32' },
    )
    await expect(transport.open(new AbortController().signal)).rejects.toMatchObject({ reason, message: expect.stringContaining('COM3') })
  })

  it('killed at whatever step of its open is not open', async () => {
    for (let steps = 0; steps < 20; steps++) {
      const handle = new ScriptedHandle()
      const { transport } = create(async () => handle)
      handle.setLines = async () => {
        void (async () => {
          for (let step = 0; step < steps; step++) await Promise.resolve()
          transport.kill()
        })()
        return false
      }
      await transport.open(new AbortController().signal).catch(() => {})
      await settle()
      expect(transport.isOpen).toBe(false)
      expect(handle.closedWith).toMatchObject({ discard: true })
    }
  })

  it('delivers the first bytes after a silence at once, and does not ask again right away', async () => {
    const handle = new ScriptedHandle()
    const { transport } = await opened(handle)
    const heard: string[] = []
    transport.onData(bytes => heard.push(Buffer.from(bytes).toString()))
    handle.answerRead('one')
    await settle()
    expect(heard).toEqual(['one'])
    const answerFirst = handle.answerRead
    await settle()
    expect(handle.answerRead).toBe(answerFirst)
    await transport.write(Buffer.alloc(0))
    await settle()
    expect(handle.answerRead).not.toBe(answerFirst)
  })

  it('counts down what is written as the system takes it', async () => {
    const handle = new ScriptedHandle()
    const { transport } = await opened(handle)
    const written = transport.write(Buffer.alloc(10))
    void transport.write(Buffer.alloc(5))
    expect(transport.pendingWriteBytes).toBe(15)
    handle.takeWrite(4)
    await settle()
    expect(transport.pendingWriteBytes).toBe(11)
    expect(await isSettled(written)).toBe(false)
    handle.takeWrite(6)
    await written
    expect(transport.pendingWriteBytes).toBe(5)
  })
})
