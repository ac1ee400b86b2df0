import { describe, expect, it } from 'vitest'
import { PortReservations } from '../../../electron/core/sessions/manager/port-reservations'
import { ZOMBIE_PORT_MS } from '../../../shared/limits'
import { FakeClock, settle } from '../../fakes/fake-clock'

const KEY = 'usb:2e8a:0005:e66'
const PORT = '/dev/ttyACM0'

class Bench {
  readonly clock = new FakeClock()
  readonly reservations: PortReservations
  freed = 0

  constructor(platform: NodeJS.Platform = 'linux') {
    this.reservations = new PortReservations(this.clock, platform)
    this.reservations.onFreed(() => {
      this.freed += 1
    })
  }

  /** Who has the device and who the path, seen apart. */
  holders(deviceKey = KEY, port = PORT): readonly (string | undefined)[] {
    return [this.reservations.find(deviceKey, 'none')?.sessionId, this.reservations.find('path:none', port)?.sessionId]
  }
}

describe('reservations of ports', () => {
  it('E-05: cover the device and the path, so that neither can be had a second time', () => {
    const bench = new Bench()
    bench.reservations.reserve(KEY, PORT, 'one')
    expect(bench.reservations.find(KEY, '/dev/serial/by-id/pico')?.sessionId).toBe('one')
    expect(bench.reservations.find('path:x', PORT)?.sessionId).toBe('one')
    expect(bench.reservations.find('path:x', '/dev/ttyACM1')).toBeUndefined()
  })

  it('E-05: COM3 and com3 are one port on Windows, and two elsewhere', () => {
    const windows = new Bench('win32')
    windows.reservations.reserve('path:COM3', 'COM3', 'one')
    expect(windows.reservations.find('path:com3', 'com3')?.sessionId).toBe('one')
    const linux = new Bench()
    linux.reservations.reserve('path:COM3', 'COM3', 'one')
    expect(linux.reservations.find('path:com3', 'com3')).toBeUndefined()
  })

  it('a lost session keeps its device and frees its path, which another device can have', async () => {
    const bench = new Bench()
    const lost = bench.reservations.reserve(KEY, PORT, 'lost')
    lost.leavePort()
    expect(bench.holders()).toEqual(['lost', undefined])
    const impostor = bench.reservations.reserve('path:impostor', PORT, 'impostor')
    expect(lost.takePort(PORT)).toBe(false)
    expect(lost.takePort('/dev/ttyACM5')).toBe(true)
    expect(bench.holders(KEY, '/dev/ttyACM5')).toEqual(['lost', 'lost'])
    lost.release()
    expect(bench.holders()).toEqual([undefined, 'impostor'])
    impostor.release()
    expect(bench.reservations.count).toBe(0)
  })

  it('a path that the system still has is freed when it lets go, or after a while', async () => {
    const bench = new Bench()
    let letGo = (): void => {}
    const lost = bench.reservations.reserve(KEY, PORT, 'lost')
    lost.releaseWhen(
      new Promise(resolve => {
        letGo = resolve
      }),
    )
    lost.leavePort()
    expect(bench.holders()).toEqual(['lost', 'lost'])
    letGo()
    await settle()
    expect(bench.holders()).toEqual(['lost', undefined])

    lost.takePort(PORT)
    lost.releaseWhen(new Promise(() => {}))
    lost.leavePort()
    await bench.clock.advance(ZOMBIE_PORT_MS - 1)
    expect(bench.holders()).toEqual(['lost', 'lost'])
    await bench.clock.advance(1)
    expect(bench.holders()).toEqual(['lost', undefined])
  })

  it('a device without a number of its own can only come back to its path, and keeps it', () => {
    const bench = new Bench()
    const lost = bench.reservations.reserve(`path:${PORT}`, PORT, 'lost')
    lost.leavePort()
    expect(bench.reservations.find('path:x', PORT)?.sessionId).toBe('lost')
    expect(lost.takePort(PORT)).toBe(true)
    lost.release()
    expect(bench.reservations.count).toBe(0)
  })

  it('a path taken back before it was freed stays', async () => {
    const bench = new Bench()
    const reservation = bench.reservations.reserve(KEY, PORT, 'one')
    reservation.releaseWhen(new Promise(() => {}))
    reservation.leavePort()
    expect(reservation.takePort(PORT)).toBe(true)
    await bench.clock.advance(ZOMBIE_PORT_MS)
    expect(bench.holders()).toEqual(['one', 'one'])
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('end when session and system are both done with the port, however many connections there were', async () => {
    const bench = new Bench()
    const letGo: (() => void)[] = []
    const reservation = bench.reservations.reserve(KEY, PORT, 'one')
    for (let attempt = 0; attempt < 2; attempt++) reservation.releaseWhen(new Promise(resolve => letGo.push(resolve)))
    let ended = false
    void bench.reservations.ended('one').then(() => {
      ended = true
    })
    reservation.abandon()
    letGo[0]?.()
    await settle()
    expect([reservation.isZombie, ended, bench.freed]).toEqual([true, false, 0])
    letGo[1]?.()
    await settle()
    expect([reservation.isZombie, ended, bench.freed]).toEqual([false, true, 1])
    expect(bench.clock.pendingTimers).toBe(0)
    expect(reservation.takePort(PORT)).toBe(false)
  })
})
