import {
  BAUD_RATE_MAX,
  BAUD_RATE_MIN,
  CONFIG_LIST_MAX_ITEMS,
  CONFIG_TEXT_MAX_CHARS,
  CONNECTION_TIMEOUT_MAX_MS,
  CONNECTION_TIMEOUT_MIN_MS,
  FILTER_QUEUE_BYTES,
  HEARTBEAT_GRACE_INTERVALS,
  INIT_SNIPPET_MAX_BYTES,
  MAX_PORT_PATH_CHARS,
  MAX_SESSIONS_MAX,
  OPERATION_TIMEOUT_MAX_MS,
  OPERATION_TIMEOUT_MIN_MS,
  PROMETHEUS_PORT_MIN,
  TIMER_MAX_MS,
  UTC_OFFSET_MAX_SECONDS,
  WATCHDOG_FEED_MAX_BYTES,
} from '../../../shared/limits'
import { type ConfigKeyRow, DEFAULT_TIMEOUT, group, key } from './config-key-row'
import { filterChain } from './filters-rule'
import { boolean, choice, duration, integer, offsetSeconds, type Rule, text, textList } from './rules'

/** The ranges of the keys. What other code needs as well stands in `shared/limits.ts`. */
export const CONFIG_KEYS: readonly ConfigKeyRow[] = [
  ...group('Sessions', [
    key('deviceSessions.enableSessionManagement', 'enableSessionManagement', boolean(), 'Whether sessions can be opened at all.', {
      aliases: ['enableSessionManagement'],
      live: true,
    }),
    key('integrateSessionManagement', 'integrateSessionManagement', boolean(), 'Whether details, associations and notices can be used.', {
      live: true,
    }),
    key(
      'deviceSessions.maxConcurrentSessions',
      'maxConcurrentSessions',
      integer(1, MAX_SESSIONS_MAX),
      'How many sessions may be open at the same time. Lowering it closes none.',
      { aliases: ['sessions.maxSessions', 'maxConcurrentSessions'], live: true },
    ),
    key('deviceSessions.profile', 'session.profile', choice('standard', 'longRunning'), 'What a session is tuned for.'),
    key(
      'deviceSessions.initSnippet',
      'session.initSnippet',
      snippet(),
      'Code that runs after every connect, before the session can be used.',
    ),
    key(
      'deviceSessions.closeOnWindowClose',
      'closeOnWindowClose',
      boolean(),
      'Whether a window takes its sessions along when it is closed.',
      {
        live: true,
      },
    ),
    key('deviceSessions.tombstoneLimit', 'tombstoneLimit', integer(0, 10_000), 'How many closed sessions are remembered.', { live: true }),
    key(
      'deviceSessions.watchdogFeed',
      'session.watchdogFeed',
      text({ maxChars: WATCHDOG_FEED_MAX_BYTES, maxBytes: WATCHDOG_FEED_MAX_BYTES }),
      'Python that feeds the watchdog of a board while files are copied, for example wdt.feed(); empty for none.',
    ),
    key(
      'deviceSessions.attach',
      'session.attach',
      choice('interrupt', 'watch'),
      'Whether opening a port interrupts the program of its board, or only reads what it prints.',
    ),
    key('attributes.store', 'session.attributeStore', choice('memory', 'file'), 'Where the attributes of a session are kept.'),
  ]),
  ...group('Time limits', [
    key(
      'deviceSessions.defaultTimeout',
      DEFAULT_TIMEOUT,
      duration({ minMs: 1_000, maxMs: 600_000 }),
      'What connecting and waiting for a session fall back on.',
      { aliases: ['defaultTimeout'] },
    ),
    key(
      'deviceSessions.connectionTimeout',
      'session.connectionTimeoutMs',
      duration({ minMs: CONNECTION_TIMEOUT_MIN_MS, maxMs: CONNECTION_TIMEOUT_MAX_MS }),
      'How long one attempt to connect may take.',
      { aliases: ['worker.startupTimeout'] },
    ),
    key(
      'deviceSessions.operationTimeout',
      'session.operationTimeoutMs',
      duration({ minMs: OPERATION_TIMEOUT_MIN_MS, maxMs: OPERATION_TIMEOUT_MAX_MS }),
      'How long an execution may take that has no limit of its own.',
      { aliases: ['sessions.defaultCommandTimeout'] },
    ),
    key(
      'deviceSessions.shutdownTimeout',
      'session.shutdownTimeoutMs',
      duration({ minMs: 500, maxMs: 60_000 }),
      'How long an orderly close may take before the connection is cut.',
      { aliases: ['worker.shutdownTimeout'] },
    ),
    key(
      'deviceSessions.writeTimeout',
      'session.writeTimeoutMs',
      duration({ minMs: 100, maxMs: 600_000 }),
      'How long a board may take no bytes before a write fails.',
    ),
  ]),
  ...group('Idle', [
    key(
      'deviceSessions.idleTimeout',
      'session.idleTimeoutMs',
      duration({ minMs: 1_000, maxMs: TIMER_MAX_MS, none: 'never' }),
      'Closes a session that nobody has used for so long.',
    ),
    key(
      'deviceSessions.readerIdleTime',
      'session.readerIdleMs',
      idlePeriod(),
      'Says that a session is idle after so long without a byte read.',
    ),
    key(
      'deviceSessions.writerIdleTime',
      'session.writerIdleMs',
      idlePeriod(),
      'Says that a session is idle after so long without a byte written.',
    ),
    key('deviceSessions.bothIdleTime', 'session.bothIdleMs', idlePeriod(), 'Says that a session is idle after so long without either.'),
  ]),
  ...group('Reconnect', [
    key('deviceSessions.enableAutoReconnect', 'session.autoReconnect', boolean(), 'Whether a lost session comes back by itself.'),
    key('deviceSessions.maxReconnectAttempts', 'session.maxReconnectAttempts', integer(0, 100), 'How many attempts are made; 0 for none.'),
    key(
      'deviceSessions.reconnectDelay',
      'session.reconnectDelayMs',
      duration({ minMs: 0, maxMs: 300_000 }),
      'The wait before every attempt.',
    ),
  ]),
  ...group('Health', [
    key(
      'deviceSessions.enableHealthChecks',
      'session.healthChecks',
      boolean(),
      'Whether boards are asked now and then if they still answer.',
    ),
    key(
      'deviceSessions.healthCheckInterval',
      'session.healthCheckIntervalMs',
      duration({ minMs: 1_000, maxMs: TIMER_MAX_MS }),
      'How often. Its default is 5 min with the profile longRunning.',
    ),
    key(
      'deviceSessions.heartbeatInterval',
      'session.heartbeatIntervalMs',
      duration({ minMs: 1_000, maxMs: TIMER_MAX_MS / HEARTBEAT_GRACE_INTERVALS, none: 'off' }),
      'How often a sign of life is asked for. Its default is 30 s with the profile longRunning.',
    ),
    key(
      'deviceSessions.heartbeatGrace',
      'session.heartbeatGraceMs',
      duration({ minMs: 2_000, maxMs: TIMER_MAX_MS }),
      'How long it may be missing before the session is lost: at least twice the interval, by default three times.',
    ),
  ]),
  ...group('Queues', [
    key(
      'deviceSessions.maxPendingOperations',
      'session.maxPendingOperations',
      integer(1, 10_000),
      'How many executions may wait in one session.',
    ),
    key(
      'deviceSessions.eventQueueCapacity',
      'session.eventQueueCapacity',
      integer(16, 100_000),
      'How many entries may wait in one reader of a session.',
    ),
    key(
      'deviceSessions.maxMessageBytes',
      'session.maxMessageBytes',
      integer(1_024, 16 * 1024 * 1024, 'bytes'),
      'How much output one execution may give; more fails it.',
    ),
    key(
      'deviceSessions.throughputInterval',
      'session.throughputIntervalMs',
      duration({ minMs: 250, maxMs: 60_000 }),
      'Over how long throughput is measured.',
    ),
  ]),
  ...group('Pool', [
    key('pool.enableSessionPooling', 'pool.enabled', boolean(), 'Whether a session that is given back stays open for the next caller.', {
      aliases: ['deviceSessions.enableSessionPooling', 'enableSessionPooling'],
      live: true,
    }),
    key(
      'pool.acquireTimeout',
      'pool.acquireTimeoutMs',
      duration({ minMs: 0, maxMs: 600_000 }),
      'How long a caller waits for a session; 0 for not at all.',
      { live: true },
    ),
  ]),
  ...group('Leases', [
    key(
      'lease.defaultDuration',
      'session.leaseDurationMs',
      duration({ minMs: 5_000, maxMs: TIMER_MAX_MS, none: 'no lease' }),
      'Gives every session a lease of this length, renewed by every use.',
    ),
    key(
      'lease.sweepInterval',
      'lease.sweepIntervalMs',
      duration({ minMs: 1_000, maxMs: 600_000 }),
      'How often expired leases are looked for.',
      { live: true },
    ),
  ]),
  ...group('Ports', [
    key(
      'transport.defaultPort',
      'transport.defaultPort',
      text({ maxChars: MAX_PORT_PATH_CHARS }),
      'The port that is opened when none is said.',
      {
        aliases: ['defaultPort'],
      },
    ),
    key('transport.defaultBackend', 'transport.defaultBackend', choice('serial', 'simulated'), 'What a port is that nothing is known of.'),
    key('transport.defaultBaudRate', 'transport.defaultBaudRate', integer(BAUD_RATE_MIN, BAUD_RATE_MAX), 'The speed when none is said.', {
      aliases: ['defaultBaudRate'],
    }),
    key(
      'transport.allow',
      'transport.allow',
      portPatterns(),
      'The only ports that may be opened: path patterns, or vid:pid. Empty for all.',
    ),
    key('transport.block', 'transport.block', portPatterns(), 'Ports that may not be opened, whatever else is said.'),
    key(
      'transport.portScanInterval',
      'transport.portScanIntervalMs',
      duration({ minMs: 500, maxMs: 60_000 }),
      'How often ports are looked for.',
      {
        live: true,
      },
    ),
  ]),
  ...group('Serial line', [
    key('transport.dataBits', 'transport.line.dataBits', choice(5, 6, 7, 8), 'Bits of one character.'),
    key('transport.stopBits', 'transport.line.stopBits', choice(1, 1.5, 2), 'Stop bits after each.'),
    key('transport.parity', 'transport.line.parity', choice('none', 'even', 'odd', 'mark', 'space'), 'The parity bit.'),
    key('transport.rtscts', 'transport.line.rtscts', boolean(), 'Flow control by the lines RTS and CTS.'),
    key('transport.xon', 'transport.line.xon', boolean(), 'Flow control by characters, for what is sent.'),
    key('transport.xoff', 'transport.line.xoff', boolean(), 'Flow control by characters, for what is received.'),
    key('transport.dtr', 'transport.line.dtr', boolean(), 'The line DTR while a port is open.'),
    key('transport.rts', 'transport.line.rts', boolean(), 'The line RTS while a port is open.'),
    key('transport.hangupOnClose', 'transport.line.hangupOnClose', boolean(), 'Whether closing a port drops DTR.'),
    key('transport.readBufferSize', 'transport.line.readBufferSize', integer(64, 1_048_576, 'bytes'), 'How much is read at once.'),
  ]),
  ...group('Filters', [
    key('filters.default', 'session.filters', filterChain(), 'The chain a session starts with, from the port on.'),
    key(
      'filters.rateLimit.bytesPerSecond',
      'filters.rateLimit.bytesPerSecond',
      integer(0, 1_000_000_000),
      'What a rateLimit filter lets through; 0 for everything.',
    ),
    key(
      'filters.rateLimit.burst',
      'filters.rateLimit.burst',
      integer(0, 1_000_000_000),
      'Bytes it lets through at once; 0 for one second’s worth.',
    ),
    key(
      'filters.textCodec.delimiter',
      'filters.textCodec.delimiter',
      text({ minChars: 1, maxChars: 16, controls: true }),
      'What ends a line for a textCodec filter.',
    ),
    key(
      'filters.textCodec.maxLineLength',
      'filters.textCodec.maxLineLength',
      integer(0, FILTER_QUEUE_BYTES),
      'Characters of a line before it is cut; 0 for as many as a chain can hold.',
    ),
  ]),
  ...group('Metadata', [
    key('metadata.type', 'metadata.type', text({ minChars: 1, maxChars: CONFIG_TEXT_MAX_CHARS }), 'The type of a session that says none.'),
    key('metadata.version', 'metadata.version', integer(1, Number.MAX_SAFE_INTEGER), 'The version of a session that says none.'),
    key(
      'metadata.utcOffset',
      'metadata.utcOffsetSeconds',
      offsetSeconds(UTC_OFFSET_MAX_SECONDS),
      'Time difference to UTC of a session that says none.',
      {
        aliases: ['metadata.utcOffsetSeconds'],
      },
    ),
    key(
      'metadata.dataSource',
      'metadata.dataSource',
      text({ maxChars: CONFIG_TEXT_MAX_CHARS }),
      'The data source of a session that says none. Empty for the device key.',
    ),
  ]),
  ...group('Metrics', [
    key(
      'metrics.prometheus.enabled',
      'prometheus.enabled',
      boolean(),
      'Serves the metrics to a Prometheus on this computer. Every program and account here can then read them.',
      { live: true },
    ),
    key(
      'metrics.prometheus.port',
      'prometheus.port',
      integer(PROMETHEUS_PORT_MIN, 65_535),
      'The port they are served on, at 127.0.0.1 only.',
      {
        live: true,
      },
    ),
  ]),
  ...group('Logging', [
    key('logging.level', 'logging.level', choice('error', 'warn', 'info', 'verbose', 'debug', 'silly'), 'How much is logged.', {
      live: true,
    }),
    key('logging.snippets', 'logging.snippets', boolean(), 'Whether code that is run may be logged.', { live: true }),
  ]),
]

function idlePeriod(): Rule<number> {
  return duration({ minMs: 1_000, maxMs: TIMER_MAX_MS, zero: 'off' })
}

function snippet(): Rule<string> {
  return text({ maxChars: INIT_SNIPPET_MAX_BYTES, maxBytes: INIT_SNIPPET_MAX_BYTES, controls: true })
}

function portPatterns(): Rule<readonly string[]> {
  return textList(CONFIG_LIST_MAX_ITEMS, text({ minChars: 1, maxChars: MAX_PORT_PATH_CHARS }), 'path patterns or vid:pid')
}
