import type { WindowsPortBinding } from '@serialport/bindings-cpp'
import { type CloseOptions, prepareClose, raiseLines, type SerialHandle } from './serial-handle'

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

  raiseLines(): Promise<boolean> {
    return raiseLines(this.port)
  }

  async close(options: CloseOptions): Promise<void> {
    await prepareClose(this.port, options)
    await this.port.close()
  }
}
