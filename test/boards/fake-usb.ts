import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** What a USB device says of itself. */
export interface UsbDevice {
  /** Four hex digits. */
  readonly vendorId: string
  readonly productId: string
  /** Without one, the device is known by its port's path alone. */
  readonly serialNumber?: string
  readonly product?: string
}

export const PICO: UsbDevice = { vendorId: '2e8a', productId: '0005', serialNumber: 'e66038b713596535', product: 'Pico' }

/**
 * A system that has what is plugged in here and nothing else: the part of Linux's `/sys` and `/dev` that ports are listed
 * from. Whoever makes one takes it away with `dispose`. The app is told of it by `environment`.
 */
export class FakeUsb {
  private plugged = 0

  private constructor(readonly root: string) {}

  static async create(): Promise<FakeUsb> {
    const root = await mkdtemp(path.join(tmpdir(), 'muster-usb-'))
    for (const folder of ['sys/class/tty', 'dev']) await mkdir(path.join(root, folder), { recursive: true })
    return new FakeUsb(root)
  }

  get environment(): { readonly MUSTER_SYSTEM_ROOT: string } {
    return { MUSTER_SYSTEM_ROOT: this.root }
  }

  /** What a port's path will be, plugged in or not. */
  pathOf(name: string): string {
    return path.join(this.root, 'dev', name)
  }

  /**
   * A device appears: `name` is that of its terminal, for example `ttyACM0`, and `node` what is behind it. It is listed
   * from the moment this resolves, whole at once. Resolves with the port's path.
   */
  async plug(name: string, node: string, device: UsbDevice): Promise<string> {
    this.plugged += 1
    const location = `1-${this.plugged}`
    const folder = path.join(this.root, 'sys/devices/usb1', location)
    const terminal = path.join(folder, `${location}:1.0`, 'tty', name)
    await mkdir(terminal, { recursive: true })
    const { vendorId, productId, serialNumber, product } = device
    const texts = { idVendor: vendorId, idProduct: productId, serial: serialNumber, manufacturer: 'MicroPython', product }
    for (const [file, text] of Object.entries(texts)) {
      if (text !== undefined) await writeFile(path.join(folder, file), `${text}\n`)
    }
    await symlink(path.join(folder, `${location}:1.0`), path.join(terminal, 'device'))
    await symlink(node, this.pathOf(name))
    // Last: only what stands here is listed.
    await symlink(terminal, this.listedAs(name))
    return this.pathOf(name)
  }

  /** The device is gone. What was behind it is left alone. */
  async unplug(name: string): Promise<void> {
    await rm(this.listedAs(name), { force: true })
    await rm(this.pathOf(name), { force: true })
  }

  async dispose(): Promise<void> {
    await rm(this.root, { recursive: true, force: true })
  }

  private listedAs(name: string): string {
    return path.join(this.root, 'sys/class/tty', name)
  }
}
