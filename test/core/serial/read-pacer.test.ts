import { describe, expect, it } from 'vitest'
import { ReadPacer } from '../../../electron/core/transport/serial/read-pacer'
import { SERIAL_EAGER_READS, SERIAL_READ_PAUSE_MS } from '../../../shared/limits'
import { FakeClock, settle } from '../../fakes/fake-clock'

describe('the pace of reads', () => {
  async function isFree(waiting: Promise<void>): Promise<boolean> {
    let free = false
    void waiting.then(() => {
      free = true
    })
    await settle()
    return free
  }

  it('pauses after each small read of output that nobody asked for', async () => {
    const clock = new FakeClock()
    const pacer = new ReadPacer(clock)
    const waiting = pacer.afterSmallRead()
    expect(await isFree(waiting)).toBe(false)
    await clock.advance(SERIAL_READ_PAUSE_MS)
    await waiting
    expect(await isFree(pacer.afterSmallRead())).toBe(false)
  })

  it('lets the reads after a write follow each other, and then pauses again', async () => {
    const clock = new FakeClock()
    const pacer = new ReadPacer(clock)
    pacer.expectAnswer()
    for (let read = 0; read < SERIAL_EAGER_READS; read++) expect(await isFree(pacer.afterSmallRead())).toBe(true)
    expect(await isFree(pacer.afterSmallRead())).toBe(false)
    expect(clock.pendingTimers).toBe(1)
  })

  it('ends a pause when something is written, and when the port ends', async () => {
    const clock = new FakeClock()
    const pacer = new ReadPacer(clock)
    const paused = pacer.afterSmallRead()
    pacer.expectAnswer()
    expect(await isFree(paused)).toBe(true)
    for (let read = 0; read < SERIAL_EAGER_READS; read++) await pacer.afterSmallRead()
    const pausedAgain = pacer.afterSmallRead()
    pacer.dispose()
    expect(await isFree(pausedAgain)).toBe(true)
    expect(await isFree(pacer.afterSmallRead())).toBe(true)
    expect(clock.pendingTimers).toBe(0)
  })
})
