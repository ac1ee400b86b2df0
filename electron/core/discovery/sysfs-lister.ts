import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ListedPort } from './listed-port'

/** From a terminal's device up to its USB device: the interface, and for bridges a port on it, lie in between. */
const LEVELS_TO_USB_DEVICE = 4

export interface SysfsFolders {
  readonly sys: string
  readonly dev: string
}

/**
 * Lists serial ports on Linux by reading what the kernel says of them.
 *
 * serialport's own list runs `udevadm info -e`, which prints every device of the machine: a process and up to 200 ms
 * of processor time every two seconds, nothing where there is no udev (containers, Flatpak; node-serialport#2306), and
 * 32 entries `ttyS0` to `ttyS31` on machines without a single UART. udev itself reads the same files as this function.
 */
export async function listSysfsPorts(folders: SysfsFolders = { sys: '/sys', dev: '/dev' }): Promise<readonly ListedPort[]> {
  const terminals = join(folders.sys, 'class', 'tty')
  const ports = await Promise.all((await readdir(terminals)).map(name => describePort(join(terminals, name), folders.dev)))
  return ports.filter((port): port is ListedPort => port !== null)
}

async function describePort(terminal: string, dev: string): Promise<ListedPort | null> {
  // Consoles and pseudo-terminals have no device.
  const device = await realpath(join(terminal, 'device')).catch(() => null)
  if (device === null) return null
  // `PORT_UNKNOWN` of Linux's serial_core: a number kept for a UART that is not there.
  if ((await readText(join(terminal, 'type'))) === '0') return null
  const path = join(dev, basename(terminal).replaceAll('!', '/'))
  const isUsable = await stat(path).then(
    node => node.isCharacterDevice(),
    () => false,
  )
  return isUsable ? { path, ...(await readUsbDevice(device)) } : null
}

async function readUsbDevice(device: string): Promise<Omit<ListedPort, 'path'>> {
  let folder = device
  for (let level = 0; level < LEVELS_TO_USB_DEVICE; level++) {
    const vendorId = await readText(join(folder, 'idVendor'))
    if (vendorId !== undefined) {
      const [productId, serialNumber, manufacturer, product] = await Promise.all(
        ['idProduct', 'serial', 'manufacturer', 'product'].map(name => readText(join(folder, name))),
      )
      return { vendorId, productId, serialNumber, manufacturer, product, locationId: basename(folder) }
    }
    folder = dirname(folder)
  }
  return {}
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    return undefined
  }
}
