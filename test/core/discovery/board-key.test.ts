import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boardKeyOf } from '../../../electron/core/discovery/board-key'
import { describeListedPort } from '../../../electron/core/discovery/listed-port'
import { readIdentity } from '../../../electron/core/micropython/identity'
import type { BoardIdentity, PortInfo } from '../../../shared/model'

const UNKNOWN = readIdentity(new Uint8Array(), 'T', '')

function says(uniqueId: string | null, platform: string | null = null): BoardIdentity {
  return { ...UNKNOWN, uniqueId, platform }
}

function plug(numbers: string, serialNumber?: string, locationId?: string): PortInfo {
  const [vendorId, productId] = numbers.split(':')
  return describeListedPort({ path: '/dev/ttyACM0', vendorId, productId, serialNumber, locationId })
}

describe('the key of a board', () => {
  it('is the strongest of what there is: unique id, USB serial number, USB path, port', () => {
    const port = plug('2e8a:0005', 'E66038B713596535', '1-1.4')
    expect(boardKeyOf(says('e66038b713596535', 'rp2'), port, port.path)).toEqual({
      level: 'uniqueId',
      text: 'e6:60:38:b7:13:59:65:35',
      usbSerial: 'agrees',
    })
    expect(boardKeyOf(says(null), port, port.path)).toEqual({ level: 'usbSerial', text: 'e6:60:38:b7:13:59:65:35', usbSerial: 'unknown' })
    expect(boardKeyOf(null, port, port.path)).toMatchObject({ level: 'usbSerial' })
    const numberless = plug('1a86:7523', undefined, '1-1.4')
    expect(boardKeyOf(says(null), numberless, numberless.path)).toEqual({ level: 'usbPath', text: '1-1.4', usbSerial: 'unknown' })
    expect(boardKeyOf(says(null), plug('1a86:7523'), '/dev/ttyUSB0')).toEqual({ level: 'port', text: '/dev/ttyUSB0', usbSerial: 'unknown' })
    expect(boardKeyOf(says('0102030405060708'), undefined, '/dev/pts/3')).toEqual({
      level: 'uniqueId',
      text: '01:02:03:04:05:06:07:08',
      usbSerial: 'unknown',
    })
  })

  // A sum of two of its bytes needs three digits: old firmware prints it so, new firmware cuts it.
  const STM32 = '3c00fa001847373130383536'
  it.each([
    ['Pico', '2e8a:0005', 'rp2', 'e66038b713596535', 'E66038B713596535', 'agrees'],
    ['another Pico', '2e8a:0005', 'rp2', 'e66038b713596535', 'E66038B713596536', 'differs'],
    ['Pico with a made-up product', 'cafe:4001', 'rp2', 'e66038b713596535', 'E66038B713596535', 'agrees'],
    ['Pico with a serial number of its maker', 'cafe:4001', 'rp2', 'e66038b713596535', '0011223344556677', 'unknown'],
    ['Pico behind a debug probe', '2e8a:000c', 'rp2', 'e66038b713596535', 'E6614103E7381C28', 'unknown'],
    ['Pico behind a bridge', '10c4:ea60', 'rp2', 'e66038b713596535', '0123456789abcdef', 'unknown'],
    ['SAMD51', 'f055:9802', 'samd', '3be6e1505132324a202020ff0f1a2e43', '3BE6E1505132324A202020FF0F1A2E43', 'agrees'],
    ['another SAMD51', 'f055:9802', 'samd', '3be6e1505132324a202020ff0f1a2e43', '3BE6E1505132324A202020FF0F1A2E44', 'differs'],
    ['Teensy 4', 'f055:9802', 'mimxrt', '5b6a8209d2412054', '5B6A8209D2412054', 'agrees'],
    ['another Teensy 4', 'f055:9802', 'mimxrt', '5b6a8209d2412054', '5B6A8209D2412055', 'differs'],
    ['ESP32-S3, own USB', '303a:4001', 'esp32', '7cdfa1e3b2c4', '7CDFA1E3B2C40000', 'agrees'],
    ['ESP32-S3 with noise behind the MAC', '303a:4001', 'esp32', '7cdfa1e3b2c4', '7CDFA1E3B2C4A05F', 'agrees'],
    ['another ESP32-S3', '303a:4001', 'esp32', '7cdfa1e3b2c4', '7CDFA1E3B2C50000', 'differs'],
    ['ESP32-S3 with old firmware', '303a:4001', 'esp32', '7cdfa1e3b2c4', '123456', 'unknown'],
    ['ESP32-C3, USB-Serial/JTAG', '303a:1001', 'esp32', '7cdfa1e3b2c4', '7C:DF:A1:E3:B2:C4', 'agrees'],
    ['another ESP32-C3', '303a:1001', 'esp32', '7cdfa1e3b2c4', '7C:DF:A1:E3:B2:C5', 'differs'],
    ['ESP32 behind a CP2102N', '10c4:ea60', 'esp32', '7cdfa1e3b2c4', 'e4a3f8a9b7c2ec11', 'unknown'],
    ['Pyboard', 'f055:9800', 'pyboard', '3c0027001847373130383536', '365C386C3137', 'agrees'],
    ['Pyboard with sums beyond a byte, in full', 'f055:9800', 'pyboard', STM32, '3612F386C3137', 'agrees'],
    ['Pyboard with sums beyond a byte, cut', 'f055:9800', 'pyboard', STM32, '362F386C3137', 'agrees'],
    ['another Pyboard', 'f055:9800', 'pyboard', '3c0027001847373130383536', '365C386C3138', 'differs'],
    ['nRF52840', 'f055:9802', 'nrf52', null, '3F8A21C04B7D9E12', 'unknown'],
    ['micro:bit', '0d28:0204', 'microbit', '0300000078563412', '9900000031864e45003c10070000006a0000000097969901', 'unknown'],
    ['a port that is not known', 'f055:9802', 'zephyr', '5b6a8209d2412054', '5B6A8209D2412055', 'unknown'],
    ['a board that does not tell its port', '2e8a:0005', null, 'e66038b713596535', 'E66038B713596536', 'unknown'],
    ['a board whose port is a name of JavaScript', '2e8a:0005', 'constructor', 'e66038b713596535', 'E66038B713596536', 'unknown'],
    ['no serial number', '2e8a:0005', 'rp2', 'e66038b713596535', undefined, 'unknown'],
  ])('%s: unique id and serial number: %s', (_, numbers, platform, uniqueId, serialNumber, expected) => {
    expect(boardKeyOf(says(uniqueId, platform), plug(numbers, serialNumber), '/dev/ttyACM0').usbSerial).toBe(expected)
  })

  it('takes no unique id from a chip that was never given one, and none of a size that no chip has', () => {
    for (const id of ['000000000000', 'ffffffffffffffff', '', 'ab'.repeat(100), 'xyz', 'abc']) {
      expect(boardKeyOf(says(id, 'rp2'), plug('2e8a:0005', 'E66038B713596535'), 'p').level).toBe('usbSerial')
    }
  })

  it('writes a serial number that is no hex as it is', () => {
    const text = (serialNumber: string) => boardKeyOf(null, plug('0694:0009', serialNumber), 'p').text
    expect(text('3276365D3336')).toBe('32:76:36:5d:33:36')
    expect(text('A50285BI')).toBe('A50285BI')
    expect(text('1234')).toBe('1234')
  })

  it('does not take a number for a serial number that is not one of the device (fault 11)', () => {
    expect(plug('10c4:ea60', '0001', '1-2').deviceKey).toBe('path:/dev/ttyACM0')
    expect(boardKeyOf(null, plug('10c4:ea60', '0001', '1-2'), 'p')).toEqual({ level: 'usbPath', text: '1-2', usbSerial: 'unknown' })
    expect(plug('1a86:7523', '5&1A2B3C&0&3').usb?.serialNumber).toBeNull()
  })

  it('survives anything that a device may say', () => {
    const text = fc.option(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-fA-F:]{0,40}$/)), { nil: undefined })
    fc.assert(
      fc.property(
        text,
        text,
        text,
        text,
        fc.constantFrom('2e8a:0005', '303a:4001', 'f055:9800', ':'),
        (id, platform, serial, place, numbers) => {
          const key = boardKeyOf(says(id ?? null, platform ?? null), plug(numbers, serial, place), '/dev/x')
          expect(key.text.length).toBeGreaterThan(0)
          expect(key.text.length).toBeLessThanOrEqual(200)
          expect(key.text).not.toMatch(/\p{Cc}/u)
        },
      ),
    )
  })
})
