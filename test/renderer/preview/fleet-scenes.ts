import type { ConfigKey, PortInfo, SessionSnapshot } from '../../../shared/model'
import {
  aBoard,
  aConfigKey,
  aGroup,
  aHealth,
  aHistoryEntry,
  aLostSession,
  aPort,
  aSampler,
  aSession,
  type FakeBridge,
  someMetadata,
  someStatistics,
} from '../../fakes/fake-bridge'

const NOW = Date.now()

/** Scenes of the fleet as a whole: groups, a lost board's way back, the activity, the settings, repeated code. */
export const FLEET_SCENES: Readonly<Record<string, (bridge: FakeBridge) => void>> = {
  groups: bridge => {
    withBoards(bridge)
    bridge.setStatus({ warm: 1, waiting: 2 })
  },
  waiting: bridge => {
    withBoards(bridge)
    let attempt = 1
    const lose = (): void =>
      bridge.setSession(
        lost({ stage: 'waiting', attempt, maxAttempts: 3, nextAttemptAt: Date.now() + 4_000 }),
        attempt === 1 ? 'error' : 'infoUpdated',
        { reason: 'unexpected' },
      )
    lose()
    setInterval(() => {
      attempt = (attempt % 3) + 1
      lose()
    }, 4_500)
  },
  absent: bridge => {
    withBoards(bridge)
    bridge.setSession(lost({ stage: 'absent', attempt: 1, maxAttempts: 3, nextAttemptAt: null }), 'error', { reason: 'unexpected' })
  },
  exhausted: bridge => {
    withBoards(bridge)
    bridge.setStatus({ health: DEGRADED, open: 58 })
    bridge.setSession(lost({ stage: 'exhausted', attempt: 3, maxAttempts: 3, nextAttemptAt: null }), 'error', { exhausted: true })
  },
  impostor: bridge => {
    withBoards(bridge)
    const session = lost({ stage: 'waiting', attempt: 2, maxAttempts: 3, nextAttemptAt: NOW + 60_000 })
    bridge.setSession({ ...session, fault: { ...IMPOSTOR, at: NOW - 12_000 } }, 'error')
  },
  closed: bridge => {
    withBoards(bridge)
    setTimeout(() => {
      for (const session of bridge.sessions.slice(0, 2)) {
        bridge.setSession({ ...session, state: 'Disconnected', statistics: USED }, 'disconnected', { reason: 'client-close' })
        bridge.setSession({ ...session, state: 'Disposed', statistics: USED }, 'disposed', { reason: 'client-close' })
      }
    }, 600)
  },
  activity: bridge => {
    withBoards(bridge)
    sessionStorage.setItem(
      'muster.streams',
      JSON.stringify(
        ['start', 'stop'].map(kind => ({ kind, dataSource: 'bench-a' })).concat({ kind: 'start', dataSource: 'usb:2e8a:0005:e66164' }),
      ),
    )
    let count = 0
    setInterval(() => {
      const [kind, source] =
        count % 3 === 2 ? (['start', 'usb:2e8a:0005:e66164'] as const) : ([count % 2 ? 'stop' : 'start', 'bench-a'] as const)
      bridge.notify(
        kind,
        source,
        count % 3 === 2 ? (bridge.sessions[2]?.sessionId ?? '') : `session-${String(count >> 1).padStart(32, '4be1c09a77')}`,
      )
      count++
    }, 300)
    bridge.addHistory(...Array.from({ length: 40 }, (_, index) => aHistoryEntry(index, { at: NOW - (40 - index) * 7_000 })))
  },
  settings: bridge => {
    withBoards(bridge)
    bridge.config = { ...bridge.config, keys: CONFIG_KEYS }
    bridge.answer('config:set', ({ key, value, reset }) => {
      if (key.endsWith('maxConcurrentSessions') && (typeof value !== 'number' || value > 256) && reset !== true) {
        return { ok: false, error: { code: 'ConfigInvalid', message: 'A whole number from 1 to 256 is needed.' } }
      }
      const keys = bridge.config.keys.map(
        (known): ConfigKey =>
          known.key !== key
            ? known
            : reset === true
              ? { ...known, value: known.default, source: 'default' }
              : { ...known, value: value ?? null, source: 'file' },
      )
      bridge.setConfig({ keys })
      return { ok: true, value: bridge.config }
    })
  },
  'settings-problems': bridge => {
    FLEET_SCENES.settings?.(bridge)
    const problems = [
      { severity: 'error', key: 'deviceSessions.reconnectDelay', message: '“soon” is no length of time; the default, 1 s, is used.' },
      { severity: 'warning', key: 'deviceSesions', message: 'Muster knows no such key.' },
    ] as const
    bridge.config = { ...bridge.config, problems }
  },
  'settings-broken': bridge => {
    FLEET_SCENES.settings?.(bridge)
    const message = 'Line 12, column 3: a comma or a closing brace is missing.'
    bridge.config = { ...bridge.config, isReadOnly: true, problems: [{ severity: 'error', key: null, message }] }
  },
  repeat: bridge => {
    withBoards(bridge)
    const sessionId = bridge.sessions[0]?.sessionId ?? ''
    const names = ['temperature', 'humidity', 'pressure']
    const at = Float64Array.from({ length: 60 }, (_, index) => NOW / 1_000 - 60 + index)
    const sampler = aSampler(sessionId, {
      code: 'import sensor\n{"temperature": sensor.t()}',
      intervalMs: 1_000,
      runs: 184,
      failures: 2,
      nextAt: NOW + 60_000,
      lastError: 'Traceback (most recent call last):\n  File "<stdin>", line 2, in <module>\nOSError: [Errno 110] ETIMEDOUT',
    })
    const values = [
      (s: number) => 21.4 + Math.sin(s / 9),
      (s: number) => 48 + Math.cos(s / 5) * 3,
      (s: number) => 101_325 + Math.sin(s / 20) * 30,
    ]
    bridge.setSamples({ sessionId, kind: 'all', sampler, names, at, values: values.map(value => at.map(value)) })
  },
}

