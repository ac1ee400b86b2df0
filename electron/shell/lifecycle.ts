import { QUIT_FORCE_MS } from '../../shared/limits'
import type { Clock } from '../core/base/clock'
import type { Logger } from '../core/base/logger'
import { parseLaunchArguments } from './launch-arguments'

/** What is used of Electron's `app`. */
export interface LifecycleApp {
  requestSingleInstanceLock(): boolean
  on(event: 'second-instance', listener: (event: unknown, argumentList: string[]) => void): unknown
  on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown
  on(event: 'window-all-closed', listener: () => void): unknown
  on(event: 'activate', listener: () => void): unknown
  quit(): void
  exit(code: number): void
}

/**
 * True for the first launch with this user data folder. A later one ends itself; the first is told and comes to the
 * front. What the later one was asked for is read by the same rules as our own command line, and only logged.
 */
export function isOnlyInstance(app: LifecycleApp, logger: Logger, bringToFront: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', (_event, argumentList) => {
    const parsed = parseLaunchArguments(argumentList)
    logger.info('Muster was started again and is shown instead', parsed.ok ? { ...parsed.launch } : { problem: parsed.problem })
    bringToFront()
  })
  return true
}

export interface QuitOptions {
  readonly app: LifecycleApp
  readonly clock: Clock
  readonly logger: Logger
  /** Ends sessions gracefully; takes as long as its own limits say. */
  readonly shutDown: () => Promise<void>
  /** Kills what has not ended. Waits for nothing. */
  readonly abandon: () => void
  /** Writes what is still in memory. */
  readonly flush: () => Promise<void>
  /** The longest that the whole quit takes, asked when it begins; the last `QUIT_FORCE_MS` of it are for what comes after `shutDown`. */
  readonly limitMs: () => number
  /** What the process ends with. */
  readonly exitCode: () => number
}

/**
 * Quits in order: sessions, ports, settings and log, then the app. A second wish to quit skips the grace, and what hangs
 * is not waited for.
 */
export function quitInOrder({ app, clock, logger, shutDown, abandon, flush, limitMs, exitCode }: QuitOptions): void {
  let phase: 'running' | 'shutting-down' | 'done' = 'running'
  let skipGrace: () => void = () => undefined

  const shutDownAndQuit = async (): Promise<void> => {
    if (!(await endsWithinGrace())) abandon()
    // From here on nothing is waited for without this limit.
    clock.after(QUIT_FORCE_MS, () => app.exit(exitCode()))
    await flush().catch(() => undefined)
    phase = 'done'
    if (exitCode() === 0) app.quit()
    else app.exit(exitCode())
  }

  const endsWithinGrace = (): Promise<boolean> =>
    new Promise(resolve => {
      skipGrace = () => resolve(false)
      const grace = clock.after(limitMs() - QUIT_FORCE_MS, skipGrace)
      const ended = (inOrder: boolean): void => {
        grace.dispose()
        resolve(inOrder)
      }
      shutDown().then(
        () => ended(true),
        (error: unknown) => {
          logger.error('The sessions could not be ended in order', { error })
          ended(false)
        },
      )
    })

  app.on('before-quit', event => {
    if (phase === 'done') return
    event.preventDefault()
    if (phase === 'shutting-down') {
      skipGrace()
      return
    }
    phase = 'shutting-down'
    void shutDownAndQuit()
  })
}

/**
 * Closing the last window is a wish to quit: nothing goes on unseen. On macOS an app has its menu without a window too,
 * and a click in the Dock brings one back.
 */
export function followLastWindow(app: LifecycleApp, platform: NodeJS.Platform, windows: { readonly count: number; open(): unknown }): void {
  app.on('window-all-closed', () => {
    if (platform !== 'darwin') app.quit()
  })
  if (platform !== 'darwin') return
  app.on('activate', () => {
    if (windows.count === 0) windows.open()
  })
}
