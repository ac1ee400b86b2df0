import type { FilterInfo, HistoryEntry, SessionSnapshot, StateChange } from '../../../shared/model'
import { aFilter, aHistoryEntry, type FakeBridge, someMetadata, someOptions, someStatistics } from '../../fakes/fake-bridge'

const MINUTE_MS = 60_000

/** A session that has lived: everything that its views can show has something in it. */
export function enriched(session: SessionSnapshot, others: readonly SessionSnapshot[], now: number): SessionSnapshot {
  return {
    ...session,
    deviceKey: 'usb:303a:1001:7cdfa1e3',
    clientCorrelationId: 'bench-a/run-0412',
    openedAt: now - 26 * MINUTE_MS,
    connectedAt: now - 14 * MINUTE_MS,
    lastUsedAt: now - 3_000,
    metadata: someMetadata({
      dataSource: 'bench-a',
      type: 'Oven',
      version: 2,
      utcOffsetSeconds: 7_200,
      identifier: 'Reflow profile check',
      details: {
        operator: 'mk',
        profile: 'lead-free, 245 °C peak',
        board_lot: '2026-W33-0412',
        note: 'Door sensor replaced on Tuesday.\nCompare the ramp with lot 0398.',
        status: 'preheat',
      },
      associateSessionKeys: others.slice(0, 2).map(other => other.sessionId),
    }),
    lease: { expiresAt: now + 14 * MINUTE_MS + 27_000, isPending: false },
    health: {
      isHealthy: true,
      lastProbe: { at: now - 41_000, ok: true, durationMs: 0.9 },
      lastHeartbeatAt: now - 12_000,
    },
    statistics: someStatistics({
      bytesIn: 1_421_000,
      bytesOut: 118_000,
      operations: 5_206,
      errors: 22,
      messagesIn: 18_904,
      messagesOut: 5_310,
      lastReadAt: now - 400,
      lastWriteAt: now - 12_000,
      lastIoAt: now - 400,
      reconnects: 1,
      idle: { read: { count: 0, lastAt: null }, write: { count: 1, lastAt: now - 2_000 }, both: { count: 0, lastAt: null } },
    }),
  }
}

export function fillSession(bridge: FakeBridge, session: SessionSnapshot, now: number): void {
  const { sessionId } = session
  bridge.infos.set(sessionId, {
    options: someOptions({
      profile: 'longRunning',
      healthCheckIntervalMs: 5 * MINUTE_MS,
      heartbeatIntervalMs: 30_000,
      writerIdleMs: 10_000,
      bothIdleMs: 30_000,
      leaseDurationMs: 20 * MINUTE_MS,
      initSnippet: 'import oven\noven.configure(4)',
    }),
    history: states(now),
  })
  bridge.setFilters(sessionId, FILTERS)
  for (const [key, value] of Object.entries(ATTRIBUTES)) bridge.setAttribute(sessionId, key, value)
  bridge.history = [...entriesOf(session, now)]
}

function states(now: number): readonly StateChange[] {
  const at = (minutes: number, ms = 0): number => now - minutes * MINUTE_MS + ms
  const connect = (minutes: number): StateChange[] => [
    { at: at(minutes), state: 'Connecting', phase: 'starting' },
    { at: at(minutes, 3), state: 'Connecting', phase: 'waitingForPort' },
    { at: at(minutes, 40), state: 'Connecting', phase: 'handshaking' },
    { at: at(minutes, 310), state: 'Connecting', phase: 'initializing' },
    { at: at(minutes, 420), state: 'Connected', phase: null },
  ]
  return [
    { at: at(26, -1), state: 'Created', phase: null },
    ...connect(26),
    { at: at(25), state: 'Active', phase: null },
    { at: at(24), state: 'Idle', phase: null },
    { at: at(15), state: 'Error', phase: null },
    ...connect(14.6),
    { at: at(0, -2_100), state: 'Active', phase: null },
  ]
}

