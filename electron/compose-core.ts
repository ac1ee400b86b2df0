import { PORT_CLOSE_TIMEOUT_MS, QUIT_TIMEOUT_MS } from '../shared/limits'
import type { Clock } from './core/base/clock'
import type { Logger } from './core/base/logger'
import { PortDirectory, type TypedPathStorage } from './core/discovery/port-directory'
import { createSystemLister } from './core/discovery/system-lister'
import { createMicroPythonProtocol } from './core/micropython/micropython-protocol'
import { SessionManager } from './core/sessions/manager'
import { SerialTransports } from './core/transport/serial/serial-transports'
import { SimulatedBoards } from './core/transport/simulated/simulated-boards'
import type { TransportFactory } from './core/transport/transport'
import type { Services } from './ipc/services'

export interface CoreOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly simulatedWorker: string
  readonly interpreterPackage: string
  readonly typedPorts: TypedPathStorage
}

export interface Core {
  readonly services: Omit<Services, 'shell'>
  /** Closes every session and stops every simulated board. Rejects with what went wrong; `abandon` still works then. */
  shutDown(): Promise<void>
  /** Kills what is left and waits for nothing. */
  abandon(): void
  /** Scans for ports only while somebody sees the list. */
  setWatched(watched: boolean): void
}

/** How long `shutDown` may take before it is abandoned: the sessions, and the kill of those that were late. */
export const CORE_SHUT_DOWN_MS = QUIT_TIMEOUT_MS + PORT_CLOSE_TIMEOUT_MS

/** Builds the core and connects its parts. Everything that it starts is ended by `shutDown` or `abandon`. */
export function composeCore({ clock, logger, simulatedWorker, interpreterPackage, typedPorts }: CoreOptions): Core {
  const simulated = new SimulatedBoards({ workerPath: simulatedWorker, packageFolder: interpreterPackage, clock, logger })
  const serial = new SerialTransports(clock, logger)
  const transports: TransportFactory = {
    create: target => (target.backend === 'simulated' ? simulated.create(target) : serial.create(target)),
  }
  const ports = new PortDirectory({ lister: createSystemLister(), simulated, storage: typedPorts, clock, logger })
  const sessions = new SessionManager({
    clock,
    logger,
    transports,
    createProtocol: transport => createMicroPythonProtocol(transport, { clock, logger }),
    lookUpPort: path => ports.current.ports.find(port => port.path === path),
  })
  ports.resume()

  return {
    services: { ports, simulated, sessions },
    async shutDown() {
      ports.dispose()
      await sessions.shutdown({ timeoutMs: QUIT_TIMEOUT_MS })
      await simulated.dispose()
    },
    abandon() {
      ports.dispose()
      sessions.dispose()
      void simulated.dispose()
    },
    setWatched: watched => (watched ? ports.resume() : ports.pause()),
  }
}
