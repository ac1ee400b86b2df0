import { describe, expect, it } from 'vitest'
import { describeListedPort } from '../../../electron/core/discovery/listed-port'
import { comparePortPaths, normalizePortPath } from '../../../electron/core/discovery/port-path'
import { createSystemLister } from '../../../electron/core/discovery/system-lister'
import { boardHint } from '../../../electron/core/discovery/usb-boards'

describe('a listed port', () => {
  it('is known by its USB numbers and serial number, whatever their spelling', () => {
    const port = describeListedPort({ path: 'COM3', vendorId: '0x2E8A', productId: '5', serialNumber: 'E66 ' })
    expect(port.deviceKey).toBe('usb:2e8a:0005:E66')
    expect(port.usb).toMatchObject({ vendorId: '2e8a', productId: '0005', serialNumber: 'E66' })
  })

  it('without a serial number is known by its path', () => {
    expect(describeListedPort({ path: '/dev/ttyUSB0', vendorId: '1a86', productId: '7523' }).deviceKey).toBe('path:/dev/ttyUSB0')
    expect(describeListedPort({ path: '/dev/ttyS0' })).toMatchObject({ deviceKey: 'path:/dev/ttyS0', usb: null, label: 'ttyS0' })
    expect(describeListedPort({ path: '/dev/ttyUSB0', vendorId: 'nonsense', productId: '7523' }).usb).toBeNull()
  })

  it('is labelled with the product, else the family, else the end of the path', () => {
    const label = (product: string | undefined, productId: string) =>
      describeListedPort({ path: '/dev/ttyACM0', vendorId: '2e8a', productId, product }).label
    expect(label('Tiny 2350', '0005')).toBe('Tiny 2350')
    expect(label('Board in FS mode', '0005')).toBe('Raspberry Pi Pico or other RP2 board')
    expect(label(undefined, 'ffff')).toBe('ttyACM0')
  })

  it('may tell any text of itself: it is cut, and freed of what is no text', () => {
    const port = describeListedPort({
      path: '/dev/ttyACM0',
      vendorId: '2e8a',
      productId: '0005',
      serialNumber: '\u0000\u001b[2J',
      product: `\u202E${'x'.repeat(10_000)}`,
      manufacturer: '\n\n',
    })
    expect(port.label).toBe('x'.repeat(128))
    expect(port.usb).toMatchObject({ serialNumber: '[2J', manufacturer: null })
  })
})

describe('the hint at a board', () => {
  it('goes by the pair of numbers', () => {
    expect(boardHint('f055', '9800')).toBe('Pyboard or other STM32 board')
    expect(boardHint('f055', '980a')).toBe('Pyboard or other STM32 board')
    expect(boardHint('303a', '1001')).toBe('ESP32 with USB-Serial/JTAG')
    expect(boardHint('303a', '0005')).toBeNull()
    expect(boardHint('2e8a', '1001')).toBeNull()
  })
})

describe('the name of a port', () => {
  it.each<[NodeJS.Platform, string, string | null]>([
    ['win32', 'com3', 'COM3'],
    ['win32', '\\\\.\\COM12', 'COM12'],
    ['win32', 'CNCA0', 'CNCA0'],
    ['darwin', '/dev/tty.usbmodem101', '/dev/cu.usbmodem101'],
    ['darwin', '/dev/cu.usbmodem101', '/dev/cu.usbmodem101'],
    ['darwin', '/dev/ttys003', '/dev/ttys003'],
    ['linux', '/dev/tty.odd', '/dev/tty.odd'],
    ['linux', '/dev/../dev//ttyUSB0/', '/dev/ttyUSB0'],
    ['linux', '/', '/'],
    ['linux', 'ttyUSB0', null],
    ['linux', '/dev/tty\u0007', null],
  ])('on %s %j is %j', (platform, typed, expected) => {
    expect(normalizePortPath(typed, platform)).toBe(expected)
  })

  it('sorts with numbers as numbers, and never calls two names equal', () => {
    expect(['COM10', 'COM9', 'COM1'].sort(comparePortPaths)).toEqual(['COM1', 'COM9', 'COM10'])
    expect(comparePortPaths('/dev/ttyS1', '/dev/ttyS01')).not.toBe(0)
  })
})

describe('the list of other systems', () => {
  it('on Windows takes the name of the driver for the product', async () => {
    const list = createSystemLister({
      platform: 'win32',
      listNative: async () => [{ path: 'COM3', friendlyName: 'USB Serial Device (COM3)' }],
    })
    expect(await list()).toEqual([{ path: 'COM3', product: 'USB Serial Device' }])
  })

  it('on macOS shows the node that is opened', async () => {
    const list = createSystemLister({
      platform: 'darwin',
      listNative: async () => [{ path: '/dev/tty.usbmodem101', vendorId: '2e8a', productId: '0005' }],
    })
    expect((await list()).map(port => port.path)).toEqual(['/dev/cu.usbmodem101'])
  })
})
