import path from 'node:path'
import { SHUTDOWN_MARGIN_MS } from '../shared/limits'
import type { Clock } from './core/base/clock'
import type { Logger } from './core/base/logger'
import { ConfigStore } from './core/config/config-store'
import type { SettingsSource } from './core/config/settings'
import { PortDeviceLocator } from './core/discovery/device-locator'
import { PortDirectory, type TypedPathStorage } from './core/discovery/port-directory'
import { PortSettingsBook } from './core/discovery/port-settings'
import { portSettingsFile } from './core/discovery/port-settings-file'
import { createSystemLister } from './core/discovery/system-lister'
import { BoardAccess } from './core/files/board-access'
import { BoardFileService } from './core/files/board-file-service'
import { DroppedFiles } from './core/files/dropped-files'
import { LocalFolders } from './core/files/local-folders'
import type { LocalRoot } from './core/files/local-root'
import { Transfers } from './core/files/transfers'
import { createPrometheusMetrics, type FleetGauges } from './core/metrics/prometheus'
import { PrometheusServer } from './core/metrics/prometheus-server'
import { createBoardFiles } from './core/micropython/files/create-board-files'
import { createMicroPythonProtocol } from './core/micropython/micropython-protocol'
import { createAttributeStores } from './core/sessions/attributes/attribute-stores'
import { SessionHistory } from './core/sessions/history/history'
import { SessionManager } from './core/sessions/manager/manager'
import { SerialTransports } from './core/transport/serial/serial-transports'
import { SimulatedBoards } from './core/transport/simulated/simulated-boards'
import type { TransportFactory } from './core/transport/transport'
import type { Services } from './ipc/services'

export interface CoreOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly simulatedWorker: string
  readonly interpreterPackage: string
  /** Holds the configuration file and what sessions keep on disk. */
  readonly userDataFolder: string
  readonly typedPorts: TypedPathStorage
  /** A folder laid out like `/`, to look for boards in instead of this computer: for tests. Linux only. */
  readonly systemRoot?: string | undefined
}

export interface Core {
  readonly services: Omit<Services, 'shell'>
  readonly settings: SettingsSource
  /** The longest that `shutDown` takes: closing the sessions, and killing those that were late. */
  readonly shutDownMs: number
  /** Closes every session and stops every simulated board. Rejects with what went wrong; `abandon` still works then. */
  shutDown(): Promise<void>
  /** Kills what is left and waits for nothing. */
  abandon(): void
  /** The computer goes to sleep, and wakes up. */
  suspend(): void
  resume(): void
  /** Scans for ports only while somebody sees the list, or a session waits for its board. */
  setWatched(watched: boolean): void
}

/** Builds the core and connects its parts. Everything that it starts is ended by `shutDown` or `abandon`. */
export async function composeCore(options: CoreOptions): Promise<Core> {
  const { clock, logger, userDataFolder, typedPorts, systemRoot } = options
  const config = await ConfigStore.load({ folder: userDataFolder, clock, logger })
  const simulated = new SimulatedBoards({
    workerPath: options.simulatedWorker,
    packageFolder: options.interpreterPackage,
    clock,
    logger,
  })
  const serial = new SerialTransports(clock, logger)
  const transports: TransportFactory = {
    create: target => (target.backend === 'simulated' ? simulated.create(target) : serial.create(target)),
  }
  const lister = createSystemLister({ systemRoot })
  const portSettings = new PortSettingsBook(portSettingsFile(userDataFolder), logger)
  const ports = new PortDirectory({ lister, simulated, storage: typedPorts, portSettings, settings: config, clock, logger })
  const devices = new PortDeviceLocator({ ports, clock, exists: path => ports.exists(path) })
  const prometheus = createPrometheusMetrics({
    read: () => gaugesOf(sessions),
    now: () => clock.now(),
    endpoint: () => server.endpoint,
  })
  const sessions: SessionManager = new SessionManager({
    clock,
    logger,
    settings: config,
    metrics: prometheus.sink,
    transports,
    createProtocol: (transport, habits) => createMicroPythonProtocol(transport, { clock, logger, habits }),
    attributeStores: createAttributeStores({ folder: path.join(userDataFolder, 'attributes'), logger }),
    devices,
    ports: {
      find: path => ports.find(path),
      locate: deviceKey => devices.locate(deviceKey),
      refusal: port => ports.refusal(port),
      identify: path => ports.identify(path),
    },
  })
  const history = new SessionHistory({ clock, logger, onSessionEvent: sessions.onEvent, onManagerState: sessions.onStateChanged, ports })
  const localFolders = await LocalFolders.load({ folder: userDataFolder, logger })
  const access = new BoardAccess(sessions, (talk, abilities) => createBoardFiles(talk, abilities, { clock, logger }))
  const files = new BoardFileService({ sessions, access })
  const droppedFiles = new DroppedFiles({ folder: path.join(userDataFolder, 'dropped'), logger })
  const openRoot = (folderId: string): LocalRoot => droppedFiles.find(folderId) ?? localFolders.use(folderId)
  const transfers = new Transfers({ clock, logger, sessions, access, openRoot })
  transfers.onUpdate(({ update }) => droppedFiles.follow(update))
  const server = new PrometheusServer({ settings: config, logger, text: () => prometheus.text() })
  ports.resume()

  const endRest = (): void => {
    history.dispose()
    devices.dispose()
    prometheus.dispose()
    config.dispose()
  }
  return {
    services: { ports, simulated, sessions, files, transfers, localFolders, droppedFiles, history, config, metrics: prometheus },
    settings: config,
    get shutDownMs() {
      return config.current.session.shutdownTimeoutMs + SHUTDOWN_MARGIN_MS
    },
    async shutDown() {
      ports.dispose()
      transfers.dispose()
      await sessions.shutdown()
      await Promise.all([simulated.dispose(), server.dispose(), transfers.settled(), localFolders.flush()])
      droppedFiles.dispose()
      await droppedFiles.settled()
      endRest()
    },
    abandon() {
      ports.dispose()
      transfers.dispose()
      sessions.dispose()
      droppedFiles.dispose()
      void simulated.dispose()
      void server.dispose()
      endRest()
    },
    suspend: () => sessions.suspend(),
    resume() {
      void ports.refresh()
      sessions.resume()
    },
    setWatched: watched => (watched ? ports.resume() : ports.pause()),
  }
}

function gaugesOf({ status, gauges }: SessionManager): FleetGauges {
  return { ...gauges, active: status.open, warm: status.warm, waiting: status.waiting }
}
