import { beforeEach, describe, expect, it } from 'vitest'
import { PORT_SETTINGS_MAX } from '../../../shared/limits'
import { BRIDGE, Machine, PICO, simulatedPort } from './machine'

describe('the settings of a port', () => {
  let machine: Machine
  beforeEach(() => {
    machine = new Machine()
  })
  const settingsOf = (path: string) => machine.directory.find(path)?.settings

  it('are shown at every port of the board, told, and hold over a restart and on another port', async () => {
    machine.ports = [PICO, BRIDGE]
    machine.links.set('/dev/serial/by-id/pico', '/dev/ttyACM0')
    await machine.directory.add('/dev/serial/by-id/pico')
    await machine.directory.refresh()
    const before = machine.heard.length
    expect(await machine.directory.configure('/dev/ttyACM0', { lines: 'lower' })).toMatchObject({
      path: '/dev/ttyACM0',
      settings: { lines: 'lower', baudRate: null },
    })
    expect(machine.heard.length).toBe(before + 1)
    expect(settingsOf('/dev/serial/by-id/pico')).toEqual({ lines: 'lower', baudRate: null })
    expect(settingsOf('/dev/ttyUSB0')).toEqual({ lines: 'raise', baudRate: null })
    await machine.directory.configure('/dev/serial/by-id/pico', { baudRate: 9_600 })
    expect(settingsOf('/dev/ttyACM0')).toEqual({ lines: 'lower', baudRate: 9_600 })

    const restarted = new Machine([], 'linux', JSON.parse(JSON.stringify(machine.storedSettings)))
    restarted.ports = [{ ...PICO, path: '/dev/ttyACM5' }]
    await restarted.directory.refresh()
    expect(restarted.directory.current.ports[0]).toMatchObject({ path: '/dev/ttyACM5', settings: { lines: 'lower', baudRate: 9_600 } })
    expect(await restarted.directory.identify('/dev/ttyACM5')).toMatchObject({ settings: { lines: 'lower' } })
  })

  it('that are the usual ones are not kept', async () => {
    machine.ports = [PICO]
    await machine.directory.refresh()
    await machine.directory.configure('/dev/ttyACM0', { lines: 'leave', baudRate: 9_600 })
    await machine.directory.configure('/dev/ttyACM0', { lines: 'raise', baudRate: null })
    expect(machine.storedSettings).toEqual({})
    expect(settingsOf('/dev/ttyACM0')).toEqual({ lines: 'raise', baudRate: null })
  })

  it('can be made for a path that nobody has listed', async () => {
    expect(await machine.directory.configure('/dev//pts/9', { lines: 'leave' })).toMatchObject({
      path: '/dev/pts/9',
      deviceKey: 'path:/dev/pts/9',
      settings: { lines: 'leave' },
    })
    expect(await machine.directory.identify('/dev/pts/9')).toMatchObject({ settings: { lines: 'leave' } })
    expect(await machine.directory.identify('/dev/pts/8')).toBeUndefined()
    expect(await machine.directory.add('/dev/pts/9')).toMatchObject({ settings: { lines: 'leave' } })
  })

  it.each([{ baudRate: 0 }, { baudRate: 1.5 }, { baudRate: 1e9 }, { baudRate: Number.NaN }, { lines: 'up' as never }])(
    'are refused when they are none: %j',
    async settings => {
      machine.ports = [PICO]
      await machine.directory.refresh()
      await expect(machine.directory.configure('/dev/ttyACM0', settings)).rejects.toMatchObject({ code: 'InvalidArgument' })
      expect(settingsOf('/dev/ttyACM0')).toEqual({ lines: 'raise', baudRate: null })
      expect(machine.storedSettings).toEqual({})
    },
  )

  it('are refused for a simulated board, which has no lines, and for what is no path', async () => {
    machine.simulated = [simulatedPort(1)]
    await machine.directory.refresh()
    for (const path of ['simulated:1', 'simulated:2', 'ttyACM0', '']) {
      await expect(machine.directory.configure(path, { lines: 'leave' })).rejects.toMatchObject({ code: 'InvalidArgument' })
    }
  })

  it('hold for this run where they cannot be stored, and are the usual ones where they cannot be read', async () => {
    machine.ports = [PICO]
    machine.storageFails = true
    await machine.directory.refresh()
    await machine.directory.configure('/dev/ttyACM0', { lines: 'lower' })
    expect(settingsOf('/dev/ttyACM0')).toMatchObject({ lines: 'lower' })
  })

  it.each([
    null,
    'text',
    [1, 2],
    { 'path:/dev/ttyUSB0': null },
    { 'path:/dev/ttyUSB0': { lines: 'up' } },
    { 'path:/dev/ttyUSB0': { lines: 'raise', baudRate: '9600' } },
    { 'path:/dev/ttyUSB0': { lines: 'raise', baudRate: -1 } },
    { __proto__: { lines: 'lower' } },
  ])('are the usual ones where the file says %j', async stored => {
    const odd = new Machine([], 'linux', stored)
    odd.ports = [BRIDGE]
    await odd.directory.refresh()
    expect(odd.directory.find('/dev/ttyUSB0')?.settings).toEqual({ lines: 'raise', baudRate: null })
  })

  it('are kept for so many boards: those that were set first are forgotten first', async () => {
    for (let number = 0; number <= PORT_SETTINGS_MAX; number++) await machine.directory.configure(`/dev/pts/${number}`, { lines: 'leave' })
    expect(Object.keys(machine.storedSettings as object)).toHaveLength(PORT_SETTINGS_MAX)
    expect(Object.keys(machine.storedSettings as object)[0]).toBe('path:/dev/pts/1')
  })
})
