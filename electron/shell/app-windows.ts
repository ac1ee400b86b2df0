import { MusterError } from '../../shared/errors'
import { WINDOWS_MAX } from '../../shared/limits'

/** What is used of Electron's `BrowserWindow`. */
export interface AppWindow {
  on(event: 'focus', listener: () => void): unknown
  once(event: 'closed', listener: () => void): unknown
}

export interface AppWindowsOptions<W extends AppWindow> {
  /** Makes a window and shows its page. `identity` is its own for as long as the app runs. */
  readonly create: (identity: string, beside: W | null) => W
  /** Whether any window can be seen, whenever that may have changed. */
  readonly onVisibility: (anyVisible: boolean) => void
}

/** The app's windows: equal to each other, told apart by name, and remembered in the order in which they were used. */
export class AppWindows<W extends AppWindow> {
  /** The one that was used last is the last. */
  private readonly windows: W[] = []
  private readonly visible = new Set<W>()
  private opened = 0

  constructor(private readonly options: AppWindowsOptions<W>) {}

  get count(): number {
    return this.windows.length
  }

  /** The one that was used last; null when there is none. */
  get latest(): W | null {
    return this.windows.at(-1) ?? null
  }

  /** Throws `InvalidArgument` when there are as many as there may be. */
  open(): W {
    if (this.windows.length >= WINDOWS_MAX) {
      throw new MusterError({
        code: 'InvalidArgument',
        message: `Muster has ${WINDOWS_MAX} windows open, which is all it may have.`,
        hint: 'Close one that is not needed.',
      })
    }
    const window = this.options.create(`window-${++this.opened}`, this.latest)
    this.windows.push(window)
    window.on('focus', () => {
      this.remove(window)
      this.windows.push(window)
    })
    window.once('closed', () => {
      this.remove(window)
      this.setVisible(window, false)
    })
    return window
  }

  setVisible(window: W, visible: boolean): void {
    if (visible) this.visible.add(window)
    else this.visible.delete(window)
    this.options.onVisibility(this.visible.size > 0)
  }

  private remove(window: W): void {
    const index = this.windows.indexOf(window)
    if (index >= 0) this.windows.splice(index, 1)
  }
}
