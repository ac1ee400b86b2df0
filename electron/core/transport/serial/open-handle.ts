import type { DarwinPortBinding, LinuxPortBinding, WindowsPortBinding } from '@serialport/bindings-cpp'
import { SerialPort } from 'serialport'
import type { LineSettings } from '../line-settings'
import { clearHangUpFlag } from './hang-up-flag'
import type { SerialHandle } from './serial-handle'
import { UnixHandle } from './unix-handle'
import { WindowsHandle } from './windows-handle'

export type OpenHandle = (path: string, baudRate: number, line: LineSettings) => Promise<SerialHandle>

/**
 * Opens a port for this app alone. Rejects with the binding's error.
 *
 * The binding is used without serialport's stream on top of it: the stream has no pause between reads, can't treat a
 * read of 0 bytes as an end, and raises an `error` event, which ends the process if nobody listens, when a port is
 * closed during a write.
 */
export const openNativeHandle: OpenHandle = async (path, baudRate, line) => {
  const port: LinuxPortBinding | DarwinPortBinding | WindowsPortBinding = await SerialPort.binding.open({
    path,
    baudRate,
    dataBits: line.dataBits,
    parity: line.parity,
    stopBits: line.stopBits,
    rtscts: line.rtscts,
    xon: line.xon,
    xoff: line.xoff,
    // Hang up on close: the system lowers DTR when the last program lets go of the port.
    hupcl: line.hangupOnClose,
    lock: true,
  })
  if (!('poller' in port)) return new WindowsHandle(port)
  // Best effort, like all that is done to modem lines: a board that restarts at a close is no reason to refuse it.
  if (!line.hangupOnClose && port.fd !== null) await clearHangUpFlag(port.fd)
  return new UnixHandle(port)
}
