import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../electron/core/base/logger'
import { guardUnsavedText, type HeldWindow } from '../../../electron/shell/unsaved-text'

/** As Electron does it: a page that wants to stay does, unless somebody prevents it. */
class FakeWindow extends EventEmitter implements HeldWindow {
  readonly steps: string[] = []
  isHeld = true
  readonly webContents = Object.assign(new EventEmitter(), { reload: (): void => this.leave('reloaded') })

  close(): void {
    this.emit('close')
    this.leave('closed')
  }

  destroy(): void {
    this.steps.push('destroyed')
  }

  isDestroyed(): boolean {
    return this.steps.includes('destroyed') || this.steps.includes('closed')
  }

  private leave(how: string): void {
    const event = {
      isHeard: true,
      preventDefault() {
        this.isHeard = false
      },
    }
    if (this.isHeld) this.webContents.emit('will-prevent-unload', event)
    if (!this.isHeld || !event.isHeard) this.steps.push(how)
  }
}

let window: FakeWindow
let questions: ((mayLeave: boolean) => void)[]
let isQuitting: boolean

beforeEach(() => {
  window = new FakeWindow()
  questions = []
  isQuitting = false
  const ask = (): Promise<boolean> => new Promise(resolve => questions.push(resolve))
  guardUnsavedText(window, { isQuitting: () => isQuitting, ask, logger: silentLogger })
})

async function answer(mayLeave: boolean): Promise<void> {
  questions.shift()?.(mayLeave)
  await new Promise(resolve => setImmediate(resolve))
}

describe('a window whose page holds a text', () => {
  it('stays until somebody has decided, and is asked about once', async () => {
    window.close()
    window.close()
    expect(questions).toHaveLength(1)
    await answer(false)
    expect(window.steps).toEqual([])
    window.close()
    await answer(true)
    expect(window.steps).toEqual(['destroyed'])
  })

  it('is loaded again where that was wanted, and is held again afterwards', async () => {
    window.webContents.reload()
    await answer(true)
    expect(window.steps).toEqual(['reloaded'])
    window.webContents.reload()
    expect(questions).toHaveLength(1)
    expect(window.steps).toEqual(['reloaded'])
  })

  it('goes without a question when Muster quits: nothing is waited for then', () => {
    isQuitting = true
    window.close()
    expect(window.steps).toEqual(['closed'])
    expect(questions).toEqual([])
  })

  it('that holds nothing just goes', () => {
    window.isHeld = false
    window.close()
    expect(window.steps).toEqual(['closed'])
  })
})
