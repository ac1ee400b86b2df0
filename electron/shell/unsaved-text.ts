import type { Logger } from '../core/base/logger'

/** What is used of a window. */
export interface HeldWindow {
  on(event: 'close', listener: () => void): unknown
  readonly webContents: {
    on(event: 'will-prevent-unload', listener: (event: { preventDefault(): void }) => void): unknown
    reload(): void
  }
  isDestroyed(): boolean
  destroy(): void
}

export interface UnsavedTextOptions {
  /** True once nothing may be waited for. */
  readonly isQuitting: () => boolean
  /** Resolves with true when the text may be lost. */
  readonly ask: () => Promise<boolean>
  readonly logger: Logger
}

/**
 * A page holds its window open while it has a text that it could keep nowhere. Then a person is asked, without main waiting; a quit
 * goes on, for by then the boards are closed and nobody could save any more.
 */
export function guardUnsavedText(window: HeldWindow, { isQuitting, ask, logger }: UnsavedTextOptions): void {
  let isClosing = false
  let mayLeave = false
  let isAsking = false
  window.on('close', () => {
    isClosing = true
  })
  const askAndLeave = async (): Promise<void> => {
    const leave = isClosing ? () => window.destroy() : () => window.webContents.reload()
    isClosing = false
    if (isAsking) return
    isAsking = true
    mayLeave = await ask().catch(() => false)
    isAsking = false
    if (mayLeave && !window.isDestroyed()) leave()
  }
  window.webContents.on('will-prevent-unload', event => {
    if (!mayLeave && !isQuitting()) {
      void askAndLeave()
      return
    }
    mayLeave = false
    // Electron's own meaning: the page is not heard, and goes.
    event.preventDefault()
    if (isQuitting()) logger.warn('Muster quits with text that was saved nowhere')
  })
}
