import type { SessionParts } from '../session-parts'
import { Deferred, settledWithin } from '../waiting'

/**
 * What happens between a connect and the session's being its user's: the snippet that prepares the board, then the hooks
 * of whoever listens. What fails there is told, and the session goes on.
 */
export class HandOver {
  /** Resolves with what was wrong with the snippet, or null. */
  private prepared: Promise<string | null> = Promise.resolve(null)

  constructor(
    private readonly parts: SessionParts,
    /** Settles when the session has ended: then nothing is waited for. */
    private readonly ended: Promise<unknown>,
  ) {}

  /** Puts the snippet on the wire, before anyone else can. */
  begin(): void {
    const { request, runner, record, isGroup } = this.parts
    const { initSnippet, operationTimeoutMs } = request.options
    // What was wrong with an earlier one has been told.
    this.prepared = Promise.resolve(null)
    if (isGroup || record.attachment === 'watching' || initSnippet.trim() === '') return
    const done = new Deferred<string | null>()
    this.prepared = done.promise
    runner.runInternal(initSnippet, operationTimeoutMs, {
      title: 'The first snippet',
      isProbe: false,
      onEnd: (outcome, message) => {
        // A board that is lost, or a session that is closed, is told of anyway.
        const isOver = outcome === 'ok' || outcome === 'lost' || outcome === 'cancelled'
        const happened = outcome === 'exception' ? `The first snippet raised an exception on the board: ${message}` : message
        done.resolve(isOver ? null : happened)
      },
    })
  }

  async run(): Promise<void> {
    const { needs, record, request, health, isGroup } = this.parts
    const limitMs = request.options.connectionTimeoutMs
    const problem = await this.prepared
    if (problem !== null) this.failed(problem)
    if (!this.parts.isReady) return
    const hooks = needs.host.runConnectedHooks(record.snapshot).catch(error => this.failed(`A hook failed: ${String(error)}`))
    // A hook that takes longer is told of by the host.
    await settledWithin(needs.clock, Promise.race([hooks, this.ended]), limitMs)
    if (this.parts.isReady && !isGroup && record.attachment === 'prompt') health.arm()
  }

  private failed(message: string): void {
    const { needs, record, sessionId, output } = this.parts
    needs.logger.warn('A session was not prepared as it should be.', { sessionId, message })
    output.mark({ type: 'note', at: needs.clock.now(), tone: 'warn', text: message })
    record.tell({ type: 'error', message })
  }
}
