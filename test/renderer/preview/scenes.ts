import type { MetricUpdate, OutputItem, PortInfo, SessionSnapshot } from '../../../shared/model'
import {
  aBoard,
  aLostSession,
  anAppInfo,
  aPort,
  aSession,
  type FakeBridge,
  type MetricRow,
  someBytes,
  someColumns,
} from '../../fakes/fake-bridge'
import { CONTROL_MARKERS, CONTROL_OUTPUT, CONTROL_SAMPLES, CONTROL_SCENES } from './control-scenes'
import { FILES_SCENES } from './files-scenes'
import { FLEET_SCENES } from './fleet-scenes'
import { enriched, fillSession } from './rich-session'

const NOW = Date.now()
/** What a flooding board sends in 16 ms: `?flood=` in bytes, by default more than the view takes. */
const FLOOD_BATCH_BYTES = Number(new URLSearchParams(location.search).get('flood') ?? 64 * 1024)

const PORTS: readonly PortInfo[] = [
  aPort('/dev/ttyACM0', { label: 'Oven controller', boardHint: 'ESP32-S3', usb: usb('303a', '1001', '7cdfa1e3') }),
  aPort('/dev/ttyACM1', { label: 'ESP32-S3 devkit', usb: usb('303a', '1001', '7cdfa1e4') }),
  aPort('/dev/ttyACM2', { label: 'Raspberry Pi Pico', usb: usb('2e8a', '0005', 'e66164') }),
  aPort('/dev/ttyACM3', { label: 'Raspberry Pi Pico', usb: usb('2e8a', '0005', 'e66165') }),
  aPort('/dev/ttyUSB0', { label: 'CP2102N', boardHint: '10c4:ea60' }),
  aPort('/dev/ttyUSB1', { label: 'CH340', boardHint: '1a86:7523' }),
  aPort('/dev/serial/by-id/bench-7', { label: 'bench-7', source: 'typed', present: false }),
  ...[1, 2, 3, 4].map(n => aPort(`simulated:${n}`, { label: `sim-0${n}` })),
]

const ESP = aBoard({ machine: 'Generic ESP32S3 module with ESP32S3', uniqueId: '7cdfa1e3b204' })
const SIMULATED = aBoard({ machine: 'JS with Emscripten', uniqueId: null, freeMemoryBytes: 61_200_000 })

/** Fills the fake bridge with something to look at. */
export function playScene(bridge: FakeBridge, scene: string): void {
  bridge.answer('app:info', () => ({
    ok: true,
    value: anAppInfo({ electron: '22.3.25', runtimeNote: 'Electron 22.3.25 runs here, not the released 45.4.1.' }),
  }))
  if (scene === 'empty') return
  bridge.ports = { ports: scene === 'many' ? manyPorts() : PORTS, scannedAt: NOW, stale: null }
  bridge.sessions = sessionsOf(scene)
  const [first, ...others] = bridge.sessions
  if (scene === 'rich' && first !== undefined) {
    bridge.sessions = [enriched(first, others, NOW), ...others]
    fillSession(bridge, bridge.sessions[0] ?? first, NOW)
  }
  bridge.status = { ...bridge.status, open: bridge.sessions.length, bytesInPerSecond: 4_120, bytesOutPerSecond: 312 }
  answerCommands(bridge)
  feedOutput(bridge, scene)
  feedMetrics(bridge, scene)
  FLEET_SCENES[scene]?.(bridge)
  FILES_SCENES[scene]?.(bridge)
  CONTROL_SCENES[scene]?.(bridge)
  if (scene === 'lost') setTimeout(() => bridge.setSession(aLostSession('/dev/ttyACM0'), 'error', { reason: 'unexpected' }), 600)
}

