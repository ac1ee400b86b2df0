import { randomBytes } from 'node:crypto'
import type { Result } from '../../shared/contract'
import { CALL_CHANNEL, EVENT_CHANNEL } from '../../shared/wire'
import type { Clock } from '../core/base/clock'
import { type Disposable, toDisposable } from '../core/base/disposable'
import type { Logger } from '../core/base/logger'
import { EventHub } from './event-hub'
import { createRoutes } from './handlers'
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
  /** The only origin whose calls are answered. */
  readonly origin: string
  readonly clock: Clock
  readonly logger: Logger
}

export interface Bridge extends Disposable {
  setWindowVisible(visible: boolean): void
  readonly subscriptionCount: number
}

/** Connects one window's page with the services until the window is destroyed. */
export function attachBridge(contents: BridgeContents, options: BridgeOptions): Bridge {
  const events = new EventHub({
    services: options.services,
    clock: options.clock,
    post(message) {
      if (!contents.isDestroyed()) contents.send(EVENT_CHANNEL, message)
    },
  })
  const router = new Router<CallEvent>({
    routes: createRoutes(options.services, events),
    isTrusted: event => isTrustedSender(event, contents, options.origin),
    logger: options.logger,
    newLogId: () => randomBytes(4).toString('hex'),
  })
  contents.ipc.handle(CALL_CHANNEL, (event, name, input) => router.answer(event, name, input))

  // `did-navigate` comes for every committed document, a reload included, before that document's first call.
  const dropSubscriptions = (): void => events.dropAll()
  const end = toDisposable(() => {
    events.dispose()
    if (contents.isDestroyed()) return
    contents.ipc.removeHandler(CALL_CHANNEL)
    contents.removeListener('did-navigate', dropSubscriptions)
    contents.removeListener('render-process-gone', dropSubscriptions)
    contents.removeListener('destroyed', end.dispose)
  })
  contents.on('did-navigate', dropSubscriptions)
  contents.on('render-process-gone', dropSubscriptions)
  contents.once('destroyed', end.dispose)

  return {
    dispose: end.dispose,
    setWindowVisible: visible => events.setWindowVisible(visible),
    get subscriptionCount() {
      return events.subscriptionCount
    },
  }
}
