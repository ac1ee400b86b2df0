import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { silentLogger } from '../../../electron/core/base/logger'
import { ConfigStore } from '../../../electron/core/config/config-store'
import { PortDirectory } from '../../../electron/core/discovery/port-directory'
import { PortSettingsBook } from '../../../electron/core/discovery/port-settings'
import { BoardAccess } from '../../../electron/core/files/board-access'
import { BoardFileService } from '../../../electron/core/files/board-file-service'
import { DroppedFiles } from '../../../electron/core/files/dropped-files'
import { LocalFolders } from '../../../electron/core/files/local-folders'
import type { LocalRoot } from '../../../electron/core/files/local-root'
import { Transfers } from '../../../electron/core/files/transfers'
import { createAttributeStores } from '../../../electron/core/sessions/attributes/attribute-stores'
import { SessionHistory } from '../../../electron/core/sessions/history/history'
import { attachBridge, type Bridge } from '../../../electron/ipc/bridge'
import type { Result } from '../../../shared/contract'
import { SessionBench } from '../../core/sessions/session-bench'
import { FakeBoardFiles, FakeDisk } from '../../fakes/fake-board-files'
import { FakeContents, ORIGIN } from './fake-contents'
import { FakeServices } from './fake-services'

/** Moved at once while a call is waited for, at most so often: more than any limit that a caller can ask for. */
const STEP_MS = 20_000
const STEPS = 400
/** The disk's time is not in the test's hands. Most answers come before the first of these is over. */
const FILES_MS = 20
const FILES_GIVE_UP_MS = 10_000
const nap = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 1))

/**
 * A page on the real session manager, history, port list and configuration, over boards, a clock and a folder that the
 * test holds in its hands. Boards answer every execution at once.
 */
export class RealCore {
  readonly contents = new FakeContents()
  /** What only the desktop and real boards have. */
  readonly fakes = new FakeServices()
  readonly bridge: Bridge
  /** The latest that was heard of. */
  transferId = 'transfer-none'
  private readonly transfers: Transfers
  private readonly droppedFiles: DroppedFiles

  private constructor(
    readonly bench: SessionBench,
    private readonly folder: string,
    private readonly config: ConfigStore,
    private readonly ports: PortDirectory,
    private readonly localFolders: LocalFolders,
    /** Of the one folder of the computer that is open. */
    readonly folderId: string,
  ) {
    const { clock, manager } = bench
    const disks = new Map<string, FakeDisk>()
    const access = new BoardAccess(manager, ({ port }) => {
      const disk = disks.get(port) ?? new FakeDisk()
      disks.set(port, disk)
      return new FakeBoardFiles(disk)
    })
    const files = new BoardFileService({ sessions: manager, access })
    this.droppedFiles = new DroppedFiles({ folder: path.join(folder, 'dropped'), logger: silentLogger })
    const openRoot = (id: string): LocalRoot => this.droppedFiles.find(id) ?? localFolders.use(id)
    this.transfers = new Transfers({ clock, logger: silentLogger, sessions: manager, access, openRoot })
    this.transfers.onUpdate(({ update }) => {
      this.droppedFiles.follow(update)
      this.transferId = update.transfers.at(-1)?.transferId ?? this.transferId
    })
    const history = new SessionHistory({
      clock,
      logger: silentLogger,
      onSessionEvent: manager.onEvent,
      onManagerState: manager.onStateChanged,
      ports,
    })
    const { transfers, droppedFiles } = this
    const services = { ...this.fakes, sessions: manager, history, config, ports, files, transfers, localFolders, droppedFiles }
    this.bridge = attachBridge(this.contents, { services, client: 'window-1', origin: ORIGIN, clock, logger: silentLogger })
  }

  static async start(): Promise<RealCore> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'muster-core-'))
    const attributeStores = createAttributeStores({ folder: path.join(folder, 'attributes'), logger: silentLogger })
    const bench = new SessionBench({ attributeStores })
    bench.protocols.prepare = protocol => {
      protocol.answer = () => ({})
    }
    const { clock, settings } = bench
    const config = await ConfigStore.load({ folder, clock, logger: silentLogger })
    const ports = new PortDirectory({
      portSettings: new PortSettingsBook({ load: async () => ({}), save: async () => {} }, silentLogger),
      lister: async () => [],
      simulated: { list: () => [], onChanged: () => ({ dispose() {} }) },
      storage: { load: async () => [], save: async () => undefined },
      settings,
      clock,
      logger: silentLogger,
    })
    const localFolders = await LocalFolders.load({ folder, logger: silentLogger })
    const shared = path.join(folder, 'shared')
    await fs.mkdir(shared)
    await fs.writeFile(path.join(shared, 'main.py'), 'print(1)')
    const { folderId } = await localFolders.grant(shared)
    return new RealCore(bench, folder, config, ports, localFolders, folderId)
  }

  async end(): Promise<void> {
    this.bridge.dispose()
    this.transfers.dispose()
    this.bench.manager.dispose()
    this.config.dispose()
    this.ports.dispose()
    await this.transfers.settled()
    await this.localFolders.flush()
    this.droppedFiles.dispose()
    await this.droppedFiles.settled()
    await fs.rm(this.folder, { recursive: true, force: true })
  }

  /** Rejects when the call is not answered however long it is waited for. */
  async call(name: string, input: unknown): Promise<Result<unknown>> {
    let reply: Result<unknown> | undefined
    void this.contents.call(name, input).then(answer => {
      reply = answer
    })
    for (let turn = 0; turn < 5 && reply === undefined; turn++) await new Promise(resolve => setImmediate(resolve))
    // Files are not on the clock: they get a moment of the real time before it is moved at all, and a long one in the end.
    for (const until = Date.now() + FILES_MS; reply === undefined && Date.now() < until; ) await nap()
    for (let step = 0; step < STEPS && reply === undefined; step++) {
      await this.bench.clock.advance(step === 0 ? 0 : STEP_MS)
      for (let turn = 0; turn < 5 && reply === undefined; turn++) await new Promise(resolve => setImmediate(resolve))
    }
    for (const until = Date.now() + FILES_GIVE_UP_MS; reply === undefined && Date.now() < until; ) await nap()
    if (reply !== undefined) return reply
    throw new Error(`${name} was never answered.`)
  }
}
