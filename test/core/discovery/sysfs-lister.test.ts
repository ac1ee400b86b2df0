import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listSysfsPorts } from '../../../electron/core/discovery/sysfs-lister'
import { createSystemLister } from '../../../electron/core/discovery/system-lister'

describe('the list of ports on Linux', () => {
  let root = ''
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'sysfs-'))
    await mkdir(join(root, 'sys/class/tty'), { recursive: true })
    await mkdir(join(root, 'dev'))
  })
  afterEach(() => rm(root, { recursive: true }))

  async function file(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), `${text}\n`)
  }

  /** A terminal as the kernel shows it; `device` is the folder that its `device` link leads to. */
  async function terminal(name: string, device: string | null, options: { readonly type?: string; readonly node?: boolean } = {}) {
    const folder = join('sys', device ?? 'devices/virtual', 'tty', name)
    await mkdir(join(root, folder), { recursive: true })
    await symlink(join(root, folder), join(root, 'sys/class/tty', name))
    if (device !== null) await symlink(join(root, 'sys', device), join(root, folder, 'device'))
    if (options.type !== undefined) await file(join(folder, 'type'), options.type)
    // A link to a device that exists everywhere stands for the node.
    if (options.node !== false) await symlink('/dev/null', join(root, 'dev', name))
  }

  async function usbDevice(folder: string, attributes: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(attributes)) await file(join('sys', folder, name), value)
  }

  const list = () => listSysfsPorts({ sys: join(root, 'sys'), dev: join(root, 'dev') })

  it('tells what a board with native USB and one behind a bridge say of themselves', async () => {
    await usbDevice('devices/pci/usb1/1-2', {
      idVendor: '2e8a',
      idProduct: '0005',
      serial: 'e66038b7',
      manufacturer: 'MicroPython',
      product: 'Board in FS mode',
    })
    await terminal('ttyACM0', 'devices/pci/usb1/1-2/1-2:1.0')
    await usbDevice('devices/pci/usb1/1-3.4', { idVendor: '1a86', idProduct: '7523', product: 'USB Serial' })
    await terminal('ttyUSB0', 'devices/pci/usb1/1-3.4/1-3.4:1.0/ttyUSB0')

    expect([...(await list())].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      {
        path: join(root, 'dev/ttyACM0'),
        vendorId: '2e8a',
        productId: '0005',
        serialNumber: 'e66038b7',
        manufacturer: 'MicroPython',
        product: 'Board in FS mode',
        locationId: '1-2',
      },
      {
        path: join(root, 'dev/ttyUSB0'),
        vendorId: '1a86',
        productId: '7523',
        serialNumber: undefined,
        manufacturer: undefined,
        product: 'USB Serial',
        locationId: '1-3.4',
      },
    ])
  })

  it('shows a real UART and none of those that are only numbers', async () => {
    await terminal('ttyS0', 'devices/pnp0/00:05', { type: '4' })
    for (let number = 1; number < 32; number++) await terminal(`ttyS${number}`, 'devices/platform/serial8250', { type: '0' })
    await terminal('ttyAMA0', 'devices/platform/soc/fe201000.serial', { type: '32' })
    await terminal('tty1', null)
    await terminal('console', null)
    await terminal('ptmx', null)
    expect((await list()).map(({ path }) => path.slice(root.length)).sort()).toEqual(['/dev/ttyAMA0', '/dev/ttyS0'])
  })

  it("leaves out what has no node, as in a container that sees the host's devices", async () => {
    await terminal('ttyACM0', 'devices/usb1/1-2/1-2:1.0', { node: false })
    expect(await list()).toEqual([])
  })

  it('rejects where the kernel shows nothing', async () => {
    await rm(join(root, 'sys'), { recursive: true })
    await expect(list()).rejects.toThrow('ENOENT')
  })

  it.each([
    ['missing', null],
    ['taking ten seconds', 'sleep 10'],
  ])('needs no udevadm: with one %s it answers at once, starts none and holds nothing up (fault 19)', async (_, script) => {
    const started = join(root, 'started')
    const path = process.env.PATH
    if (script !== null) {
      await file('bin/udevadm', `#!/bin/sh\ntouch ${started}\n${script}`)
      await chmod(join(root, 'bin/udevadm'), 0o755)
    }
    process.env.PATH = join(root, 'bin')
    let longestWaitMs = 0
    let last = performance.now()
    const heartbeat = setInterval(() => {
      longestWaitMs = Math.max(longestWaitMs, performance.now() - last)
      last = performance.now()
    }, 5)
    try {
      const startedAt = performance.now()
      for (let scan = 0; scan < 20; scan++) await createSystemLister({ platform: 'linux' })()
      expect(performance.now() - startedAt).toBeLessThan(2_000)
    } finally {
      clearInterval(heartbeat)
      process.env.PATH = path
    }
    expect(longestWaitMs).toBeLessThan(1_000)
    await expect(readFile(started)).rejects.toThrow('ENOENT')
  })
})
