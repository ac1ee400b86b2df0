import { inspect } from 'node:util'
import type { Result } from '../../shared/contract'
import { type ErrorInfo, MusterError } from '../../shared/errors'
import { MAX_CALL_BYTES } from '../../shared/limits'
import type { Logger } from '../core/base/logger'
import { inspectInput } from './call-size'
import type { Route } from './routes'

export interface RouterOptions<Event> {
  readonly routes: ReadonlyMap<string, Route>
  readonly isTrusted: (event: Event) => boolean
  readonly logger: Logger
  /** Ties what the page is told to what the log has. */
  readonly newLogId: () => string
}

const NAME_MAX_CHARS = 64

/**
 * Answers the calls of one window: who calls, what is called, how much is sent, whether it has the right form, and only
 * then the handler. Always resolves with an envelope: Electron would keep nothing of a thrown error but its text.
 */
export class Router<Event> {
  constructor(private readonly options: RouterOptions<Event>) {}

  async answer(event: Event, name: unknown, input: unknown): Promise<Result<unknown>> {
    try {
      return await this.check(event, name, input)
    } catch (error) {
      return { ok: false, error: error instanceof MusterError ? error.info : this.report(name, error) }
    }
  }

  private async check(event: Event, name: unknown, input: unknown): Promise<Result<unknown>> {
    if (!this.options.isTrusted(event)) return this.refuse(name, 'forbidden', 'This page may not call Muster.')
    const route = typeof name === 'string' ? this.options.routes.get(name) : undefined
    if (route === undefined) return this.refuse(name, 'unknown-command', `Muster has no command ${label(name)}.`)
    switch (inspectInput(input)) {
      case 'too-large':
        return this.refuse(
          name,
          'too-large',
          `The input of ${label(name)} is larger than ${MAX_CALL_BYTES / 1024 / 1024} MiB or nested too deeply.`,
        )
      case 'not-plain':
        return this.refuse(name, 'bad-request', `The input of ${label(name)} holds something other than plain data.`)
      case 'fits': {
        const answer = await route.answer(input)
        if (!answer.valid) return this.refuse(name, 'bad-request', `The input of ${label(name)} was not understood: ${answer.problem}.`)
        return { ok: true, value: answer.value }
      }
    }
  }

  private refuse(name: unknown, code: ErrorInfo['code'], message: string): Result<never> {
    this.options.logger.warn('A call was refused', { call: label(name), code, message })
    return { ok: false, error: { code, message } }
  }

  /** A defect. Its text may hold paths and more, so the page is told where to look and nothing else. */
  private report(name: unknown, error: unknown): ErrorInfo {
    const logId = this.options.newLogId()
    this.options.logger.error('A call failed inside Muster', { logId, call: label(name), error: inspect(error, { depth: 1 }) })
    return {
      code: 'internal',
      message: `The command ${label(name)} failed because of a defect in Muster. The log has the details under ${logId}.`,
      hint: 'Choose Help, Open Logs Folder, and attach the newest file to a report.',
    }
  }
}

function label(name: unknown): string {
  return typeof name === 'string' ? JSON.stringify(name.slice(0, NAME_MAX_CHARS)) : 'of that form'
}
