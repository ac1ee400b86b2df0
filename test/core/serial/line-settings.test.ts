import { spawnSync } from 'node:child_process'
import { SerialPort } from 'serialport'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import type { LogData } from '../../../electron/core/base/logger'
import { silentLogger } from '../../../electron/core/base/logger'
import { DEFAULT_LINE_SETTINGS, type LineSettings } from '../../../electron/core/transport/line-settings'
import type { SerialTransport } from '../../../electron/core/transport/serial/serial-transport'
import { SerialTransports } from '../../../electron/core/transport/serial/serial-transports'
import { Pty } from '../../boards/pty'
import { Heard, openOn } from './rig'

const LINE = DEFAULT_LINE_SETTINGS

describe('the settings of a serial line', () => {
  let pty: Pty
  beforeEach(() => {
    pty = Pty.open()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await pty.hangUp()
  })

  const transportWith = (line: Partial<LineSettings>, logger = silentLogger): SerialTransport =>
    new SerialTransports(systemClock, logger).create({ port: pty.path, baudRate: 57_600, line: { ...LINE, ...line } })

  /** What the system says of the open terminal, as it is seen from the board's end. */
  async function flagsWith(line: Partial<LineSettings>): Promise<string[]> {
    const transport = await openOn(pty, transportWith(line))
    const { stdout } = spawnSync('stty', ['-a'], { stdio: [pty.master, 'pipe', 'pipe'], encoding: 'utf8' })
    await transport.close()
    return stdout.split(/[\s;]+/)
  }

  it.each<[Partial<LineSettings>, string]>([
    [{ rtscts: true }, 'crtscts'],
    [{ xon: true }, 'ixon'],
    [{ xoff: true }, 'ixoff'],
    [{ stopBits: 2 }, 'cstopb'],
    [{ hangupOnClose: true }, 'hupcl'],
  ])('%j reaches the system as %s', async (line, flag) => {
    const opposite = Object.fromEntries(Object.entries(line).map(([key, value]) => [key, value === 2 ? 1 : !value]))
    expect(await flagsWith(line)).toContain(flag)
    expect(await flagsWith(opposite)).toContain(`-${flag}`)
  })

  it('the speed reaches the system', async () => {
    expect((await flagsWith({})).join(' ')).toContain('speed 57600 baud')
  })

  it("those that a pseudo-terminal can't have reach the binding under its own names", async () => {
    const open = vi.spyOn(SerialPort.binding, 'open')
    const line: LineSettings = { ...LINE, dataBits: 7, parity: 'even', hangupOnClose: false }
    await (await openOn(pty, transportWith(line))).close()
    expect(open).toHaveBeenCalledWith({
      path: pty.path,
      baudRate: 57_600,
      dataBits: 7,
      parity: 'even',
      stopBits: 1,
      rtscts: false,
      xon: false,
      xoff: false,
      hupcl: false,
      lock: true,
    })
  })

  it.each<[Partial<LineSettings>, string]>([
    [{ parity: 'mark' }, 'mark parity'],
    [{ parity: 'space' }, 'space parity'],
    [{ stopBits: 1.5 }, '1.5 stop bits'],
  ])('%j is refused where only Windows knows it', async (line, what) => {
    const transport = transportWith(line)
    await expect(openOn(pty, transport)).rejects.toMatchObject({
      reason: 'port-error',
      message: `${pty.path} could not be opened with ${what}: there is no such thing on this system.`,
    })
    await transport.released
  })

  it.each([
    [true, true],
    [false, false],
  ])('modem lines (DTR %s, RTS %s) may be missing: that is worth a line for debugging, no more', async (dtr, rts) => {
    const lines: [string, LogData | undefined][] = []
    const noted = (level: string) => (message: string, data?: LogData) => void lines.push([`${level} ${message}`, data])
    const logger = { debug: noted('debug'), info: noted('info'), warn: noted('warn'), error: noted('error') }
    const transport = await openOn(pty, transportWith({ dtr, rts }, logger))
    expect(lines).toEqual([['debug A port has no modem lines that could be set', { port: pty.path }]])
    await transport.close()
  })

  it('a small read buffer brings small pieces, but all of them and without a pause between', async () => {
    const transport = await openOn(pty, transportWith({ readBufferSize: 64 }))
    const heard = new Heard()
    const sizes: number[] = []
    transport.onData(chunk => {
      sizes.push(chunk.length)
      heard.add(chunk)
    })
    const bytes = Buffer.alloc(64 * 500, 'r')
    const startedAt = performance.now()
    await Promise.all([pty.write(bytes), heard.reach(bytes.length)])
    expect(Math.max(...sizes)).toBe(64)
    // With a pause after each read it would take two seconds at the least.
    expect(performance.now() - startedAt).toBeLessThan(1_900)
    await transport.close()
  })
})
