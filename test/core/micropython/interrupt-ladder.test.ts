import { describe, expect, it } from 'vitest'
import { ALL_RUNGS, InterruptLadder } from '../../../electron/core/micropython/interrupt-ladder'
import { INTERRUPT_ONCE_MS, INTERRUPT_SOFT_RESET_MS, INTERRUPT_TIMEOUT_MS } from '../../../shared/limits'
import { FakeClock, settle } from '../../fakes/fake-clock'

const ALL_MS = INTERRUPT_TIMEOUT_MS + INTERRUPT_SOFT_RESET_MS

function climbing() {
  const clock = new FakeClock()
  const sent: string[] = []
  const told: string[] = []
  const ladder: InterruptLadder = new InterruptLadder(clock, ALL_RUNGS, () => {
    const { status } = ladder
    told.push(`${clock.monotonicMs()} ${status?.rung} ${status?.until === null ? 'held' : (status?.until ?? 0) - (status?.since ?? 0)}`)
  })
  let end = (): void => {}
  const work = new Promise<void>(resolve => {
    end = resolve
  })
  let result: boolean | null = null
  const climb = ladder.climb(work, signals => sent.push(`${clock.monotonicMs()} ${signals.join(' ')}`))
  void climb.then(isOver => {
    result = isOver
  })
  return { clock, sent, told, ladder, end: () => end(), result: () => result }
}

describe('the interrupt ladder', () => {
  it('climbs rung by rung, says so, and is over', async () => {
    const { clock, sent, told, result } = climbing()
    await clock.advance(ALL_MS - 1)
    expect(result()).toBeNull()
    await clock.advance(1)
    expect(result()).toBe(false)
    expect(told).toEqual([
      `0 interrupt ${INTERRUPT_ONCE_MS}`,
      `300 interrupt-again ${INTERRUPT_TIMEOUT_MS - INTERRUPT_ONCE_MS}`,
      `2000 soft-reset ${INTERRUPT_SOFT_RESET_MS}`,
    ])
    expect(sent.slice(0, 4)).toEqual([
      '0 interrupt',
      '300 interrupt interrupt ask',
      '550 interrupt interrupt ask',
      '800 interrupt interrupt ask',
    ])
    expect(sent.filter(line => Number(line.split(' ')[0]) >= 2_000).slice(0, 4)).toEqual([
      '2000 leave interrupt',
      '2250 leave end',
      '2500 interrupt ask',
      '2750 interrupt ask',
    ])
    expect(clock.pendingTimers).toBe(0)
  })

  it('sends an end only right after having left the raw prompt', async () => {
    const { clock, sent } = climbing()
    await clock.advance(ALL_MS)
    for (const line of sent) if (line.includes('end')) expect(line).toMatch(/ leave end$/)
    expect(sent.filter(line => line.includes('end'))).toHaveLength(1)
  })

  it('ends with the work, on any rung, and sends nothing more', async () => {
    for (const afterMs of [0, 100, 1_000, 2_100, 4_999]) {
      const { clock, sent, end, result } = climbing()
      await clock.advance(afterMs)
      end()
      await settle()
      expect(result()).toBe(true)
      const before = sent.length
      await clock.advance(ALL_MS)
      expect(sent).toHaveLength(before)
      expect(clock.pendingTimers).toBe(0)
    }
  })

  it('stays on a rung that is held, sends nothing more on it, and goes on from the next', async () => {
    const { clock, sent, told, ladder, result } = climbing()
    await clock.advance(600)
    expect(ladder.hold()).toBe(true)
    expect(ladder.hold()).toBe(false)
    const before = sent.length
    await clock.advance(60_000)
    expect(sent).toHaveLength(before)
    expect(ladder.status).toMatchObject({ rung: 'interrupt-again', until: null })
    expect(clock.pendingTimers).toBe(0)
    expect(ladder.next()).toBe(true)
    await settle()
    expect(sent.at(-1)).toBe('60600 leave interrupt')
    expect(ladder.next()).toBe(true)
    await settle()
    expect(result()).toBe(false)
    expect(ladder.next()).toBe(false)
    expect(ladder.hold()).toBe(false)
    expect(told.at(-1)).toContain('soft-reset')
  })

  it('sends the first signal of a rung that is held at once', async () => {
    const { clock, sent, ladder, end, result } = climbing()
    ladder.hold()
    await clock.advance(10_000)
    expect(sent).toEqual(['0 interrupt'])
    end()
    await settle()
    expect(result()).toBe(true)
  })

  it('goes on when nobody is left to say so', async () => {
    const { clock, ladder, result } = climbing()
    ladder.hold()
    await clock.advance(1_000)
    ladder.release()
    await clock.advance(ALL_MS)
    expect(result()).toBe(false)
  })
})
