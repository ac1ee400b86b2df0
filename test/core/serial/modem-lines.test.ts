import type { WindowsPortBinding } from '@serialport/bindings-cpp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../electron/core/base/logger'
import { DEFAULT_LINE_SETTINGS, type LineSettings, withLinePolicy } from '../../../electron/core/transport/line-settings'
import { PathWatch } from '../../../electron/core/transport/serial/path-watch'
import type { CloseOptions, ModemLines, SerialHandle } from '../../../electron/core/transport/serial/serial-handle'
import { SerialTransport } from '../../../electron/core/transport/serial/serial-transport'
import { WindowsHandle } from '../../../electron/core/transport/serial/windows-handle'
import { RESET_PULSE_MS } from '../../../shared/limits'
import type { LinePolicy } from '../../../shared/model'
import { Pty } from '../../boards/pty'
import { FakeClock, settle } from '../../fakes/fake-clock'
import { openOn, serialTransport } from './rig'

/** A port that notes what is done to it, in the order of the calls. */
class FakeHandle implements SerialHandle {
  readonly calls: string[] = []
  hasLines = true
  private endRead: (count: number) => void = () => {}

  async setLines({ dtr, rts }: ModemLines): Promise<boolean> {
    this.calls.push(`DTR ${dtr ? 'on' : 'off'}, RTS ${rts ? 'on' : 'off'}`)
    return this.hasLines
  }

  read(): Promise<number> {
    return new Promise(resolve => {
      this.endRead = resolve
    })
  }

  async write(bytes: Uint8Array): Promise<number> {
    return bytes.length
  }

  async close({ lowerLines }: CloseOptions): Promise<void> {
    this.calls.push(lowerLines ? 'lower and close' : 'close')
    this.endRead(0)
  }
}

