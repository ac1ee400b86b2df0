import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import { noMetrics } from '../../../electron/core/metrics/session-metrics'
import { createMicroPythonProtocol } from '../../../electron/core/micropython/micropython-protocol'
import { SessionManager } from '../../../electron/core/sessions/manager/manager'
import { SerialTransports } from '../../../electron/core/transport/serial/serial-transports'
import type { TransportFactory } from '../../../electron/core/transport/transport'
import { MusterError } from '../../../shared/errors'
import { FakeAttributeStores } from '../../fakes/fake-attributes'
import { FakeDevices } from '../../fakes/fake-devices'
import { FakeSettings } from '../../fakes/fake-settings'

/** The session manager over real ports and the real protocol, as the app has it. */
export function createFleet(simulated?: TransportFactory): SessionManager {
  const serial = new SerialTransports(systemClock, silentLogger)
  return new SessionManager({
    clock: systemClock,
    logger: silentLogger,
    transports: {
      create: target => (target.backend === 'simulated' && simulated !== undefined ? simulated.create(target) : serial.create(target)),
    },
    createProtocol: transport => createMicroPythonProtocol(transport, { clock: systemClock, logger: silentLogger }),
    settings: new FakeSettings(),
    metrics: noMetrics,
    attributeStores: new FakeAttributeStores(),
    devices: new FakeDevices(),
    ports: { find: () => undefined, locate: () => null, refusal: () => null },
  })
}

/** The error that an attempt ends with; an attempt that succeeds is the test's failure. */
export async function failureOf(attempt: Promise<unknown>): Promise<MusterError> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof MusterError)) throw new Error(`Expected a MusterError, got ${String(error)}`)
  return error
}
