import { describe, expect, it } from 'vitest'
import { isPortAllowed } from '../../../electron/core/discovery/port-rules'
import type { PortInfo } from '../../../shared/model'

const PICO: Pick<PortInfo, 'path' | 'backend' | 'usb'> = {
  path: '/dev/ttyACM0',
  backend: 'serial',
  usb: { vendorId: '2e8a', productId: '0005', serialNumber: 'e66', manufacturer: null, locationId: null },
}
const UART: Pick<PortInfo, 'path' | 'backend' | 'usb'> = { path: '/dev/ttyS0', backend: 'serial', usb: null }

describe('which ports may be used', () => {
  it.each([
    ['everything without rules', [], [], PICO, true],
    ['a path that is allowed', ['/dev/ttyACM*'], [], PICO, true],
    ['a path that is not among the allowed', ['/dev/ttyUSB*'], [], PICO, false],
    ['a number that is allowed', ['2e8a:0005'], [], PICO, true],
    ['a number in capitals', ['2E8A:0005'], [], PICO, true],
    ['a maker that is allowed', ['2e8a:*'], [], PICO, true],
    ['another number', ['2e8a:0006'], [], PICO, false],
    ['a port without numbers, where only numbers are allowed', ['2e8a:*'], [], UART, false],
    ['a blocked path', [], ['/dev/ttyACM0'], PICO, false],
    ['a blocked number', [], ['2e8a:0005'], PICO, false],
    ['what is allowed and blocked', ['/dev/ttyACM*'], ['2e8a:*'], PICO, false],
    ['one character', ['/dev/ttyS?'], [], UART, true],
    ['a star that has to give back', ['*tty*S0'], [], { ...UART, path: '/dev/ttyttyS1S0' }, true],
    ['a star for nothing', ['/dev/ttyS0*'], [], UART, true],
    ['too short a path', ['/dev/ttyS0?'], [], UART, false],
    ['a dot as a dot', ['/dev.ttyS0'], [], UART, false],
    ['the whole path, not a part of it', ['ttyS0'], [], UART, false],
    ['a simulated board', ['/dev/none'], ['*'], { path: 'simulated:1', backend: 'simulated', usb: null } as const, true],
  ])('decides on %s', (_what, allow, block, port, expected) => {
    expect(isPortAllowed(port, { allow, block }, 'linux')).toBe(expected)
  })

  it('takes upper and lower case as equal on Windows alone', () => {
    const com: typeof UART = { ...UART, path: 'COM3' }
    expect(isPortAllowed(com, { allow: ['com*'], block: [] }, 'win32')).toBe(true)
    expect(isPortAllowed(UART, { allow: ['/dev/TTYS0'], block: [] }, 'linux')).toBe(false)
  })

  it('is quick with a pattern made to be slow', () => {
    const rules = { allow: [`${'*'.repeat(200)}x`, `${'*a'.repeat(400)}`], block: [] }
    const before = performance.now()
    expect(isPortAllowed({ ...UART, path: `/dev/${'a'.repeat(1_000)}b` }, rules, 'linux')).toBe(false)
    expect(performance.now() - before).toBeLessThan(500)
  })
})
