import { beforeEach, describe, expect, it } from 'vitest'
import type { ListedPort } from '../../../electron/core/discovery/listed-port'
import type { PortService } from '../../../electron/ipc/services'
import { PORT_SCAN_INTERVAL_MS, PORT_SCAN_TIMEOUT_MS } from '../../../shared/limits'
import { settle } from '../../fakes/fake-clock'
import { BRIDGE, Machine, PICO, simulatedPort } from './machine'

describe('the port directory', () => {
  let machine: Machine
  beforeEach(() => {
    machine = new Machine()
  })

  it('is what the bridge asks for', () => {
    const service: PortService = machine.directory
    expect(service.current).toEqual({ ports: [], scannedAt: null, stale: null })
  })

  describe('scanning', () => {
    it('finds arrivals and removals by itself, and speaks only when something has changed', async () => {
      machine.directory.resume()
      await settle()
      machine.ports = [PICO]
      await machine.clock.advance(PORT_SCAN_INTERVAL_MS)
      await machine.clock.advance(PORT_SCAN_INTERVAL_MS * 5)
      machine.ports = []
      await machine.clock.advance(PORT_SCAN_INTERVAL_MS)
      expect(machine.heard.map(list => list.ports.map(port => port.path))).toEqual([[], ['/dev/ttyACM0'], []])
      expect(machine.directory.current.scannedAt).toBe(machine.clock.now())
      expect(machine.listings).toBe(8)
    })

    it('keeps what has not changed as the very same object', async () => {
      machine.ports = [PICO]
      await machine.directory.refresh()
      const [before] = machine.directory.current.ports
      machine.ports = [{ ...PICO }, BRIDGE]
      await machine.directory.refresh()
      expect(machine.directory.current.ports[0]).toBe(before)
    })

    it('keeps the order of the paths, with numbers as numbers, however the system lists them', async () => {
      machine.ports = ['/dev/ttyUSB10', '/dev/ttyACM2', '/dev/ttyUSB9', '/dev/ttyACM10'].map(path => ({ path }))
      machine.simulated = [simulatedPort(10), simulatedPort(2)]
      await machine.directory.refresh()
      const order = ['/dev/ttyACM2', '/dev/ttyACM10', '/dev/ttyUSB9', '/dev/ttyUSB10', 'simulated:2', 'simulated:10']
      expect(machine.paths).toEqual(order)
      machine.ports.reverse()
      await machine.directory.refresh()
      expect(machine.paths).toEqual(order)
      expect(machine.heard).toHaveLength(1)
    })

    it('joins demands to a scan under way', async () => {
      const answers: ((ports: ListedPort[]) => void)[] = []
      machine.answer = () => new Promise(resolve => answers.push(resolve))
      const first = machine.directory.refresh()
      const second = machine.directory.refresh()
      await settle()
      answers[0]?.([PICO])
      expect((await first).ports).toHaveLength(1)
      expect(await second).toBe(await first)
      expect(machine.listings).toBe(1)
    })

    it('rests while paused, and scans at once afterwards', async () => {
      machine.directory.resume()
      await settle()
      machine.directory.pause()
      await machine.clock.advance(PORT_SCAN_INTERVAL_MS * 3)
      expect(machine.listings).toBe(1)
      expect(machine.clock.pendingTimers).toBe(0)
      await machine.directory.refresh()
      expect(machine.listings).toBe(2)
      expect(machine.clock.pendingTimers).toBe(0)
      machine.directory.resume()
      await settle()
      expect(machine.listings).toBe(3)
    })

    it('leaves nothing behind, even with the system still at work', async () => {
      machine.answer = () => new Promise(() => {})
      machine.directory.resume()
      await settle()
      const waiting = machine.directory.refresh()
      machine.directory.dispose()
      await waiting
      machine.directory.resume()
      await settle()
      expect(machine.clock.pendingTimers).toBe(0)
      expect(machine.simulatedChanged.listenerCount).toBe(0)
      expect(machine.heard).toEqual([])
    })
  })

  describe('without an answer from the system (fault 19)', () => {
    it('shows the last list as stale, never asks twice at once, and takes the late answer', async () => {
      machine.ports = [PICO]
      machine.directory.resume()
      await settle()
      let answerLate: (ports: ListedPort[]) => void = () => {}
      machine.answer = () =>
        new Promise(resolve => {
          answerLate = resolve
        })
      await machine.clock.advance(PORT_SCAN_INTERVAL_MS + PORT_SCAN_TIMEOUT_MS)
      const staleSince = machine.clock.now()
      expect(machine.directory.current.stale).toEqual({
        since: staleSince,
        message: 'The system has not listed its ports within 3 seconds. What is shown is as of the last answer.',
      })
      expect(machine.paths).toEqual(['/dev/ttyACM0'])

      await machine.clock.advance(30_000)
      expect(machine.listings).toBe(2)
      expect(machine.directory.current.stale?.since).toBe(staleSince)
      expect(machine.heard).toHaveLength(2)

      machine.answer = null
      answerLate([BRIDGE])
      await settle()
      expect(machine.directory.current.stale).toBeNull()
      expect(machine.paths).toEqual(['/dev/ttyUSB0'])
      await machine.clock.advance(PORT_SCAN_TIMEOUT_MS + PORT_SCAN_INTERVAL_MS)
      expect(machine.paths).toEqual(['/dev/ttyACM0'])
    })

    it('answers a demand with the last list once the time is up', async () => {
      machine.ports = [PICO]
      await machine.directory.refresh()
      machine.answer = () => new Promise(() => {})
      const refreshed = machine.directory.refresh()
      await machine.clock.advance(PORT_SCAN_TIMEOUT_MS)
      expect((await refreshed).ports.map(port => port.path)).toEqual(['/dev/ttyACM0'])
      expect((await refreshed).stale).not.toBeNull()
    })

    it('says why when the system fails, and gets well by itself', async () => {
      machine.answer = () => Promise.reject(new Error('spawn udevadm ENOENT'))
      machine.directory.resume()
      await settle()
      expect(machine.directory.current.stale?.message).toBe(
        'The system could not list its ports: spawn udevadm ENOENT. What is shown is as of the last answer.',
      )
      machine.answer = null
      machine.ports = [PICO]
      await machine.clock.advance(PORT_SCAN_INTERVAL_MS)
      expect(machine.directory.current.stale).toBeNull()
      expect(machine.heard).toHaveLength(2)
    })

    it('still lets simulated boards come and go', async () => {
      machine.answer = () => new Promise(() => {})
      machine.directory.resume()
      await settle()
      machine.simulated = [simulatedPort(1)]
      machine.simulatedChanged.fire()
      expect(machine.paths).toEqual(['simulated:1'])
      machine.simulated = []
      machine.simulatedChanged.fire()
      expect(machine.paths).toEqual([])
    })
  })

  describe('typed paths', () => {
    it('stay until they are removed, present or not, and over a restart', async () => {
      const added = await machine.directory.add('  /dev/pts/7 ')
      expect(added).toMatchObject({ path: '/dev/pts/7', source: 'typed', present: false, deviceKey: 'path:/dev/pts/7', label: 'pts/7' })
      machine.links.set('/dev/pts/7', '/dev/pts/7')
      await machine.directory.refresh()
      expect(machine.rows).toEqual(['/dev/pts/7 typed'])
      machine.links.clear()
      await machine.directory.refresh()
      expect(machine.rows).toEqual(['/dev/pts/7 typed absent'])

      const restarted = new Machine(machine.stored)
      await restarted.directory.refresh()
      expect(restarted.rows).toEqual(['/dev/pts/7 typed absent'])

      await restarted.directory.remove('/dev/pts/7')
      await restarted.directory.remove('/dev/pts/7')
      expect(restarted.rows).toEqual([])
      expect(restarted.stored).toEqual([])
    })

    it('that the system lists as well are one entry, which stays when the board goes', async () => {
      machine.ports = [PICO]
      await machine.directory.refresh()
      expect(await machine.directory.add('/dev/ttyACM0')).toMatchObject({ source: 'listed' })
      await machine.directory.add('/dev//ttyACM0')
      expect(machine.rows).toEqual(['/dev/ttyACM0 listed'])
      machine.ports = []
      await machine.directory.refresh()
      expect(machine.rows).toEqual(['/dev/ttyACM0 typed absent'])
    })

    it('that lead to a listed port are known to be that board', async () => {
      machine.ports = [PICO]
      machine.links.set('/dev/serial/by-id/pico', '/dev/ttyACM0')
      await machine.directory.refresh()
      const link = await machine.directory.add('/dev/serial/by-id/pico')
      expect(link).toMatchObject({ source: 'typed', deviceKey: 'usb:2e8a:0005:e66', boardHint: 'Raspberry Pi Pico or other RP2 board' })
      expect(machine.paths).toEqual(['/dev/serial/by-id/pico', '/dev/ttyACM0'])
    })

    it('removed during a scan do not come back', async () => {
      await machine.directory.add('/dev/pts/7')
      let answer: (ports: ListedPort[]) => void = () => {}
      machine.answer = () =>
        new Promise(resolve => {
          answer = resolve
        })
      const scan = machine.directory.refresh()
      await settle()
      await machine.directory.remove('/dev/pts/7')
      answer([])
      await scan
      expect(machine.rows).toEqual([])
    })

    it.each(['', '   ', 'ttyACM0', '/dev/\nfoo', `/${'x'.repeat(2_000)}`, 'simulated:1'])(
      'are refused when they are no path: %j',
      async typed => {
        await expect(machine.directory.add(typed)).rejects.toMatchObject({
          code: 'InvalidArgument',
          info: { hint: 'Type the full path, such as /dev/ttyACM0.' },
        })
        expect(machine.rows).toEqual([])
      },
    )

    it('do without storage when they must', async () => {
      machine.storageFails = true
      await machine.directory.add('/dev/pts/7')
      expect(machine.rows).toEqual(['/dev/pts/7 typed absent'])
    })

    it('are normalised as the system does it', async () => {
      const mac = new Machine(['/dev/tty.usbmodem1'], 'darwin')
      mac.ports = [{ path: '/dev/cu.usbmodem1' }]
      await mac.directory.refresh()
      await mac.directory.add('/dev/cu.usbmodem1')
      expect(mac.rows).toEqual(['/dev/cu.usbmodem1 listed'])
    })
  })

  it('knows two boards with the same serial number by their paths, and one that is alone by its number (fault 11)', async () => {
    machine.ports = [PICO, { ...PICO, path: '/dev/ttyACM1' }, BRIDGE]
    await machine.directory.refresh()
    const keys = () => machine.directory.current.ports.map(port => port.deviceKey)
    expect(keys()).toEqual(['path:/dev/ttyACM0', 'path:/dev/ttyACM1', 'path:/dev/ttyUSB0'])
    expect(machine.directory.current.ports.map(port => port.usb?.serialNumber)).toEqual(['e66', 'e66', null])
    // The one that is left must not be taken for the one that has gone.
    machine.ports = [{ ...PICO, path: '/dev/ttyACM1' }]
    await machine.directory.refresh()
    expect(keys()).toEqual(['path:/dev/ttyACM1'])
    machine.ports = []
    await machine.directory.refresh()
    machine.ports = [{ ...PICO, path: '/dev/ttyACM1' }]
    await machine.directory.refresh()
    expect(keys()).toEqual(['usb:2e8a:0005:e66'])
    // Another board in its place has a number of its own.
    machine.ports = [PICO, { ...PICO, path: '/dev/ttyACM1' }]
    await machine.directory.refresh()
    machine.ports = [{ ...PICO, serialNumber: 'e77' }]
    await machine.directory.refresh()
    expect(keys()).toEqual(['usb:2e8a:0005:e77'])
  })

  describe('what the configuration says', () => {
    it('how often to scan holds from the next wait on', async () => {
      machine.directory.resume()
      await settle()
      machine.settings.change({ transport: { ...machine.settings.current.transport, portScanIntervalMs: 500 } })
      await machine.clock.advance(2_000)
      expect(machine.listings).toBe(5)
    })

    it('a port that may not be used is not in the list, but known; it comes back as soon as it may', async () => {
      machine.ports = [PICO, BRIDGE]
      await machine.directory.refresh()
      const { transport } = machine.settings.current
      machine.settings.change({ transport: { ...transport, block: ['2e8a:*'] } })
      expect(machine.paths).toEqual(['/dev/ttyUSB0'])
      const pico = machine.directory.find('/dev//ttyACM0')
      expect(pico).toMatchObject({ path: '/dev/ttyACM0', deviceKey: 'usb:2e8a:0005:e66' })
      expect(pico && machine.directory.refusal(pico)).toContain('/dev/ttyACM0 may not be opened')
      machine.settings.change({ transport })
      expect(machine.paths).toEqual(['/dev/ttyACM0', '/dev/ttyUSB0'])
      expect(pico && machine.directory.refusal(pico)).toBeNull()
    })

    it('ends with the directory', () => {
      machine.directory.resume()
      machine.directory.watchClosely(500)
      machine.directory.dispose()
      machine.settings.change({})
      expect(machine.settings.listenerCount).toBe(0)
      expect(machine.clock.pendingTimers).toBe(0)
    })
  })

  describe('watched closely', () => {
    it('is scanned more often as long as somebody does, also while it is paused', async () => {
      machine.directory.pause()
      const watch = machine.directory.watchClosely(500)
      await machine.clock.advance(2_000)
      expect(machine.listings).toBe(4)
      watch.dispose()
      watch.dispose()
      await machine.clock.advance(10_000)
      expect(machine.listings).toBe(4)
    })

    it('is not put off by watches that come and go faster than it is scanned', async () => {
      for (let count = 0; count < 20; count++) {
        const watch = machine.directory.watchClosely(500)
        await machine.clock.advance(100)
        watch.dispose()
      }
      expect(machine.listings).toBeGreaterThanOrEqual(3)
      expect(machine.clock.pendingTimers).toBe(0)
    })

    it('goes back to its own interval, and is not slowed down by a watch that wants less', async () => {
      machine.directory.resume()
      await settle()
      const watch = machine.directory.watchClosely(500)
      await machine.clock.advance(1_000)
      expect(machine.listings).toBe(3)
      watch.dispose()
      machine.directory.watchClosely(60_000)
      await machine.clock.advance(PORT_SCAN_INTERVAL_MS)
      expect(machine.listings).toBe(4)
    })
  })

  it('E-05: says what an unlisted path leads to', async () => {
    machine.ports = [PICO]
    machine.links.set('/dev/serial/by-id/pico', '/dev/ttyACM0')
    await machine.directory.refresh()
    expect(await machine.directory.identify('/dev/serial/by-id/pico')).toMatchObject({
      path: '/dev/serial/by-id/pico',
      deviceKey: 'usb:2e8a:0005:e66',
    })
    expect(await machine.directory.identify('/dev/pts/1')).toBeUndefined()
    expect(await machine.directory.exists('/dev/ttyACM0')).toBe(true)
    expect(await machine.directory.exists('/dev/pts/1')).toBe(false)
  })
})
