import { describe, expect, it, vi } from 'vitest'
import { APP_ADDRESS } from '../../../electron/shell/app-origin'

vi.mock('electron', () => ({ BrowserWindow: class {}, nativeTheme: {}, screen: {} }))
const { loadPage } = await import('../../../electron/shell/window')

/** A window as Electron leaves it: once it is gone, every call throws. */
function fakeWindow({ isGone = false, answer = Promise.resolve() }: { isGone?: boolean; answer?: Promise<void> }) {
  const loaded: string[] = []
  return {
    loaded,
    isDestroyed: () => isGone,
    loadURL(url: string): Promise<void> {
      if (isGone) throw new TypeError('Object has been destroyed')
      loaded.push(url)
      return answer
    },
  }
}

describe('the page of a window', () => {
  it('is loaded, and that it can not be is told elsewhere', async () => {
    const window = fakeWindow({ answer: Promise.reject(new Error('ERR_FAILED')) })
    await loadPage(window, APP_ADDRESS)
    expect(window.loaded).toEqual([APP_ADDRESS.url])
  })

  it('is not loaded once the window is gone', async () => {
    const window = fakeWindow({ isGone: true })
    await expect(loadPage(window, APP_ADDRESS)).resolves.toBeUndefined()
    expect(window.loaded).toEqual([])
  })
})
