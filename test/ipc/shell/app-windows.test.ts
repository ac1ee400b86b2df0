import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { AppWindows } from '../../../electron/shell/app-windows'
import { MusterError } from '../../../shared/errors'
import { WINDOWS_MAX } from '../../../shared/limits'

class FakeWindow extends EventEmitter {
  constructor(
    readonly identity: string,
    readonly beside: FakeWindow | null,
  ) {
    super()
  }
}

let windows: AppWindows<FakeWindow>
let visibility: boolean[]

beforeEach(() => {
  visibility = []
  windows = new AppWindows<FakeWindow>({
    create: (identity, beside) => new FakeWindow(identity, beside),
    onVisibility: anyVisible => visibility.push(anyVisible),
  })
})

describe('the windows of the app', () => {
  it('have a name each, which is never used again', () => {
    const first = windows.open()
    const second = windows.open()
    second.emit('closed')
    const third = windows.open()
    expect([first, second, third].map(({ identity }) => identity)).toEqual(['window-1', 'window-2', 'window-3'])
    expect([first.beside, second.beside, third.beside]).toEqual([null, first, first])
    expect(windows.count).toBe(2)
  })

  it('are remembered in the order in which they were used', () => {
    expect(windows.latest).toBeNull()
    const [first, second, third] = [windows.open(), windows.open(), windows.open()]
    expect(windows.latest).toBe(third)
    first.emit('focus')
    expect(windows.latest).toBe(first)
    first.emit('closed')
    expect(windows.latest).toBe(third)
    third.emit('closed')
    second.emit('closed')
    expect([windows.latest, windows.count]).toEqual([null, 0])
  })

  it('are seen while any of them is', () => {
    const [first, second] = [windows.open(), windows.open()]
    windows.setVisible(first, true)
    windows.setVisible(second, true)
    windows.setVisible(first, false)
    windows.setVisible(first, false)
    second.emit('closed')
    expect(visibility).toEqual([true, true, true, true, false])
  })

  it('are of a bounded number', () => {
    for (let count = 0; count < WINDOWS_MAX; count++) windows.open()
    expect(() => windows.open()).toThrow(MusterError)
    expect(windows.count).toBe(WINDOWS_MAX)
    windows.latest?.emit('closed')
    expect(windows.open().identity).toBe(`window-${WINDOWS_MAX + 1}`)
  })
})
