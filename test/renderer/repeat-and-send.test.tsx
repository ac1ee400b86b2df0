import { act, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { chartData, roundRange } from '../../renderer/islands/chart/chart-data'
import { SamplerFeed, shownName } from '../../renderer/islands/chart/sampler-feed'
import { columnOf, SamplerRing } from '../../renderer/islands/chart/sampler-ring'
import type { SamplerUpdate } from '../../shared/model'
import { aLostSession, aPort, aSampler, aSession, FakeBridge } from '../fakes/fake-bridge'
import { memoryStorage, renderApp } from './support/render-app'

const OVEN = aSession('/dev/ttyACM0')
const { sessionId } = OVEN

function oneBoard(bridge: FakeBridge): void {
  bridge.ports = { ports: [aPort('/dev/ttyACM0', { label: 'oven' })], scannedAt: 0, stale: null }
  bridge.sessions = [OVEN]
}

function samples(fields: Readonly<Record<string, readonly number[]>>, over: Partial<SamplerUpdate> = {}): SamplerUpdate {
  const columns = Object.values(fields)
  return {
    sessionId,
    kind: 'more',
    sampler: aSampler(sessionId, { intervalMs: 1_000, retryMs: 1_000 }),
    names: Object.keys(fields),
    at: Float64Array.from(columns[0] ?? [], (_value, index) => 100 + index),
    values: columns.map(values => Float64Array.from(values)),
    ...over,
  }
}

async function openRepeat(prepare = oneBoard, storage = memoryStorage()) {
  const app = await renderApp(prepare, storage)
  await screen.findByLabelText('Code for oven')
  await app.user.click(screen.getByRole('button', { name: /^Repeat/ }))
  return app
}

describe('repeating code (B-10)', () => {
  test('B-10: runs the code every so often, waits otherwise after a failure, and can be stopped', async () => {
    const { bridge, user, settle } = await openRepeat()
    const panel = () => screen.getByRole('dialog', { name: 'Repeat the code' })
    expect(within(panel()).getByRole('textbox', { name: 'Run every' })).toHaveProperty('value', '1 min')
    const type = async (name: string, text: string) => {
      await user.clear(within(panel()).getByRole('textbox', { name }))
      await user.type(within(panel()).getByRole('textbox', { name }), text)
    }
    await type('Run every', '500 ms')
    await type('After a failure, wait', '10 s')
    await user.click(within(panel()).getByRole('button', { name: 'Start repeating' }))
    expect(bridge.callsOf('sampler:start')).toEqual([
      { sessionId, code: expect.stringContaining('import'), intervalMs: 500, retryMs: 10_000 },
    ])

    const sampler = aSampler(sessionId, { intervalMs: 500, runs: 12, failures: 2, nextAt: Date.now() + 8_500, lastError: 'OSError: 110' })
    await settle(() => bridge.setSamples(samples({}, { sampler })))
    expect(screen.getByRole('button', { name: 'Repeat, every 500 ms' })).toBeDefined()
    const status = within(panel()).getByRole('region', { name: 'What is repeated' })
    expect(status.textContent).toContain('12, 2 failed')
    expect(status.textContent).toMatch(/in [3-9] s/)
    expect(status.textContent).toContain('OSError: 110')
    await user.click(within(panel()).getByRole('button', { name: 'Stop repeating' }))
    expect(bridge.callsOf('sampler:stop')).toEqual([{ sessionId }])
    expect(screen.getByRole('button', { name: 'Repeat, off' })).toBeDefined()
  })

  test('the interval is remembered; one that makes no sense can’t be started', async () => {
    const storage = memoryStorage()
    const first = await openRepeat(oneBoard, storage)
    const field = screen.getByRole('textbox', { name: 'Run every' })
    await first.user.clear(field)
    await first.user.type(field, 'soon')
    expect(screen.getByRole('button', { name: 'Start repeating' })).toHaveProperty('disabled', true)
    expect(field.getAttribute('aria-invalid')).toBe('true')
    await first.user.clear(field)
    await first.user.type(field, '2 s{Enter}')
    first.end()
    await openRepeat(oneBoard, storage)
    expect(screen.getByRole('textbox', { name: 'Run every' })).toHaveProperty('value', '2 s')
  })

  test('a refusal is said beside it', async () => {
    const { bridge, user } = await openRepeat()
    bridge.fail('sampler:start', { code: 'InvalidArgument', reason: 'empty-code', message: 'There is nothing to repeat on oven.' })
    await user.click(screen.getByRole('button', { name: 'Start repeating' }))
    expect(screen.getByRole('alert').textContent).toContain('There is nothing to repeat on oven.')
  })

  test('B-10: numeric fields become charts, at a glance and in the metrics', async () => {
    const { bridge, user, settle } = await renderApp(oneBoard)
    await settle(() => bridge.setSamples(samples({ temperature: [21, 22], humidity: [48, 49] }, { kind: 'all' })))
    const glance = await screen.findByRole('complementary', { name: 'Charts at a glance' })
    expect(await within(glance).findByRole('region', { name: 'temperature' })).toBeDefined()
    await user.click(screen.getByRole('tab', { name: 'Metrics' }))
    expect(await screen.findByRole('region', { name: 'temperature' })).toBeDefined()
    expect(screen.getByRole('region', { name: 'humidity' }).textContent).toContain('every 1 s')
  })

  test('a repeated snippet without numbers says what it takes', async () => {
    const { bridge, user, settle } = await renderApp(oneBoard)
    await settle(() => bridge.setSamples(samples({}, { kind: 'all' })))
    await user.click(await screen.findByRole('tab', { name: 'Metrics' }))
    expect(await screen.findByText(/has returned no numbers yet/)).toBeDefined()
  })

  test('a name from a board is text without signs that turn or hide what stands beside it', () => {
    expect(shownName('\u202egpj.exe\x1b[31m')).toBe('gpj.exe[31m')
    expect(shownName('\n\t')).toBe('unnamed')
    expect(shownName('x'.repeat(200))).toHaveLength(49)
  })
})

describe('samples of repeated code', () => {
  test('fields that come later, or are missing, are gaps', () => {
    const ring = new SamplerRing()
    ring.apply(samples({ a: [1, 2] }, { kind: 'all' }))
    ring.apply(samples({ b: [3] }, { at: Float64Array.of(102) }))
    expect(ring.names).toEqual(['a', 'b'])
    const data = chartData(ring, [{ column: columnOf('a') }, { column: columnOf('b') }], 0, 1_000)
    expect(data).toEqual({
      x: [100, 101, 102],
      series: [
        [1, 2, null],
        [null, null, 3],
      ],
    })
  })

  test('a long pause is a gap, a long interval is not', () => {
    const ring = new SamplerRing()
    ring.apply(samples({ a: [1, 2] }, { kind: 'all', at: Float64Array.of(100, 130) }))
    expect(chartData(ring, [{ column: columnOf('a') }], 0, 1_000).series[0]).toEqual([1, null, 2])
    ring.apply(samples({}, { sampler: aSampler(sessionId, { intervalMs: 30_000 }) }))
    expect(chartData(ring, [{ column: columnOf('a') }], 0, 1_000).series[0]).toEqual([1, 2])
  })

  test('only the latest are kept, a field may be called at, and all starts anew', () => {
    const ring = new SamplerRing(3)
    ring.apply(samples({ at: [1, 2, 3, 4, 5] }, { kind: 'all' }))
    expect(ring.length).toBe(3)
    expect(ring.value(columnOf('at'), 0)).toBe(3)
    expect(ring.value('at', 0)).toBe(102)
    const copy = ring.copy()
    ring.apply(samples({ other: [9] }, { kind: 'all' }))
    expect(ring.names).toEqual(['other'])
    expect(copy.value(columnOf('at'), 2)).toBe(5)
  })

  test('definitions stay the same objects while only samples come', async () => {
    const bridge = new FakeBridge()
    const feed = new SamplerFeed(
      { ...bridge, platform: 'linux', call: bridge.call.bind(bridge), subscribe: bridge.subscribe.bind(bridge) },
      sessionId,
    )
    bridge.setSamples(samples({ a: [1] }, { kind: 'all' }))
    const { charts } = feed.state
    bridge.setSamples(samples({ a: [2] }))
    expect(feed.state.charts).toBe(charts)
    feed.dispose()
    expect(bridge.subscriptionCount).toBe(0)
  })

  test('an axis takes in any values with round marks, also those that do not move', () => {
    expect(roundRange(20.4, 22.4, 4)).toEqual({ min: 20, max: 23, step: 1 })
    for (const [min, max] of [
      [-5, 5],
      [0, 0],
      [101_320, 101_360],
      [-3, -3],
    ] as const) {
      const range = roundRange(min, max, 4)
      expect(range.min).toBeLessThanOrEqual(min)
      expect(range.max).toBeGreaterThanOrEqual(max)
      expect(range.max).toBeGreaterThan(range.min)
    }
  })
})

describe('sending lines (M-16)', () => {
  const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Line to send to oven' })

  test('M-16: Enter sends the line with its ending, which can be chosen and is remembered', async () => {
    const { bridge, user, stores } = await renderApp(oneBoard)
    await screen.findByLabelText('Code for oven')
    await user.type(field(), 'hello{Enter}')
    await user.selectOptions(screen.getByRole('combobox', { name: 'Line ending' }), 'LF')
    await user.type(field(), 'two{Enter}')
    await user.selectOptions(screen.getByRole('combobox', { name: 'Line ending' }), 'No end')
    expect(screen.getByRole('button', { name: 'Send' })).toHaveProperty('disabled', true)
    await user.type(field(), 'x')
    await user.click(screen.getByRole('button', { name: 'Send' }))
    expect(bridge.callsOf('sessions:write').map(({ data }) => data)).toEqual(['hello\r\n', 'two\n', 'x'])
    expect(field().value).toBe('')
    expect(stores.preferences.getState().lineEnding).toBe('none')
  })

  test('arrow up goes through what was sent, and the line that was begun waits at the end', async () => {
    const { user } = await renderApp(oneBoard)
    await screen.findByLabelText('Code for oven')
    await user.type(field(), 'one{Enter}two{Enter}three')
    const shown: string[] = []
    for (const key of ['{ArrowUp}', '{ArrowUp}', '{ArrowUp}', '{ArrowDown}', '{ArrowDown}']) {
      await user.keyboard(key)
      shown.push(field().value)
    }
    expect(shown).toEqual(['two', 'one', 'one', 'two', 'three'])
  })

  test('says when a running snippet reads it', async () => {
    const { bridge, settle } = await renderApp(oneBoard)
    await screen.findByLabelText('Code for oven')
    const running = { executionId: 'e', number: 7, startedAt: Date.now(), interrupting: false, interrupt: null }
    await settle(() => bridge.setSession({ ...OVEN, state: 'Active', running }))
    expect(screen.getByRole('textbox', { name: 'Input for what runs on oven' }).getAttribute('placeholder')).toContain('reads this line')
    expect(screen.getByText('input of run #7')).toBeDefined()
  })

  test('is off while the board is not ready, and says a failure in its place', async () => {
    const { bridge, user, settle } = await renderApp(oneBoard)
    await screen.findByLabelText('Code for oven')
    bridge.fail('sessions:write', { code: 'WriteFailed', message: 'oven takes no data.' })
    await user.type(field(), 'x{Enter}')
    expect(screen.getByRole('alert').textContent).toContain('oven takes no data.')
    await act(async () => undefined)
    await settle(() => bridge.setSession(aLostSession('/dev/ttyACM0'), 'error'))
    expect(field().disabled).toBe(true)
  })
})