const DEGRADED = aHealth({
  status: 'Degraded',
  description: 'High session utilization',
  data: { active_sessions: 58, max_sessions: 64, utilization: 58 / 64, state: 'Active' },
})

const IMPOSTOR = {
  code: 'OpenFailed',
  reason: 'another-board',
  message: 'The board that answers on /dev/ttyACM0 is another one: it says 7c:df:a1:e3:ff:10, not 7c:df:a1:e3:b2:04.',
  hint: 'Plug the first board in again, or close this session and open the port for the new one.',
  final: false,
} as const

const USED = someStatistics({ operations: 184, errors: 3, bytesIn: 1_420_000, bytesOut: 118_000 })

const ESP = aBoard({ machine: 'Generic ESP32S3 module with ESP32S3', uniqueId: '7cdfa1e3b204' })

function withBoards(bridge: FakeBridge): void {
  const oven = aSession('/dev/ttyACM0', {
    portLabel: 'Oven controller',
    board: ESP,
    deviceKey: 'usb:303a:1001:7cdfa1e3',
    openedAt: NOW - 720_000,
  })
  const kit = aSession('/dev/ttyACM1', { portLabel: 'ESP32-S3 devkit', board: ESP, pool: 'warm', openedAt: NOW - 300_000 })
  const pico = aSession('/dev/ttyACM2', {
    portLabel: 'Raspberry Pi Pico',
    state: 'Active',
    running: { executionId: 'e1', number: 43, startedAt: NOW - 2_000, interrupting: false, interrupt: null },
    metadata: someMetadata({ dataSource: 'usb:2e8a:0005:e66164' }),
  })
  const simulated = aSession('simulated:1', { portLabel: 'sim-01' })
  const bench = aGroup('Bench A', {
    metadata: someMetadata({ dataSource: 'bench-a', identifier: 'Bench A', associateSessionKeys: [oven.sessionId, kit.sessionId] }),
  })
  const night = aGroup('Night run', {
    metadata: someMetadata({
      dataSource: 'night',
      identifier: 'Night run',
      associateSessionKeys: [bench.sessionId, pico.sessionId, simulated.sessionId],
    }),
  })
  bridge.sessions = [oven, kit, pico, simulated, bench, night]
  bridge.ports = { ports: PORTS, scannedAt: NOW, stale: null }
  bridge.setStatus({ open: 4, totalOpened: 9, totalClosed: 5, peakOpen: 6, bytesInPerSecond: 4_120, bytesOutPerSecond: 312 })
}

