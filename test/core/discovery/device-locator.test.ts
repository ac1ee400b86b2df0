import { describe, expect, it } from 'vitest'
import { Emitter } from '../../../electron/core/base/emitter'
import { PortDeviceLocator } from '../../../electron/core/discovery/device-locator'
import { ABSENT_SCAN_INTERVAL_MS } from '../../../shared/limits'
import type { PortInfo, PortList } from '../../../shared/model'
import { FakeClock, settle } from '../../fakes/fake-clock'

const KEY = 'usb:2e8a:0005:e66'

function port(path: string, changes: Partial<PortInfo> = {}): PortInfo {
  return {
    path,
    backend: 'serial',
    source: 'listed',
    present: true,
    deviceKey: KEY,
    label: 'Pico',
    boardHint: null,
    usb: null,
    settings: { lines: 'raise', baudRate: null },
    ...changes,
  }
}

class Bench {
  readonly clock = new FakeClock()
  readonly listChanged = new Emitter<PortList>()
  readonly there = new Set<string>()
  list: PortList = { ports: [], scannedAt: null, stale: null }
  watches: number[] = []
  looks = 0
  changes = 0
  readonly locator: PortDeviceLocator

  constructor() {
    const self = this
    this.locator = new PortDeviceLocator({
      ports: {
        get current() {
          return self.list
        },
        onChanged: this.listChanged.event,
        watchClosely(intervalMs) {
          self.watches.push(intervalMs)
          return { dispose: () => void self.watches.pop() }
        },
      },
      clock: this.clock,
      exists: async path => {
        this.looks += 1
        return this.there.has(path)
      },
    })
    this.locator.onChanged(() => {
      this.changes += 1
    })
  }

  show(...ports: PortInfo[]): void {
    this.list = { ...this.list, ports }
    this.listChanged.fire(this.list)
  }
}

describe('where a device is', () => {
  it('E-22: a device with a number of its own is found on whatever port it is', () => {
    const bench = new Bench()
    expect(bench.locator.locate(KEY)).toBeNull()
    bench.show(port('/dev/ttyACM0'))
    expect(bench.locator.locate(KEY)).toBe('/dev/ttyACM0')
    bench.show(port('/dev/ttyACM7'))
    expect(bench.locator.locate(KEY)).toBe('/dev/ttyACM7')
    bench.show(port('/dev/ttyACM7', { present: false }))
    expect(bench.locator.locate(KEY)).toBeNull()
    expect(bench.changes).toBe(3)
  })

  it('E-22: of two devices with the same number none is picked (fault 11)', () => {
    const bench = new Bench()
    bench.show(port('/dev/ttyACM0'), port('/dev/ttyACM1'))
    expect(bench.locator.locate(KEY)).toBeNull()
  })

  it('E-05: another name that the user typed for a listed port is no second device', () => {
    const bench = new Bench()
    bench.show(port('/dev/serial/by-id/pico', { source: 'typed' }), port('/dev/ttyACM0'))
    expect(bench.locator.locate(KEY)).toBe('/dev/ttyACM0')
    bench.show(port('/dev/serial/by-id/pico', { source: 'typed' }))
    expect(bench.locator.locate(KEY)).toBe('/dev/serial/by-id/pico')
  })

  it('E-22: a device without a number is where its path is, as the list says', () => {
    const bench = new Bench()
    bench.show(port('/dev/ttyUSB0', { deviceKey: 'path:/dev/ttyUSB0' }), port('/dev/pts/3', { present: false, source: 'typed' }))
    expect(bench.locator.locate('path:/dev/ttyUSB0')).toBe('/dev/ttyUSB0')
    expect(bench.locator.locate('path:/dev/pts/3')).toBeNull()
    expect(bench.locator.locate('path:simulated:4')).toBeNull()
    expect(bench.looks).toBe(0)
  })

  it('asks the file system for a path that nobody has listed, tells when it knows, and goes on asking while somebody waits', async () => {
    const bench = new Bench()
    const watch = bench.locator.watchClosely()
    expect(bench.locator.locate('path:/dev/pts/9')).toBeNull()
    await settle()
    expect([bench.looks, bench.changes]).toEqual([1, 0])

    bench.there.add('/dev/pts/9')
    await bench.clock.advance(ABSENT_SCAN_INTERVAL_MS)
    expect([bench.locator.locate('path:/dev/pts/9'), bench.changes]).toEqual(['/dev/pts/9', 1])

    bench.there.clear()
    await bench.clock.advance(ABSENT_SCAN_INTERVAL_MS)
    expect([bench.locator.locate('path:/dev/pts/9'), bench.changes]).toEqual([null, 2])
    watch.dispose()
    const { looks } = bench
    await bench.clock.advance(ABSENT_SCAN_INTERVAL_MS * 10)
    expect(bench.looks).toBe(looks)
  })

  it('has the list watched closely once, as long as anyone wants it', () => {
    const bench = new Bench()
    const first = bench.locator.watchClosely()
    const second = bench.locator.watchClosely()
    expect(bench.watches).toEqual([ABSENT_SCAN_INTERVAL_MS])
    first.dispose()
    first.dispose()
    expect(bench.watches).toEqual([ABSENT_SCAN_INTERVAL_MS])
    second.dispose()
    expect(bench.watches).toEqual([])
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('leaves nothing behind when it is disposed while somebody watches', () => {
    const bench = new Bench()
    bench.locator.watchClosely()
    bench.locator.dispose()
    expect(bench.watches).toEqual([])
    expect(bench.clock.pendingTimers).toBe(0)
    expect(bench.listChanged.listenerCount).toBe(0)
  })
})