function sessionsOf(scene: string): readonly SessionSnapshot[] {
  if (scene === 'many') return []
  if (scene === 'failed') return [ready('/dev/ttyACM1', 3, ESP)]
  const first: SessionSnapshot =
    scene === 'opening'
      ? aSession('/dev/ttyACM0', { state: 'Connecting', phase: 'handshaking', connectedAt: null, board: null })
      : aSession('/dev/ttyACM0', {
          state: 'Active',
          board: ESP,
          stateSince: NOW - 2_100,
          running: { executionId: 'e43', number: 43, startedAt: NOW - 2_100, interrupting: false, interrupt: null },
        })
  return [
    first,
    ready('/dev/ttyACM1', 3, ESP),
    ready('/dev/ttyACM2', 11, aBoard()),
    aLostSession('/dev/ttyACM3', NOW - 40_000),
    {
      ...ready('simulated:1', 0, SIMULATED),
      state: 'Active',
      running: { executionId: 'e2', number: 2, startedAt: NOW, interrupting: false, interrupt: null },
    },
    ready('simulated:2', 61, SIMULATED),
    ready('simulated:3', 700, SIMULATED),
  ]
}

function ready(port: string, ageS: number, board: ReturnType<typeof aBoard>): SessionSnapshot {
  return aSession(port, { board, stateSince: NOW - ageS * 1_000 })
}

function answerCommands(bridge: FakeBridge): void {
  bridge.answer('ports:list', () => ({ ok: true, value: bridge.ports }))
  bridge.answer('sessions:open', ({ port }) => {
    if (port === '/dev/ttyUSB1') {
      return {
        ok: false,
        error: {
          code: 'OpenFailed',
          reason: 'permission-denied',
          message: 'CH340 on /dev/ttyUSB1 could not be opened: this user may not read and write it. It belongs to the group dialout.',
          hint: 'Add yourself to the group with `sudo usermod -aG dialout $USER`, then log out and in.',
          retry: true,
        },
      }
    }
    const session = aSession(port ?? '')
    bridge.setSession(session, 'connected')
    return { ok: true, value: session }
  })
  bridge.answer('sessions:close', ({ sessionId }) => {
    const session = bridge.sessions.find(other => other.sessionId === sessionId)
    if (session !== undefined) bridge.setSession({ ...session, state: 'Disposed' }, 'disposed', { reason: 'client-close' })
    return {
      ok: true,
      value: { sessionId, finalState: 'Closed', state: 'Disposed', alreadyClosed: false, reason: 'client-close', killed: false },
    }
  })
}

/** Delivers to whoever subscribes to output, in the bridge's own terms: batches with positions, bounded by acknowledgements. */
function feedOutput(bridge: FakeBridge, scene: string): void {
  const subscribe = bridge.subscribe.bind(bridge)
  const acknowledged = new Map<string, number>()
  bridge.answer('output:ack', ({ sessionId, upTo }) => {
    acknowledged.set(sessionId, upTo)
    return { ok: true, value: {} }
  })
  bridge.subscribe = (name, params, listener) => {
    const end = subscribe(name, params, listener)
    if (name !== 'output:batch') return end
    const { sessionId } = params as { readonly sessionId: string }
    let seq = 0
    let upTo = 0
    const send = (items: readonly OutputItem[]): void => {
      upTo += items.reduce((sum, item) => sum + (item.type === 'bytes' ? item.bytes.length : 1), 0)
      ;(listener as (batch: unknown) => void)({ sessionId, seq: ++seq, upTo, missedBytes: 0, items })
    }
    acknowledged.set(sessionId, 0)
    const isOwn = sessionId === bridge.sessions[0]?.sessionId && CONTROL_OUTPUT[scene] !== undefined
    setTimeout(() => send((isOwn ? CONTROL_OUTPUT[scene] : undefined) ?? HISTORY))
    let line = 0
    const timer = setInterval(
      () => {
        if (scene === 'flood') {
          if (upTo - (acknowledged.get(sessionId) ?? 0) > 256 * 1024) return
          let text = ''
          while (text.length < FLOOD_BATCH_BYTES) text += `line ${line++} of a board that prints without end\r\n`
          send([someBytes(text, 'stdout', Date.now())])
        } else if (!isOwn) {
          send([someBytes(`volts ${(1.2 + Math.sin(line++ / 5) / 50).toFixed(3)}\r\n`, 'stdout', Date.now())])
        }
      },
      scene === 'flood' ? 16 : 400,
    )
    return () => {
      clearInterval(timer)
      end()
    }
  }
}