describe('DTR and RTS', () => {
  let pty: Pty
  let clock: FakeClock
  let handle: FakeHandle
  let opened: LineSettings | null
  beforeEach(() => {
    pty = Pty.open()
    clock = new FakeClock()
    handle = new FakeHandle()
    opened = null
  })
  afterEach(() => pty.hangUp())

  async function open(platform: NodeJS.Platform, line: LineSettings): Promise<SerialTransport> {
    const transport = new SerialTransport({
      // On Windows ports are no files, and none is looked for.
      port: platform === 'win32' ? 'COM3' : pty.path,
      baudRate: 115_200,
      line,
      writeTimeoutMs: 60_000,
      clock,
      logger: silentLogger,
      pathWatch: new PathWatch(new FakeClock()),
      openHandle: async (_path, _baudRate, settings) => {
        opened = settings
        return handle
      },
      platform,
    })
    await transport.open(new AbortController().signal)
    return transport
  }

  const withPolicy = (policy: LinePolicy, line = DEFAULT_LINE_SETTINGS): LineSettings => withLinePolicy(line, policy)

  describe.each<NodeJS.Platform>(['linux', 'darwin', 'win32'])('on %s', platform => {
    it.each<[LinePolicy, string[]]>([
      ['raise', ['DTR on, RTS on', 'lower and close']],
      ['lower', ['DTR off, RTS off', 'close']],
      ['leave', ['close']],
    ])('%s: right after the open and before the close', async (policy, calls) => {
      const transport = await open(platform, withPolicy(policy))
      expect(handle.calls).toEqual(calls.slice(0, -1))
      await transport.close()
      expect(handle.calls).toEqual(calls)
      expect(clock.pendingTimers).toBe(0)
    })

    it.each<[LinePolicy, string]>([
      ['raise', 'DTR on, RTS on'],
      ['lower', 'DTR off, RTS off'],
      ['leave', 'DTR off, RTS off'],
    ])('%s: a reset is RTS alone for a moment, then both alike', async (policy, released) => {
      const transport = await open(platform, withPolicy(policy))
      handle.calls.length = 0
      const pulse = transport.pulseReset()
      const again = transport.pulseReset()
      await settle()
      expect(handle.calls).toEqual(['DTR off, RTS on'])
      await clock.advance(RESET_PULSE_MS)
      expect(await pulse).toBe(true)
      expect(await again).toBe(true)
      expect(handle.calls).toEqual(['DTR off, RTS on', released])
      expect(clock.pendingTimers).toBe(0)
      await transport.close()
    })
  })

  it('left alone are not lowered by a hang-up either', async () => {
    const transport = await open('linux', withPolicy('leave'))
    expect(opened?.hangupOnClose).toBe(false)
    await transport.close()
  })

  it('as the configuration has them, where a port has no policy of its own', async () => {
    const transport = await open('linux', withPolicy('raise', { ...DEFAULT_LINE_SETTINGS, dtr: true, rts: false }))
    const pulse = transport.pulseReset()
    await settle()
    await clock.advance(RESET_PULSE_MS)
    expect(await pulse).toBe(true)
    expect(handle.calls).toEqual(['DTR on, RTS off', 'DTR off, RTS on', 'DTR off, RTS off', 'DTR on, RTS off'])
    await transport.close()
  })

  it('that cannot be driven make no reset, and wait for none', async () => {
    handle.hasLines = false
    const transport = await open('linux', withPolicy('raise'))
    expect(await transport.pulseReset()).toBe(false)
    expect(handle.calls).toHaveLength(2)
    expect(clock.pendingTimers).toBe(0)
    await transport.close()
    expect(await transport.pulseReset()).toBe(false)
  })

  it('are released before a close that comes during a reset', async () => {
    const transport = await open('linux', withPolicy('raise'))
    const pulse = transport.pulseReset()
    await settle()
    const closing = transport.close()
    await clock.advance(RESET_PULSE_MS)
    await closing
    expect(await pulse).toBe(true)
    expect(handle.calls).toEqual(['DTR on, RTS on', 'DTR off, RTS on', 'DTR on, RTS on', 'lower and close'])
  })

  it('are let go of with a port that is killed during a reset, and no timer stays', async () => {
    const transport = await open('linux', withPolicy('raise'))
    const pulse = transport.pulseReset()
    await settle()
    transport.kill()
    await pulse
    await transport.released
    expect(clock.pendingTimers).toBe(0)
  })

  it('are missing on a pseudo-terminal', async () => {
    const transport = await openOn(pty, serialTransport(pty.path))
    expect(await transport.pulseReset()).toBe(false)
    await transport.close()
  })

  it('are set whole, and lowered RTS first, by the calls that the binding knows', async () => {
    const calls: string[] = []
    const port = {
      set: async ({ dtr, rts, brk, lowLatency }: Record<string, boolean>) => {
        calls.push(`set DTR ${dtr}, RTS ${rts}, break ${brk}, quick ${lowLatency}`)
      },
      flush: async () => void calls.push('flush'),
      close: async () => void calls.push('close'),
    } as unknown as WindowsPortBinding
    const windows = new WindowsHandle(port)
    expect(await windows.setLines({ dtr: true, rts: true })).toBe(true)
    await windows.close({ discard: true, lowerLines: true })
    expect(calls).toEqual([
      // Windows opens with DTR alone, and RTS is written first: never RTS alone, which would be a reset.
      'set DTR true, RTS true, break false, quick true',
      'flush',
      'set DTR true, RTS false, break false, quick true',
      'set DTR false, RTS false, break false, quick true',
      'close',
    ])
    await windows.close({ discard: false, lowerLines: false })
    expect(calls.slice(5)).toEqual(['close'])
  })

  it('that fail to be lowered do not keep a port from being closed', async () => {
    const calls: string[] = []
    const port = {
      set: async () => {
        throw new Error('gone')
      },
      close: async () => void calls.push('close'),
    } as unknown as WindowsPortBinding
    const windows = new WindowsHandle(port)
    expect(await windows.setLines({ dtr: true, rts: true })).toBe(false)
    await windows.close({ discard: false, lowerLines: true })
    expect(calls).toEqual(['close'])
  })
})