const FILTERS: readonly FilterInfo[] = [
  aFilter('stats', 'stats', {
    report: [
      { label: 'Received: calls', value: '18904' },
      { label: 'Received: total', value: '75.616 ms' },
      { label: 'Received: average', value: '0.004 ms' },
      { label: 'Received: shortest', value: '0.001 ms' },
      { label: 'Received: longest', value: '2.310 ms' },
      { label: 'Sent: calls', value: '5310' },
      { label: 'Sent: average', value: '0.012 ms' },
    ],
  }),
  aFilter('slow-uart', 'rateLimit', {
    settings: { bytesPerSecond: 11_520 },
    accepts: 'bytes',
    produces: 'bytes',
    report: [
      { label: 'Limit', value: '11520 B/s' },
      { label: 'Sending delayed', value: '412 ms' },
      { label: 'Reading paused', value: '3' },
    ],
  }),
  aFilter('lines', 'textCodec', {
    settings: { delimiter: '\r\n', maxLineLength: 512 },
    report: [
      { label: 'Lines received', value: '1204' },
      { label: 'Lines sent', value: '96' },
      { label: 'Lines cut', value: '0' },
    ],
  }),
  aFilter('logging', 'logging', { settings: { received: 'off', exception: 'error' }, report: [{ label: 'Lines logged', value: '14' }] }),
]

const ATTRIBUTES = {
  runs: 5_206,
  calibrated: true,
  'last operator': 'mk',
  limits: { low: 20, peak: 245, soak: [150, 180] },
  trace: Array.from({ length: 900 }, (_, index) => Math.round(2_000 + 600 * Math.sin(index / 40)) / 10),
  cooldown: null,
}

function entriesOf(session: SessionSnapshot, now: number): readonly HistoryEntry[] {
  const { sessionId, port } = session
  const board = 'Oven controller'
  const tell = (seq: number, ageMs: number, over: Partial<HistoryEntry>): HistoryEntry =>
    aHistoryEntry(seq, { at: now - ageMs, sessionId, dataSource: 'bench-a', board, port, ...over })
  const on = `${board} on ${port}`
  return [
    tell(1, 26 * MINUTE_MS, { type: 'created', text: `${on} is being opened.` }),
    tell(2, 26 * MINUTE_MS - 3, { type: 'phaseChanged', text: `${on}: opening the port.` }),
    tell(3, 26 * MINUTE_MS - 40, { type: 'phaseChanged', text: `${on}: waiting for the prompt.` }),
    tell(4, 26 * MINUTE_MS - 310, { type: 'phaseChanged', text: `${on}: identifying the board.` }),
    tell(5, 26 * MINUTE_MS - 420, { type: 'connected', text: `${on} is ready: MicroPython 1.27.0 on ESP32S3.` }),
    tell(6, 24 * MINUTE_MS, { type: 'infoUpdated', text: 'The details operator and profile were set.' }),
    tell(7, 23 * MINUTE_MS, { type: 'filtersChanged', text: 'The filter slow-uart was added.' }),
    tell(8, 20 * MINUTE_MS, { type: 'attributesChanged', text: 'The attribute limits was set.' }),
    tell(9, 15 * MINUTE_MS, { type: 'disconnected', tone: 'bad', text: `${on} was lost: the port hung up.` }),
    tell(10, 15 * MINUTE_MS - 1, {
      type: 'error',
      tone: 'bad',
      text: `${on} was disconnected while execution 42 was running. It was not run again. Check the cable; Muster tries three times by itself.`,
    }),
    tell(11, 14.6 * MINUTE_MS, { type: 'stateChanged', text: 'Error became Connecting: attempt 1 of 3.' }),
    tell(12, 14.5 * MINUTE_MS, { type: 'connected', text: `${on} is connected again after 26 s.` }),
    tell(13, 9 * MINUTE_MS, { type: 'leaseChanged', text: 'The lease ends at 14:21:08.' }),
    tell(14, 2_000, { type: 'idle', tone: 'warn', text: 'Nothing has been written for 10 s.' }),
  ]
}
