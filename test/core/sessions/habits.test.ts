import { describe, expect, it } from 'vitest'
import { HabitsByDevice } from '../../../electron/core/sessions/manager/habits-by-device'
import { BOARDS_REMEMBERED } from '../../../shared/limits'
import { OpenBench, PORT, USB_KEY } from './open-bench'

const KEY = 'usb:2e8a:0005:e66118604b2f'

describe('what a board has shown of itself', () => {
  it('is known again by its device, and of no other board', () => {
    const habits = new HabitsByDevice()
    habits.of(KEY).canRawPaste = false
    expect(habits.of(KEY).canRawPaste).toBe(false)
    expect(habits.of(`${KEY}0`).canRawPaste).toBe(true)
  })

  it('is not known by a path: another board may hang there', () => {
    const habits = new HabitsByDevice()
    habits.of('path:/dev/ttyUSB0').canRawPaste = false
    expect(habits.of('path:/dev/ttyUSB0').canRawPaste).toBe(true)
  })

  it('is forgotten of those that were not used for longest', () => {
    const habits = new HabitsByDevice()
    habits.of(KEY).canRawPaste = false
    habits.of('usb:first').canRawPaste = false
    for (let number = 0; number < BOARDS_REMEMBERED - 2; number++) habits.of(`usb:${number}`)
    habits.of(KEY)
    habits.of('usb:one-more')
    expect(habits.of('usb:first').canRawPaste).toBe(true)
    expect(habits.of(KEY).canRawPaste).toBe(false)
  })

  it('is told to every connection of the board, also of its next session', async () => {
    const bench = await OpenBench.onUsb()
    const [first] = bench.protocols.habits
    if (first === undefined) throw new Error('No connection was made.')
    first.canRawPaste = false
    await bench.manager.close(bench.latestId, { mode: 'now' })
    await bench.open(PORT)
    expect(bench.protocols.habits.at(-1)).toEqual({ canRawPaste: false })
    expect(bench.manager.info(bench.latestId).snapshot.deviceKey).toBe(USB_KEY)
  })
})
