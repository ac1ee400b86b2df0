import { systemClock } from '../../electron/core/base/clock'
import { silentLogger } from '../../electron/core/base/logger'
import { BoardAccess } from '../../electron/core/files/board-access'
import { createPrometheusMetrics } from '../../electron/core/metrics/prometheus'
import type { BoardFiles, FileSink, FileSource } from '../../electron/core/micropython/files/board-files'
import { createBoardFiles } from '../../electron/core/micropython/files/create-board-files'
import { createMicroPythonProtocol } from '../../electron/core/micropython/micropython-protocol'
import { SessionManager } from '../../electron/core/sessions/manager/manager'
import { SerialTransports } from '../../electron/core/transport/serial/serial-transports'
import { MAX_SESSIONS_MAX } from '../../shared/limits'
import { FakeAttributeStores } from '../fakes/fake-attributes'
import { FakeDevices } from '../fakes/fake-devices'
import { FakeSettings } from '../fakes/fake-settings'

/** Muster as the app composes it, from the session manager to the serial port; only what lists ports is left out. */
export class Muster {
  readonly manager: SessionManager
  private readonly files: BoardAccess
  private readonly metrics = createPrometheusMetrics({
    read: () => ({ ...this.manager.gauges, active: this.manager.status.open, warm: 0, waiting: 0 }),
  })

  constructor() {
    const serial = new SerialTransports(systemClock, silentLogger)
    this.manager = new SessionManager({
      clock: systemClock,
      logger: silentLogger,
      settings: new FakeSettings({ maxConcurrentSessions: MAX_SESSIONS_MAX }),
      metrics: this.metrics.sink,
      transports: { create: target => serial.create(target) },
      createProtocol: transport => createMicroPythonProtocol(transport, { clock: systemClock, logger: silentLogger }),
      attributeStores: new FakeAttributeStores(),
      devices: new FakeDevices(),
      ports: { find: () => undefined, locate: () => null, refusal: () => null },
    })
    const needs = { clock: systemClock, logger: silentLogger }
    this.files = new BoardAccess(this.manager, (talk, abilities) => createBoardFiles(talk, abilities, needs))
    // As the app does: somebody hears of everything.
    this.manager.onEvent(() => {})
    this.manager.onStatus(() => {})
  }

  async open(port: string): Promise<string> {
    return (await this.manager.open({ port })).sessionId
  }

  /** For as long as `work` takes; the port is free afterwards. */
  async withSession<T>(port: string, work: (sessionId: string) => Promise<T>): Promise<T> {
    const sessionId = await this.open(port)
    try {
      return await work(sessionId)
    } finally {
      await this.manager.close(sessionId, { mode: 'flush' })
    }
  }

  /** Milliseconds of one `print(1)`. Rejects unless it printed 1. */
  async print(sessionId: string): Promise<number> {
    const startedMs = performance.now()
    const { outcome, stdout } = await this.manager.execute(sessionId, 'print(1)')
    const tookMs = performance.now() - startedMs
    if (outcome !== 'ok' || stdout.trim() !== '1') throw new Error(`print(1) answered ${JSON.stringify({ outcome, stdout })}`)
    return tookMs
  }

  /** Seconds of one write as the app makes it: streamed, proved by the board's hash, then renamed. */
  async writeFile(sessionId: string, path: string, bytes: Uint8Array): Promise<number> {
    return await this.withFiles(sessionId, 'Writing', async (files, signal) => {
      const source: FileSource = { bytes: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) }
      const startedMs = performance.now()
      const { proof } = await files.write(path, source, { signal })
      const seconds = (performance.now() - startedMs) / 1_000
      if (proof !== 'sha256') throw new Error(`a write was proved by ${proof} only`)
      return seconds
    })
  }

  async readFile(sessionId: string, path: string): Promise<{ readonly bytes: Uint8Array; readonly seconds: number }> {
    return await this.withFiles(sessionId, 'Reading', async (files, signal) => {
      const pieces: Uint8Array[] = []
      const sink: FileSink = {
        resumeAt: 0,
        prefixSha256: async () => '',
        restart: async () => void pieces.splice(0),
        write: async piece => void pieces.push(Uint8Array.from(piece)),
      }
      const startedMs = performance.now()
      const { proof } = await files.read(path, sink, { signal })
      const seconds = (performance.now() - startedMs) / 1_000
      if (proof !== 'sha256') throw new Error(`a read was proved by ${proof} only`)
      return { bytes: Buffer.concat(pieces), seconds }
    })
  }

  async end(): Promise<void> {
    await this.manager.shutdown()
    this.metrics.dispose()
  }

  private async withFiles<T>(sessionId: string, title: string, work: (files: BoardFiles, signal: AbortSignal) => Promise<T>): Promise<T> {
    return await this.files.run(sessionId, title, work, new AbortController().signal)
  }
}
