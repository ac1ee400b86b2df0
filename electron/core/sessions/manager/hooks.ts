import type { DisconnectReason, SessionEvent, SessionSnapshot } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import { type Disposable, toDisposable } from '../../base/disposable'
import type { Logger } from '../../base/logger'
import { seconds } from '../session-errors'

/** What a part of Muster does when something becomes of a session. Each may return a promise. */
export interface SessionHooks {
  created?(session: SessionSnapshot): void | Promise<void>
  /** Awaited before the session is handed over, also after a reconnect. May run code on it. */
  connected?(session: SessionSnapshot): void | Promise<void>
  disconnected?(session: SessionSnapshot, reason: DisconnectReason): void | Promise<void>
  error?(session: SessionSnapshot, message: string): void | Promise<void>
  disposed?(session: SessionSnapshot): void | Promise<void>
}

type HookName = keyof SessionHooks

export interface HookRunnerOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** How long the hooks of this session may take. */
  readonly limitMs: (sessionId: string) => number
  /** A hook failed; the session is kept. */
  readonly onFailed: (session: SessionSnapshot, message: string) => void
}

/** Runs the hooks, each on its own: one that throws or never settles harms neither the others nor the session. */
export class HookRunner {
  private readonly all = new Set<SessionHooks>()

  constructor(private readonly options: HookRunnerOptions) {}

  get count(): number {
    return this.all.size
  }

  add(hooks: SessionHooks): Disposable {
    const entry = { ...hooks }
    this.all.add(entry)
    return toDisposable(() => this.all.delete(entry))
  }

  /** Resolves when every `connected` hook has settled or has had its time. Never rejects. */
  async runConnected(session: SessionSnapshot): Promise<void> {
    await this.run('connected', session, hooks => hooks.connected?.(session))
  }

  /** For what is told and not waited for. */
  hear({ type, snapshot, reason = 'unexpected', message }: SessionEvent): void {
    if (this.all.size === 0) return
    if (type === 'created') void this.run(type, snapshot, hooks => hooks.created?.(snapshot))
    else if (type === 'disconnected') void this.run(type, snapshot, hooks => hooks.disconnected?.(snapshot, reason))
    else if (type === 'error') void this.run(type, snapshot, hooks => hooks.error?.(snapshot, message ?? snapshot.fault?.message ?? ''))
    else if (type === 'disposed') void this.run(type, snapshot, hooks => hooks.disposed?.(snapshot))
  }

  private async run(name: HookName, session: SessionSnapshot, call: (hooks: SessionHooks) => void | Promise<void>): Promise<void> {
    const limitMs = this.options.limitMs(session.sessionId)
    await Promise.all(
      [...this.all].map(async hooks => {
        const failure = await this.settle(limitMs, async () => call(hooks))
        if (failure !== null) this.fail(name, session, failure)
      }),
    )
  }

  /** Null when the work has ended well in time, else what became of it. */
  private settle(limitMs: number, work: () => Promise<void>): Promise<{ readonly why: string; readonly error?: unknown } | null> {
    return new Promise(resolve => {
      const limit = this.options.clock.after(limitMs, () => resolve({ why: `did not end within ${seconds(limitMs)}` }))
      work()
        .then(
          () => resolve(null),
          (error: unknown) => resolve({ why: `failed: ${error instanceof Error ? error.message : String(error)}`, error }),
        )
        .finally(() => limit.dispose())
    })
  }

  private fail(name: HookName, session: SessionSnapshot, { why, error }: { readonly why: string; readonly error?: unknown }): void {
    const message = `What was to be done when session ${session.clientSessionName || session.sessionId} was ${WHEN[name]} ${why}.`
    this.options.logger.warn('A hook of the session manager failed.', { sessionId: session.sessionId, hook: name, why, error })
    // What hears of errors must not make the next one; what is disposed tells no more.
    if (name !== 'error' && name !== 'disposed') this.options.onFailed(session, message)
  }
}

const WHEN: Readonly<Record<HookName, string>> = {
  created: 'created',
  connected: 'connected',
  disconnected: 'disconnected',
  error: 'in error',
  disposed: 'disposed',
}
