import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Core, composeCore } from '../../electron/compose-core'
import { systemClock } from '../../electron/core/base/clock'
import type { LogData, Logger } from '../../electron/core/base/logger'
import { SHUTDOWN_MARGIN_MS } from '../../shared/limits'
import type { Notice } from '../../shared/model'
import { FakeUsb, PICO } from '../boards/fake-usb'

/** No simulated board is started here, so that none of its files is needed. */
const NO_SIMULATION = { simulatedWorker: 'none', interpreterPackage: 'none' }

describe('the core, put together', () => {
  let folder: string
  let usb: FakeUsb
  let core: Core
  let logged: (readonly [string, LogData | undefined])[]

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'muster-core-'))
    usb = await FakeUsb.create()
    logged = []
    const log = (message: string, data?: LogData): void => void logged.push([message, data])
    const logger: Logger = { debug() {}, info: log, warn: log, error: log }
    const typedPorts = { load: async () => [], save: async () => {} }
    core = await composeCore({ ...NO_SIMULATION, clock: systemClock, logger, userDataFolder: folder, typedPorts, systemRoot: usb.root })
  })

  afterEach(async () => {
    await core.shutDown()
    await usb.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  it('B-35, S-04, S-22: a session is in the history, in the log, in the notices and in the metrics', async () => {
    const { sessions, history, metrics } = core.services
    const notices: Notice[] = []
    sessions.notifications.subscribe('start', 'lab', notice => notices.push(notice))
    const { sessionId } = await sessions.open({ backend: 'none', clientSessionName: 'ovens', metadata: { dataSource: 'lab' } }, 'window-1')
    expect(notices).toMatchObject([{ sessionKey: sessionId, seq: 1 }])
    expect(history.list(sessionId).map(entry => entry.type)).toContain('connected')
    expect(logged).toContainEqual(['session-event', expect.objectContaining({ sessionId, eventType: 'connected' })])
    const { text } = await metrics.text()
    expect(text).toContain('stream_api_sessions_total{data_source="lab"} 1')
    expect(text).toContain('active_sessions 0')
    expect(text).toContain('fleet_sessions_open 1')
  })

  it('a change of the configuration is written, and holds for the manager at once', async () => {
    const { sessions, config } = core.services
    await config.set('deviceSessions.maxConcurrentSessions', 3)
    expect(sessions.status.limit).toBe(3)
    expect(await readFile(path.join(folder, 'muster.config.json'), 'utf8')).toContain('3')
    await config.set('deviceSessions.shutdownTimeout', '00:00:04')
    expect(core.shutDownMs).toBe(4_000 + SHUTDOWN_MARGIN_MS)
  })

  it.runIf(process.platform === 'linux')(
    'S-04: ports of another system root are listed, named by their numbers, and blocked by the configuration',
    async () => {
      const { ports, sessions, config, history } = core.services
      await ports.refresh()
      const port = await usb.plug('ttyACM0', '/dev/null', PICO)
      expect((await ports.refresh()).ports).toMatchObject([{ path: port, deviceKey: `usb:2e8a:0005:${PICO.serialNumber}`, label: 'Pico' }])
      expect(history.list().at(-1)).toMatchObject({ type: 'portsChanged', port, data: { change: 'arrived' } })
      await config.set('transport.block', ['2e8a:*'])
      expect(ports.current.ports).toEqual([])
      await expect(sessions.open({ port }, '')).rejects.toMatchObject({ code: 'InvalidArgument' })
      await expect(sessions.open({ deviceKey: `usb:2e8a:0005:${PICO.serialNumber}` }, '')).rejects.toMatchObject({ reason: 'not-present' })
    },
  )

  it('B-02: takes nothing any more when it was shut down, and can be shut down and abandoned again', async () => {
    await core.services.sessions.open({ backend: 'none' }, '')
    await core.shutDown()
    await expect(core.services.sessions.open({ backend: 'none' }, '')).rejects.toMatchObject({ code: 'ManagerDisposed' })
    expect(core.services.history.list().at(-1)).toMatchObject({ type: 'managerStateChanged', data: { state: 'Disposed' } })
    core.abandon()
  })
})
