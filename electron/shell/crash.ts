import { app, type BrowserWindow, dialog } from 'electron'
import { PAGE_CRASH_WINDOW_MS } from '../../shared/limits'
import type { Clock } from '../core/base/clock'
import type { Logger } from '../core/base/logger'
import type { AppLog } from './logging'

/**
 * A defect that nobody caught ends nothing: boards are at work. It is logged, and the user is told once, without being
 * stopped. Goes in before everything else.
 */
export function catchDefects(logger: Logger): void {
  let told = false
  const tell = (kind: string, error: unknown): void => {
    logger.error(kind, { error: error instanceof Error ? error : String(error) })
    if (told || !app.isReady()) return
    told = true
    void dialog.showMessageBox({
      type: 'error',
      title: 'Muster',
      message: 'Muster met a defect of its own and goes on.',
      detail:
        'Open sessions are kept. If something behaves oddly, restart Muster. The details are in the logs: choose Help, Open Logs Folder.',
      buttons: ['Continue'],
    })
  }
  // A terminal that has gone is no defect, and telling it so would be the next one.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.on('uncaughtException', error => tell('An exception was not caught', error))
  process.on('unhandledRejection', reason => tell('A rejection was not handled', reason))
  app.on('child-process-gone', (_event, details) => logger.warn('A helper process ended', { type: details.type, reason: details.reason }))
}

/** Without a window there is nothing to go on with: says so, in the terminal too, and ends. */
export async function endFailedStart(error: unknown, log: AppLog): Promise<void> {
  log.logger.error('Muster could not start', { error })
  await log.flush()
  process.stderr.write('Muster could not start. The log has the details.\n')
  await dialog.showMessageBox({
    type: 'error',
    title: 'Muster',
    message: 'Muster could not start.',
    detail: `The details are in ${log.folder}.`,
    buttons: ['Quit Muster'],
  })
  app.exit(1)
}

export interface PageGuardOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Loads the page again. */
  readonly reload: () => void
}

/** A lost page is loaded again by itself once; sessions live in main and are not touched. Twice in a row is asked about. */
export function guardPage(window: BrowserWindow, { clock, logger, reload }: PageGuardOptions): void {
  let lostAtMs: number | null = null
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    logger.error('The page was lost', { reason, exitCode })
    const nowMs = clock.monotonicMs()
    const isRepeated = lostAtMs !== null && nowMs - lostAtMs < PAGE_CRASH_WINDOW_MS
    lostAtMs = nowMs
    if (isRepeated) void askToReload(window, reload)
    else reload()
  })
  window.webContents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
    // -3 is a navigation that was called off, by us or by the next one.
    if (isMainFrame && code !== -3) logger.error('The page could not be loaded', { code, description })
  })
  window.on('unresponsive', () => logger.warn('The page does not respond'))
  window.on('responsive', () => logger.info('The page responds again'))
}

async function askToReload(window: BrowserWindow, reload: () => void): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: 'Muster',
    message: 'The window was lost twice within a minute.',
    detail: 'Sessions are still open and go on. The details are in the logs.',
    buttons: ['Load It Again', 'Quit Muster'],
    defaultId: 0,
    cancelId: 0,
  })
  if (response === 1) app.quit()
  else reload()
}
