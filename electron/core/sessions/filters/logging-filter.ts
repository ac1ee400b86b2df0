import { FILTER_LOG_PAYLOAD_BYTES } from '../../../../shared/limits'
import type { FilterSpec } from '../../../../shared/model'
import type { Logger } from '../../base/logger'
import type { LogLevel } from '../../config/settings'
import type { Filter, Message } from './filter'
import type { FilterContext } from './filter-context'
import { type SettingRules, textSetting } from './filter-settings'

const LEVELS = ['off', 'debug', 'info', 'warn', 'error'] as const
type Level = Exclude<(typeof LEVELS)[number], 'off'>

/**
 * What each event is logged at unless its setting says otherwise. What comes and goes is at `debug`: a board that prints
 * would fill the log with a line for every read, and push everything else out of it.
 */
const DEFAULTS = {
  created: 'info',
  opened: 'info',
  inputClosed: 'info',
  closing: 'info',
  closed: 'info',
  idle: 'info',
  exception: 'warn',
  received: 'debug',
  sent: 'debug',
} as const
type Event = keyof typeof DEFAULTS

export const LOGGING_SETTINGS: SettingRules = Object.fromEntries(
  Object.keys(DEFAULTS).map(event => [event, { kind: 'choice', of: LEVELS }]),
)

const RANK: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, verbose: 3, debug: 4, silly: 5 }

/** Writes a line for each event. What a message says is the user's: it is logged only where the configuration allows it. */
export function createLoggingFilter(spec: FilterSpec, context: FilterContext): Filter {
  const { logger, settings, sessionId } = context
  let lines = 0

  const levelOf = (event: Event): Level | null => {
    const level = textSetting(spec, event, DEFAULTS[event])
    return isLevel(level) ? level : null
  }
  const levels: Record<Event, Level | null> = {
    created: levelOf('created'),
    opened: levelOf('opened'),
    inputClosed: levelOf('inputClosed'),
    closing: levelOf('closing'),
    closed: levelOf('closed'),
    idle: levelOf('idle'),
    exception: levelOf('exception'),
    received: levelOf('received'),
    sent: levelOf('sent'),
  }
  const log = (event: Event, text: string, data: () => Parameters<Logger['info']>[1]): void => {
    const level = levels[event]
    // Asked before the line is made: most messages are not logged.
    if (level === null || RANK[level] > RANK[settings().logging.level]) return
    lines++
    logger[level](text, { sessionId, filter: spec.name, ...data() })
  }
  const payload = (message: Message) => () => ({
    ...sizeOf(message),
    ...(settings().logging.snippets && { text: beginningOf(message) }),
  })

  return {
    spec,
    accepts: 'message',
    produces: 'message',
    received(message, next) {
      log('received', 'Received.', payload(message))
      return next(message)
    },
    sent(message, next) {
      log('sent', 'Sent.', payload(message))
      return next(message)
    },
    created: () => log('created', 'A session was made.', () => ({})),
    opened: () => log('opened', 'A session is open.', () => ({})),
    inputClosed: () => log('inputClosed', 'Nothing more comes from the board of a session.', () => ({})),
    closing: () => log('closing', 'A session begins to close.', () => ({})),
    closed: () => log('closed', 'A session is closed.', () => ({})),
    idle: (kind, count) => log('idle', 'A session is idle.', () => ({ kind, count })),
    exceptionCaught: error => log('exception', 'A filter of a session failed.', () => ({ error })),
    report: () => [{ label: 'Lines logged', value: String(lines) }],
  }
}

function isLevel(text: string): text is Level {
  return text !== 'off' && LEVELS.some(level => level === text)
}

function sizeOf(message: Message): { readonly bytes: number } | { readonly characters: number } {
  return typeof message === 'string' ? { characters: message.length } : { bytes: message.length }
}

function beginningOf(message: Message): string {
  const bytes = typeof message === 'string' ? Buffer.from(message.slice(0, FILTER_LOG_PAYLOAD_BYTES)) : message
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, FILTER_LOG_PAYLOAD_BYTES)).toString('utf8')
}