const HISTORY: readonly OutputItem[] = [
  { type: 'started', at: NOW - 20_000, number: 41 },
  someBytes('offset 0.0021\r\nscale \x1b[32m1.004\x1b[0m\r\nready\r\n', 'stdout', NOW - 19_990),
  { type: 'ended', at: NOW - 19_987, number: 41, outcome: 'ok', durationMs: 12.4, message: null },
  { type: 'started', at: NOW - 9_000, number: 42 },
  someBytes(
    'Traceback (most recent call last):\r\n  File "<stdin>", line 4, in <module>\r\nValueError: invalid pin\r\n',
    'exception',
    NOW - 8_995,
  ),
  { type: 'ended', at: NOW - 8_994, number: 42, outcome: 'exception', durationMs: 6.0, message: null },
  { type: 'note', at: NOW - 5_000, tone: 'info', text: 'The board printed while nothing was running.' },
  { type: 'started', at: NOW - 2_100, number: 43 },
]

function feedMetrics(bridge: FakeBridge, scene: string): void {
  const sampleAt = (at: number): MetricRow => CONTROL_SAMPLES[scene]?.(sample(at)) ?? sample(at)
  const subscribe = bridge.subscribe.bind(bridge)
  bridge.subscribe = (name, params, listener) => {
    const end = subscribe(name, params, listener)
    if (name !== 'metrics:samples') return end
    const { sessionId } = params as { readonly sessionId: string }
    const deliver = (update: Omit<MetricUpdate, 'sessionId'>): void => (listener as (update: unknown) => void)({ sessionId, ...update })
    const start = Math.floor(Date.now() / 1_000) - 399
    const rows = Array.from({ length: 400 }, (_, index) => sampleAt(start + index)).filter(
      row => row.at < start + 280 || row.at > start + 306,
    )
    setTimeout(() =>
      deliver({
        kind: 'all',
        columns: someColumns(rows),
        markers: [
          { at: start + 280, kind: 'lost', label: 'lost' },
          { at: start + 306, kind: 'connected', label: 'connected' },
          ...(CONTROL_MARKERS[scene]?.(start) ?? []),
        ],
      }),
    )
    const timer = setInterval(() => deliver({ kind: 'more', columns: someColumns([sampleAt(Date.now() / 1_000)]), markers: [] }), 1_000)
    return () => {
      clearInterval(timer)
      end()
    }
  }
}

function sample(at: number): MetricRow {
  const wave = Math.abs(Math.sin(at * 12.9898) * 43_758.5453) % 1
  return {
    at,
    latencyP50Ms: 0.7 + wave * 0.2,
    latencyP95Ms: 1.6 + (wave > 0.93 ? 1.4 : wave * 0.7),
    bytesInPerSecond: 1_100 + wave * 400,
    bytesOutPerSecond: 90 + wave * 40,
    executionsPerSecond: 15 + wave * 5,
    failuresPerSecond: wave > 0.9 ? 1 : 0,
  }
}

function manyPorts(): readonly PortInfo[] {
  return Array.from({ length: 1_000 }, (_, index) => aPort(`/dev/ttyACM${index}`, { label: `board-${index}` }))
}

function usb(vendorId: string, productId: string, serialNumber: string): NonNullable<PortInfo['usb']> {
  return { vendorId, productId, serialNumber, manufacturer: null, locationId: null }
}
