import type { InterruptStatus, MetricUpdate, OutputItem, SessionSnapshot } from '../../../shared/model'
import { aBoard, aHistoryEntry, aLostSession, type FakeBridge, type MetricRow, someBytes } from '../../fakes/fake-bridge'

const NOW = Date.now()
const PORT = '/dev/ttyACM0'
const ESP = aBoard({
  machine: 'Generic ESP32S3 module with ESP32S3',
  uniqueId: '7cdfa1e3b204',
  platform: 'esp32',
  build: 'ESP32_GENERIC_S3-SPIRAM_OCT',
  mpyArchitecture: 'xtensawin',
  frequencyHz: 240_000_000,
  resetCause: 'watchdog',
  flashTotalBytes: 2_097_152,
  flashFreeBytes: 1_341_440,
})
const IDENTITY = { level: 'uniqueId', text: '7c:df:a1:e3:b2:04', usbSerial: 'agrees' } as const

/** Scenes of control over one board: the ladder, watching, work of Muster's own, what a board does by itself. */
export const CONTROL_SCENES: Readonly<Record<string, (bridge: FakeBridge) => void>> = {
  ladder: bridge => {
    const rungs: readonly InterruptStatus['rung'][] = ['interrupt', 'interrupt-again', 'soft-reset']
    let step = 0
    const climb = (): void => {
      const rung = rungs[step++ % rungs.length] ?? 'interrupt'
      const since = Date.now()
      change(bridge, running({ rung, since, until: since + 3_000, isLast: rung === 'soft-reset' }))
    }
    climb()
    setInterval(climb, 3_000)
    bridge.answer('sessions:interrupt', ({ step: asked }) => {
      const interrupt = { rung: rungs[(step - 1) % rungs.length] ?? 'interrupt', since: Date.now(), until: null, isLast: false }
      if (asked === 'next') climb()
      else change(bridge, running(interrupt))
      return { ok: true, value: { changed: true } }
    })
  },
  'ladder-failed': bridge => {
    change(bridge, {
      ...aLostSession(PORT, NOW - 4_000),
      fault: {
        code: 'OperationTimeout',
        reason: 'no-reply',
        message: 'Oven controller on /dev/ttyACM0 did not come back to its prompt: neither Ctrl-C nor a soft reset ended what it runs.',
        hint: 'A hard reset restarts it, where its port has a reset line.',
        at: NOW - 4_000,
        final: false,
      },
      reconnect: { attempt: 1, maxAttempts: 3, stage: 'off', nextAttemptAt: null },
      ...known(),
    })
  },
  watching: bridge => change(bridge, { state: 'Connected', running: null, attachment: 'watching', ...known() }),
  task: bridge =>
    change(bridge, {
      running: null,
      task: { taskId: 't', title: 'Writing lib/umqtt/simple.py', startedAt: NOW - 3_200 },
      queuedExecutions: 1,
      ...known(),
    }),
  doubtful: bridge => change(bridge, { ...known(), identity: { ...IDENTITY, usbSerial: 'differs' } }),
  notices: bridge => {
    change(bridge, { state: 'Idle', running: null, ...known() })
    const { sessionId } = first(bridge)
    const texts = [
      'The board was restarted by its watchdog.',
      'The board restarts again and again: 3 times in 41 s.',
      'The board printed faster than it was read: some of its output may be missing.',
    ]
    bridge.addHistory(
      ...texts.map((text, index) =>
        aHistoryEntry(index, {
          at: NOW - (3 - index) * 8_000,
          type: 'boardNotice',
          tone: 'warn',
          sessionId,
          text: `Oven controller on ${PORT}: ${text}`,
        }),
      ),
    )
    setTimeout(() => bridge.setSession(first(bridge), 'boardNotice', { notice: { kind: 'boot-loop', text: texts[1] ?? '' } }), 400)
  },
  quiet: bridge => change(bridge, { state: 'Idle', running: null, ...known() }),
  outliers: bridge => change(bridge, known()),
}

/** What a scene's first board has printed, where it is not the usual. */
export const CONTROL_OUTPUT: Readonly<Record<string, readonly OutputItem[]>> = {
  quiet: [
    ...quietRuns(1, 17),
    { type: 'started', at: NOW - 9_000, number: 18 },
    someBytes('warming up\r\n', 'stdout', NOW - 8_990),
    { type: 'ended', at: NOW - 8_980, number: 18, outcome: 'ok', durationMs: 12, message: null },
    ...quietRuns(19, 260),
  ],
  watching: [
    { type: 'note', at: NOW - 9_000, tone: 'info', text: 'Watching: only what the board prints is read.' },
    someBytes('MPY: soft reboot\r\nboot 3\r\ntemperature 21.5\r\ntemperature 21.6\r\n', 'outside', NOW - 8_000),
  ],
  notices: [
    someBytes('boot 1\r\n', 'outside', NOW - 24_000),
    { type: 'note', at: NOW - 23_000, tone: 'warn', text: 'The board was restarted by its watchdog.' },
    someBytes('boot 2\r\n', 'outside', NOW - 16_000),
    { type: 'note', at: NOW - 15_000, tone: 'warn', text: 'The board restarts again and again: 3 times in 41 s.' },
  ],
}

/** What a scene's samples and markers say, where they are not the usual. */
export const CONTROL_SAMPLES: Readonly<Record<string, (row: MetricRow) => MetricRow>> = {
  outliers: row => (Math.floor(row.at) % 47 === 0 ? { ...row, latencyP95Ms: 12_400, latencyP50Ms: 12_400 } : row),
}
export const CONTROL_MARKERS: Readonly<Record<string, (startS: number) => MetricUpdate['markers']>> = {
  notices: startS => [
    { at: startS + 360, kind: 'notice', label: 'watchdog' },
    { at: startS + 380, kind: 'notice', label: 'boot loop' },
  ],
}

function quietRuns(from: number, to: number): readonly OutputItem[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index).flatMap((number): OutputItem[] => [
    { type: 'started', at: NOW - 10_000 + number, number },
    { type: 'ended', at: NOW - 10_000 + number, number, outcome: 'ok', durationMs: 1.2, message: null },
  ])
}

function first(bridge: FakeBridge): SessionSnapshot {
  const session = bridge.sessions[0]
  if (session === undefined) throw new Error('The scene has no session.')
  return session
}

function change(bridge: FakeBridge, over: Partial<SessionSnapshot>): void {
  bridge.setSession({ ...first(bridge), ...over }, 'infoUpdated')
}

function known(): Partial<SessionSnapshot> {
  return { board: ESP, identity: IDENTITY, portLabel: 'Oven controller' }
}

function running(interrupt: InterruptStatus): Partial<SessionSnapshot> {
  return {
    ...known(),
    state: 'Active',
    running: { executionId: 'e43', number: 43, startedAt: NOW - 2_100, interrupting: true, interrupt },
  }
}
