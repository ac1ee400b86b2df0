import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type Core, composeCore } from '../../../../electron/compose-core'
import { systemClock } from '../../../../electron/core/base/clock'
import { silentLogger } from '../../../../electron/core/base/logger'
import type { CommandInput } from '../../../../shared/contract'
import type { LocalFolder, SyncPlan, Transfer, TransferFile } from '../../../../shared/model'
import { FakeUsb, PICO } from '../../../boards/fake-usb'
import { type NativeBoard, type NativeBoardOptions, startNativeBoard } from '../../../boards/native-board'

const NODE_NAME = 'ttyACM0'
const LOOK_MS = 5
const GIVE_UP_MS = 50_000

/** The whole core, with a native board that looks like one on USB, and a folder of the computer. */
export class ProjectBench {
  private constructor(
    readonly base: string,
    private readonly usb: FakeUsb,
    public core: Core,
    public board: NativeBoard,
    readonly folder: LocalFolder,
    readonly sessionId: string,
  ) {}

  static async start(options: NativeBoardOptions = {}): Promise<ProjectBench> {
    const base = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'muster-project-')))
    const usb = await FakeUsb.create()
    const board = await startNativeBoard(options)
    const port = await usb.plug(NODE_NAME, board.path, PICO)
    const core = await composeCore({
      simulatedWorker: 'none',
      interpreterPackage: 'none',
      clock: systemClock,
      logger: silentLogger,
      userDataFolder: path.join(base, 'data'),
      typedPorts: { load: async () => [], save: async () => {} },
      systemRoot: usb.root,
    } as Parameters<typeof composeCore>[0])
    await core.services.ports.refresh()
    await fs.mkdir(path.join(base, 'work'))
    const folder = await core.services.localFolders.grant(path.join(base, 'work'))
    const { sessionId } = await core.services.sessions.open({ port, options: { autoReconnect: true, reconnectDelayMs: 100 } }, 'window-1')
    return new ProjectBench(base, usb, core, board, folder, sessionId)
  }

  async end(): Promise<void> {
    await this.core.shutDown()
    await this.board.unplug()
    await this.usb.dispose()
    await fs.rm(this.base, { recursive: true, force: true })
  }

  /** The board goes with all that is in it, and another process of the same board comes: what it keeps is not what it had. */
  async unplug(): Promise<void> {
    await this.usb.unplug(NODE_NAME)
    await this.board.unplug()
    await this.core.services.ports.refresh()
  }

  async plug(options: NativeBoardOptions = {}): Promise<void> {
    this.board = await startNativeBoard(options)
    await this.usb.plug(NODE_NAME, this.board.path, PICO)
    await this.core.services.ports.refresh()
  }

  // The computer's side.

  at(relative: string): string {
    return path.join(this.base, 'work', ...relative.split('/'))
  }

  place(relative = ''): { readonly folderId: string; readonly path: string } {
    return { folderId: this.folder.folderId, path: relative }
  }

  async put(relative: string, content: string | Uint8Array): Promise<void> {
    await fs.mkdir(path.dirname(this.at(relative)), { recursive: true })
    await fs.writeFile(this.at(relative), content)
  }

  async contents(relative: string): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    const entries = await fs.readdir(this.at(relative), { recursive: true, withFileTypes: true })
    for (const entry of entries) {
      const file = path.join(entry.parentPath, entry.name)
      if (entry.isFile()) found.set(path.relative(this.at(relative), file), await fs.readFile(file, 'latin1'))
    }
    return new Map([...found].sort())
  }

  // The board's side.

  async read(file: string): Promise<string | null> {
    const { files } = this.core.services
    const signal = new AbortController().signal
    if ((await files.stat(this.sessionId, file, signal)) === null) return null
    return Buffer.from((await files.read(this.sessionId, file, signal)).data).toString('latin1')
  }

  /** Names of all files. */
  async onBoard(folder: string): Promise<readonly string[]> {
    const { entries } = await this.core.services.files.tree(this.sessionId, folder, new AbortController().signal)
    return entries.filter(({ kind }) => kind === 'file').map(each => each.path)
  }

  // Transfers.

  sync(input: Partial<CommandInput<'files:sync'>>): string {
    const { sessionId } = this
    return this.core.services.transfers.sync({
      sessionId,
      direction: 'toBoard',
      local: this.place('tree'),
      boardFolder: '/app',
      conflict: 'replace',
      ...input,
    }).transferId
  }

  compare(input: Partial<CommandInput<'files:compare'>>): Promise<SyncPlan> {
    const { sessionId } = this
    return this.core.services.transfers.compare(
      { sessionId, direction: 'toBoard', local: this.place('tree'), boardFolder: '/app', ...input },
      new AbortController().signal,
    )
  }

  of(transferId: string): Transfer {
    const transfer = this.core.services.transfers.readAll(this.sessionId).transfers.find(each => each.transferId === transferId)
    if (transfer === undefined) throw new Error('There is no such transfer.')
    return transfer
  }

  filesOf(transferId: string): readonly TransferFile[] {
    return this.core.services.transfers.readAll(this.sessionId).files.find(each => each.transferId === transferId)?.files ?? []
  }

  async ended(transferId: string): Promise<Transfer> {
    await this.until(() => ['done', 'failed', 'cancelled'].includes(this.of(transferId).state))
    return this.of(transferId)
  }

  async until(condition: () => boolean): Promise<void> {
    for (const giveUpAt = Date.now() + GIVE_UP_MS; !condition(); ) {
      if (Date.now() > giveUpAt) throw new Error('It never came to be.')
      await new Promise(resolve => setTimeout(resolve, LOOK_MS))
    }
  }
}

/** Open handles of this process on terminals, by what they lead to. */
export async function openTerminals(): Promise<readonly string[]> {
  const handles = await fs.readdir('/proc/self/fd')
  const targets = await Promise.all(handles.map(handle => fs.readlink(`/proc/self/fd/${handle}`).catch(() => '')))
  return targets.filter(target => target.startsWith('/dev/pts/'))
}