const PORTS: readonly PortInfo[] = [
  aPort('/dev/ttyACM0', { label: 'Oven controller', deviceKey: 'usb:303a:1001:7cdfa1e3' }),
  aPort('/dev/ttyACM1', { label: 'ESP32-S3 devkit' }),
  aPort('/dev/ttyACM2', { label: 'Raspberry Pi Pico' }),
  aPort('/dev/ttyUSB0', { label: 'CP2102N', boardHint: '10c4:ea60' }),
  aPort('simulated:1', { label: 'sim-01' }),
  aPort('simulated:2', { label: 'sim-02' }),
]

function lost(reconnect: NonNullable<SessionSnapshot['reconnect']>): SessionSnapshot {
  return aLostSession('/dev/ttyACM0', NOW - 12_000, {
    portLabel: 'Oven controller',
    board: ESP,
    deviceKey: 'usb:303a:1001:7cdfa1e3',
    openedAt: NOW - 720_000,
    reconnect,
  })
}

const CONFIG_KEYS: readonly ConfigKey[] = [
  aConfigKey('deviceSessions.enableSessionManagement', {
    group: 'Sessions',
    kind: 'boolean',
    value: true,
    default: true,
    live: true,
    rule: 'true or false',
    description: 'Whether sessions can be opened at all.',
  }),
  aConfigKey('deviceSessions.maxConcurrentSessions', {
    group: 'Sessions',
    kind: 'integer',
    value: 32,
    default: 64,
    source: 'file',
    live: true,
    rule: 'a whole number from 1 to 256',
    description: 'How many sessions may be open at the same time. Lowering it closes none.',
  }),
  aConfigKey('deviceSessions.profile', {
    group: 'Sessions',
    kind: 'choice',
    value: 'standard',
    default: 'standard',
    choices: ['standard', 'longRunning'],
    rule: 'standard or longRunning',
    description: 'What a session is tuned for.',
  }),
  aConfigKey('deviceSessions.initSnippet', {
    group: 'Sessions',
    value: 'import gc\ngc.collect()',
    default: '',
    source: 'file',
    rule: 'at most 64 KiB',
    description: 'Code that runs after every connect, before the session can be used.',
  }),
  aConfigKey('deviceSessions.operationTimeout', {
    group: 'Time limits',
    kind: 'duration',
    value: '00:00:10',
    default: '00:00:10',
    rule: '100 ms to 1 h',
    description: 'How long an execution may take that has no limit of its own.',
  }),
  aConfigKey('deviceSessions.idleTimeout', {
    group: 'Idle',
    kind: 'duration',
    value: null,
    default: '00:05:00',
    source: 'file',
    nullable: true,
    rule: '1 s to 24 days, or null for never',
    description: 'Closes a session that nobody has used for so long.',
  }),
  aConfigKey('transport.allow', {
    group: 'Ports',
    kind: 'list',
    value: ['/dev/ttyACM*', '2e8a:0005'],
    default: [],
    source: 'file',
    rule: 'paths with * and ?, or vid:pid',
    description: 'The only ports that are listed and opened; an empty list allows all.',
  }),
  aConfigKey('filters.textCodec.delimiter', {
    group: 'Filters',
    value: '\n',
    default: '\n',
    rule: 'not empty',
    description: 'What ends a line for the text codec.',
  }),
]
