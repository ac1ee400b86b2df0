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

/** From the boards' definitions in MicroPython's repository and the makers' lists. */
const FAMILIES = [
  '2e8a:0005,1002,101f,1020,1021,10ec,110a',
  'f055:9800,9801,9802,9803,9804,9805,9806,9807,9808,9809,980a',
  '303a:4001,1001,80d1,80d4,80d7,817a,81b1,81fc,81ff,8225',
  '2341:025a,025e,0468,055b,055f,0564,0566,056b',
  '239a:80f2,80f8,80fe,814f 1b4f:0025,0026,0038,0039,0044,0046,0047',
  '16d0:08c7 1ffb:2043,2044 1209:f502 2886:0045 15ba:0046 37c5:1206,16e3',
  '1209:adda 0694:0009,0010 16c0:0483 0d28:0204',
  '10c4:ea60 1a86:7523,5523,55d3,55d4 0403:6001,6010,6011,6014,6015,601c',
].join(' ')

describe('the hint at a board', () => {
  it('goes by the pair of numbers', () => {
    expect(boardHint('f055', '9801')).toBe('Pyboard or other STM32 board')
    expect(boardHint('f055', '980a')).toBe('Pyboard or other STM32 board')
    expect(boardHint('303a', '1001')).toBe('ESP32 with USB-Serial/JTAG')
    expect(boardHint('303a', '0005')).toBeNull()
    expect(boardHint('2e8a', '1001')).toBeNull()
  })

  it('names no family where several share a pair of numbers', () => {
    expect(boardHint('f055', '9800')).toBe('STM32 or Renesas board')
    expect(boardHint('f055', '9802')).toBe('STM32, SAMD, i.MX RT, nRF or Alif board')
  })

  it('knows the families of the common boards and bridges, and no pair of two of them', () => {
    const pairs = FAMILIES.split(/\s+/).flatMap(entry => {
      const [vendorId = '', products = ''] = entry.split(':')
      return products.split(',').map(productId => [vendorId, productId] as const)
    })
    expect(pairs.filter(([vendorId, productId]) => boardHint(vendorId, productId) === null)).toEqual([])
    const known = new Set(pairs.map(pair => pair.join(':')))
    const vendors = new Set(pairs.map(([vendorId]) => vendorId))
    const products = new Set(pairs.map(([, productId]) => productId))
    const wrong = [...vendors].flatMap(vendorId =>
      [...products].filter(productId => !known.has(`${vendorId}:${productId}`) && boardHint(vendorId, productId) !== null),
    )
    expect(wrong).toEqual([])
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
