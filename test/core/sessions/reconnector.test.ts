import { expect, it } from 'vitest'
import type { Clock } from '../../../electron/core/base/clock'
import { Reconnector } from '../../../electron/core/sessions/connection/reconnector'
import { FakeClock } from '../../fakes/fake-clock'
import { FakeDevices } from '../../fakes/fake-devices'

it('an attempt is made when its time has come, also by a timer that is early by the clock (T9, E-26)', async () => {
  const clock = new FakeClock()
  // As Node's are: they count whole milliseconds.
  const early: Clock = {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs() - 0.9 * (clock.monotonicMs() / 1_000),
    after: (delayMs, callback) => clock.after(delayMs, callback),
  }
  const devices = new FakeDevices()
  let attempts = 0
  const reconnector: Reconnector = new Reconnector(
    early,
    devices,
    'path:/dev/ttyACM0',
    () => ({ autoReconnect: true, maxReconnectAttempts: 3, reconnectDelayMs: 1_000 }),
    {
      attempt: () => {
        attempts += 1
        reconnector.begin()
      },
      tell: () => {},
    },
  )
  reconnector.connected()
  reconnector.lost()
  await clock.advance(999)
  expect([attempts, reconnector.status?.stage]).toEqual([0, 'waiting'])
  await clock.advance(1)
  expect([attempts, reconnector.status?.stage]).toEqual([1, 'connecting'])
  reconnector.dispose()
  expect([clock.pendingTimers, devices.listenerCount, devices.closeWatches]).toEqual([0, 0, 0])
})
