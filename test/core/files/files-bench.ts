import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { silentLogger } from '../../../electron/core/base/logger'
import { BoardAccess } from '../../../electron/core/files/board-access'
import { BoardFileService } from '../../../electron/core/files/board-file-service'
import { LocalFolders } from '../../../electron/core/files/local-folders'
import type { Platform } from '../../../electron/core/files/local-names'
import { Transfers } from '../../../electron/core/files/transfers'
import type { CommandInput } from '../../../shared/contract'
import type { LocalFolder, Transfer, TransferFile, TransferUpdate } from '../../../shared/model'
import { FakeBoardFiles, FakeDisk } from '../../fakes/fake-board-files'
import { OpenBench } from '../sessions/open-bench'
import { CountingFiles } from './counting-files'

const GIVE_UP_MS = 20_000

/** Sessions on boards and a clock in the test's hands, with a real folder of the computer. */
export class FilesBench {
  readonly local = new CountingFiles()
  readonly disks = new Map<string, FakeDisk>()
  readonly updates: TransferUpdate[] = []
  readonly files: BoardFileService
  readonly transfers: Transfers
  /** What the updates say, put together as a page would. */
  readonly heard = new Map<string, { transfer: Transfer; files: Map<number, TransferFile> }>()

  private constructor(
    readonly sessions: OpenBench,
    readonly base: string,
    readonly folders: LocalFolders,
    readonly folder: LocalFolder,
    counting: CountingFiles,
  ) {
    this.local = counting
    const { manager, clock } = sessions
    const access = new BoardAccess(manager, talk => new FakeBoardFiles(this.diskOf(talk.port)))
    this.files = new BoardFileService({ sessions: manager, access })
    this.transfers = new Transfers({
      clock,
      logger: silentLogger,
      sessions: manager,
      access,
      openRoot: folderId => this.folders.use(folderId),
    })
    this.transfers.onUpdate(({ update }) => this.hear(update))
  }

  static async start({ platform = 'linux' as Platform } = {}): Promise<FilesBench> {
    const base = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'muster-files-')))
    const counting = new CountingFiles()
    const folders = await LocalFolders.load({ folder: path.join(base, 'data'), logger: silentLogger, files: counting.files, platform })
    await fs.mkdir(path.join(base, 'work'))
    const folder = await folders.grant(path.join(base, 'work'))
    // The clock runs far ahead of the disk: nobody is idle because a file takes its time.
    const sessions = await OpenBench.onUsb({ autoReconnect: true, idleTimeoutMs: null })
    return new FilesBench(sessions, base, folders, folder, counting)
  }

  async end(): Promise<void> {
    this.transfers.dispose()
    await this.transfers.settled()
    this.sessions.manager.dispose()
    await this.folders.flush()
    await fs.rm(this.base, { recursive: true, force: true })
  }

  get sessionId(): string {
    return this.sessions.sessionId
  }

  get disk(): FakeDisk {
    return this.diskOf('/dev/ttyACM0')
  }

  diskOf(port: string): FakeDisk {
    const disk = this.disks.get(port) ?? new FakeDisk()
    this.disks.set(port, disk)
    return disk
  }

  // The computer's side.

  async put(relative: string, content: string | Uint8Array): Promise<void> {
    const file = this.at(relative)
    await fs.mkdir(path.dirname(file), { recursive: true })
    await fs.writeFile(file, content)
  }

  at(relative: string): string {
    return path.join(this.base, 'work', ...relative.split('/'))
  }

  async text(relative: string): Promise<string | null> {
    return await fs.readFile(this.at(relative), 'utf8').catch(() => null)
  }

  /** All files, by name, `.part` and all. */
  async contents(relative = ''): Promise<Readonly<Record<string, string>>> {
    const found: Record<string, string> = {}
    for (const entry of await fs.readdir(this.at(relative), { withFileTypes: true })) {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`
      if (entry.isDirectory()) Object.assign(found, await this.contents(name))
      else found[name] = (await this.text(name)) ?? ''
    }
    return found
  }

  // Transfers.

  copy(input: Partial<CommandInput<'files:copy'>> & { readonly names: readonly string[] }): string {
    return this.transfers.copy({
      sessionId: this.sessionId,
      direction: 'toBoard',
      local: this.place(),
      boardFolder: '/',
      conflict: 'replace',
      ...input,
    }).transferId
  }

  sync(input: Partial<CommandInput<'files:sync'>> = {}): string {
    return this.transfers.sync({
      sessionId: this.sessionId,
      direction: 'toBoard',
      local: this.place(),
      boardFolder: '/',
      conflict: 'replace',
      ...input,
    }).transferId
  }

  place(relative = ''): { readonly folderId: string; readonly path: string } {
    return { folderId: this.folder.folderId, path: relative }
  }

  of(transferId: string): Transfer {
    const heard = this.heard.get(transferId)
    if (heard === undefined) throw new Error('Nothing was said of this transfer.')
    return heard.transfer
  }

  filesOf(transferId: string): readonly TransferFile[] {
    return [...(this.heard.get(transferId)?.files.values() ?? [])].sort((a, b) => a.index - b.index)
  }

  /** Name and state of each file. */
  statesOf(transferId: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.filesOf(transferId).map(({ name, state }) => [name, state]))
  }

  async ended(transferId: string): Promise<Transfer> {
    await this.until(() => ['done', 'failed', 'cancelled'].includes(this.of(transferId).state))
    return this.of(transferId)
  }

  async inState(transferId: string, state: Transfer['state']): Promise<Transfer> {
    await this.until(() => this.of(transferId).state === state)
    return this.of(transferId)
  }

  /** Lets files be read and written, which the clock knows nothing of. Time does not pass. */
  async until(condition: () => boolean): Promise<void> {
    const giveUpAt = Date.now() + GIVE_UP_MS
    while (!condition()) {
      if (Date.now() > giveUpAt) throw new Error('It never came to be.')
      await this.sessions.clock.advance(0)
    }
  }

  private hear(update: TransferUpdate): void {
    this.updates.push(update)
    if (update.kind === 'all') this.heard.clear()
    for (const transfer of update.transfers) {
      const known = this.heard.get(transfer.transferId)
      if (known === undefined) this.heard.set(transfer.transferId, { transfer, files: new Map() })
      else known.transfer = transfer
    }
    for (const { transferId, files } of update.files) {
      for (const file of files) this.heard.get(transferId)?.files.set(file.index, file)
    }
    for (const transferId of update.gone) this.heard.delete(transferId)
  }
}

/** Something that is waited for, until the test lets go. */
export class Hold {
  isReached = false
  private letGo: () => void = () => {}
  private readonly released = new Promise<void>(resolve => {
    this.letGo = resolve
  })

  async wait(): Promise<void> {
    this.isReached = true
    await this.released
  }

  release(): void {
    this.letGo()
  }
}
