import type { WindowsPortBinding } from '@serialport/bindings-cpp'
import { type CloseOptions, type ModemLines, prepareClose, type SerialHandle, setLines } from './serial-handle'

/** A port on Windows, where the binding's own reads and writes end by themselves when the port does. */
export class WindowsHandle implements SerialHandle {
  constructor(private readonly port: WindowsPortBinding) {}

  async read(buffer: Buffer): Promise<number> {
    return (await this.port.read(buffer, 0, buffer.length)).bytesRead
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.port.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    return bytes.length
  }

  setLines(lines: ModemLines): Promise<boolean> {
    return setLines(this.port, lines)
  }

  async close(options: CloseOptions): Promise<void> {
    await prepareClose(this.port, options)
    await this.port.close()
  }
}
