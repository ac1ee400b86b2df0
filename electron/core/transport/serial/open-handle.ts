import type { DarwinPortBinding, LinuxPortBinding, WindowsPortBinding } from '@serialport/bindings-cpp'
import { SerialPort } from 'serialport'
import type { SerialHandle } from './serial-handle'
import { UnixHandle } from './unix-handle'
import { WindowsHandle } from './windows-handle'

export type OpenHandle = (path: string, baudRate: number) => Promise<SerialHandle>

/**
 * Opens a port for this app alone: 8 data bits, no parity, 1 stop bit, no flow control. Rejects with the binding's error.
 *
 * The binding is used without serialport's stream on top of it: the stream has no pause between reads, can't treat a
 * read of 0 bytes as an end, and raises an `error` event, which ends the process if nobody listens, when a port is
 * closed during a write.
 */
export const openNativeHandle: OpenHandle = async (path, baudRate) => {
  const port: LinuxPortBinding | DarwinPortBinding | WindowsPortBinding = await SerialPort.binding.open({
    path,
    baudRate,
    dataBits: 8,
    parity: 'none',
    stopBits: 1,
    lock: true,
  })
  return 'poller' in port ? new UnixHandle(port) : new WindowsHandle(port)
}
