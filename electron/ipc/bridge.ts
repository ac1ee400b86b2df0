import { randomBytes } from 'node:crypto'
import type { Result } from '../../shared/contract'
import { CALL_CHANNEL, EVENT_CHANNEL } from '../../shared/wire'
import type { Clock } from '../core/base/clock'
import { type Disposable, toDisposable } from '../core/base/disposable'
import type { Logger } from '../core/base/logger'
import { EventHub } from './event-hub'
import { createRoutes } from './handlers'
import { Page } from './page'
import { Router } from './router'
import { type CallEvent, type GuardedContents, isTrustedSender } from './sender-guard'
import type { Services } from './services'

/** What the bridge uses of a window's `webContents`. */
export interface BridgeContents extends GuardedContents {
  /** Hears this window's calls only, so that no other page can reach the handlers. */
  readonly ipc: {
    handle(channel: string, listener: (event: CallEvent, name: unknown, input: unknown) => Promise<Result<unknown>>): void
    removeHandler(channel: string): void
  }
  send(channel: string, message: unknown): void
  on(event: 'did-navigate', listener: () => void): unknown
  on(event: 'render-process-gone', listener: () => void): unknown
  once(event: 'destroyed', listener: () => void): unknown
  removeListener(event: 'did-navigate', listener: () => void): unknown
  removeListener(event: 'render-process-gone', listener: () => void): unknown
  removeListener(event: 'destroyed', listener: () => void): unknown
}

export interface BridgeOptions {
  readonly services: Services
  /** Who opens sessions from this window, for example `window-1`. Never the same for two windows. */
  readonly client: string
  /** The only origin whose calls are answered. */
  readonly origin: string
  readonly clock: Clock
  readonly logger: Logger
}

export interface Bridge extends Disposable {
  setWindowVisible(visible: boolean): void
  readonly subscriptionCount: number
  /** Calls of the page that wait, and its notification streams. */
  readonly activityCount: number
}

const CLOSE_WITH_WINDOW_KEY = 'deviceSessions.closeOnWindowClose'

/** Connects one window's page with the services until the window is destroyed. */
export function attachBridge(contents: BridgeContents, options: BridgeOptions): Bridge {
  const { services, client, clock, logger } = options
  const { sessions } = services
  const page = new Page(
    sessions.notifications,
    token => sessions.release(token),
    error => logger.error('A notice could not be passed on', { client, error }),
  )
  const events = new EventHub({
    services,
    page,
    clock,
    post(message) {
      try {
        if (!contents.isDestroyed()) contents.send(EVENT_CHANNEL, message)
      } catch (error) {
        // Whoever told of the event is not to suffer for one window.
        logger.error('Events could not be sent to the page', { client, error })
      }
    },
  })
  const router = new Router<CallEvent>({
    routes: createRoutes({ services, events, page, client }),
    isTrusted: event => isTrustedSender(event, contents, options.origin),
    logger,
    newLogId: () => randomBytes(4).toString('hex'),
  })
  contents.ipc.handle(CALL_CHANNEL, (event, name, input) => router.answer(event, name, input))

  // `did-navigate` comes for every committed document, a reload included, before that document's first call.
  const endPage = (): void => {
    events.dropAll()
    page.endAll()
  }
  const end = toDisposable(() => {
    events.dispose()
    page.dispose()
    if (contents.isDestroyed()) return
    contents.ipc.removeHandler(CALL_CHANNEL)
    contents.removeListener('did-navigate', endPage)
    contents.removeListener('render-process-gone', endPage)
    contents.removeListener('destroyed', endWindow)
  })
  const endWindow = (): void => {
    // First, while it is known what the window has from the pool.
    if (closesWithWindow(services)) {
      sessions
        .closeAllOf(client)
        .catch((error: unknown) => logger.warn('Sessions of a closed window could not be closed', { client, error }))
    }
    end.dispose()
  }
  contents.on('did-navigate', endPage)
  contents.on('render-process-gone', endPage)
  contents.once('destroyed', endWindow)

  return {
    dispose: end.dispose,
    setWindowVisible: visible => events.setWindowVisible(visible),
    get subscriptionCount() {
      return events.subscriptionCount
    },
    get activityCount() {
      return page.activityCount
    },
  }
}

function closesWithWindow({ config }: Services): boolean {
  return config.report.keys.some(({ key, value }) => key === CLOSE_WITH_WINDOW_KEY && value === true)
}
