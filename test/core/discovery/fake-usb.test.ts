import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { listSysfsPorts } from '../../../electron/core/discovery/sysfs-lister'
import { FakeUsb, PICO } from '../../boards/fake-usb'
import { type PtyNode, startPtyNode } from '../../boards/pty-board'

describe('the fake USB of the tests', () => {
  const ends: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function usb(): Promise<FakeUsb> {
    const made = await FakeUsb.create()
    ends.push(() => made.dispose())
    return made
  }

  async function node(): Promise<PtyNode> {
    const made = await startPtyNode({ behaviour: 'silent' })
    ends.push(() => made.stop())
    return made
  }

  const list = (from: FakeUsb) => listSysfsPorts({ sys: path.join(from.root, 'sys'), dev: path.join(from.root, 'dev') })

  it('is read as the system is: a device comes, goes, and comes back under another name', async () => {
    const fake = await usb()
    expect(await list(fake)).toEqual([])
    const port = await fake.plug('ttyACM0', (await node()).path, PICO)
    expect(await list(fake)).toEqual([
      {
        path: port,
        vendorId: '2e8a',
        productId: '0005',
        serialNumber: PICO.serialNumber,
        manufacturer: 'MicroPython',
        product: 'Pico',
        locationId: '1-1',
      },
    ])
    await fake.unplug('ttyACM0')
    expect(await list(fake)).toEqual([])
    await fake.plug('ttyACM1', (await node()).path, PICO)
    expect(await list(fake)).toMatchObject([{ path: fake.pathOf('ttyACM1'), serialNumber: PICO.serialNumber, locationId: '1-2' }])
  })

  it('has devices without a serial number, and none whose node is gone', async () => {
    const fake = await usb()
    const behind = await node()
    await fake.plug('ttyUSB0', behind.path, { vendorId: '1a86', productId: '7523' })
    expect(await list(fake)).toMatchObject([{ serialNumber: undefined, product: undefined }])
    await behind.unplug()
    expect(await list(fake)).toEqual([])
  })
})
