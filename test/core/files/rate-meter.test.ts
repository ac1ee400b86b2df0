import { expect, it } from 'vitest'
import { RateMeter } from '../../../electron/core/files/rate-meter'
import { TRANSFER_RATE_WINDOW_MS } from '../../../shared/limits'
import { FakeClock } from '../../fakes/fake-clock'

it('says how fast bytes move, over the last seconds alone', async () => {
  const clock = new FakeClock()
  const meter = new RateMeter(clock)
  expect(meter.bytesPerSecond).toBeNull()
  meter.start()
  await clock.advance(1_000)
  expect(meter.bytesPerSecond).toBeNull()
  for (let count = 0; count < 1_000; count++) {
    meter.add(100)
    await clock.advance(20)
  }
  expect(meter.bytesPerSecond).toBeGreaterThan(4_900)
  expect(meter.bytesPerSecond).toBeLessThan(5_200)
  for (let count = 0; count < (2 * TRANSFER_RATE_WINDOW_MS) / 20; count++) {
    meter.add(10)
    await clock.advance(20)
  }
  expect(meter.bytesPerSecond).toBeLessThan(520)
})

it('(fault 32) is honest on a line so slow that a chunk takes longer than it looks back', async () => {
  const clock = new FakeClock()
  const meter = new RateMeter(clock)
  meter.start()
  for (let count = 0; count < 4; count++) {
    await clock.advance(17_000)
    meter.add(16_320)
    expect(meter.bytesPerSecond).toBeCloseTo(960, 0)
  }
  await clock.advance(17_000)
  expect(meter.bytesPerSecond).toBeLessThan(960)
  expect(meter.bytesPerSecond).toBeGreaterThan(300)
  meter.clear()
  expect(meter.bytesPerSecond).toBeNull()
})
