import type { Result } from '../../shared/contract'
import type { ErrorInfo } from '../../shared/errors'
import type {
  BoardEntry,
  LocalEntry,
  LocalFolder,
  LocalPlace,
  SyncPlan,
  Transfer,
  TransferDirection,
  TransferFile,
  TransferUpdate,
} from '../../shared/model'
import { aTransfer, aTransferFile } from './bridge-shapes'
import type { FakeBridge } from './fake-bridge'

interface Node {
  /** Null for a folder. */
  readonly data: Uint8Array | null
  readonly modifiedAt: number
}

export interface FakeFilesOptions {
  readonly sessionId: string
  /** Text, bytes, or null for a folder, by absolute path. */
  readonly board?: Readonly<Record<string, string | Uint8Array | null>>
  /** By path below the folder. */
  readonly local?: Readonly<Record<string, string | Uint8Array | null>>
  readonly folders?: readonly LocalFolder[]
  readonly at?: number
}

const DROP_ID = 'drop-1'
export const A_FOLDER: LocalFolder = { folderId: 'folder-1', name: 'oven', path: '/home/ada/bench/oven' }

/** A board's files and a folder of the computer, in memory, behind a fake bridge. Transfers go on as a test says. */
export class FakeFiles {
  readonly board = new Map<string, Node>()
  readonly local = new Map<string, Node>()
  /** What was dropped on the page, and handed over. */
  readonly dropped = new Map<string, Node>()
  folders: readonly LocalFolder[]
  chosen: LocalFolder | null = A_FOLDER
  freeBytes = 1_300_000
  readonly transfers = new Map<string, { transfer: Transfer; files: TransferFile[] }>()
  private count = 0
  private readonly at: number

  constructor(
    private readonly bridge: FakeBridge,
    private readonly options: FakeFilesOptions,
  ) {
    this.at = options.at ?? Date.now() - 3_600_000
    this.folders = options.folders ?? [A_FOLDER]
    for (const [path, data] of Object.entries(options.board ?? {})) this.board.set(path, this.node(data))
    for (const [path, data] of Object.entries(options.local ?? {})) this.local.set(path, this.node(data))
    this.answer()
  }

  /** Tells the page what has become of a transfer and its files. */
  tell(transferId: string, over: Partial<Transfer>, files: readonly (Partial<TransferFile> & { readonly index: number })[] = []): void {
    const known = this.transfers.get(transferId)
    if (known === undefined) throw new Error(`There is no transfer ${transferId}.`)
    known.transfer = { ...known.transfer, ...over }
    const changed = files.map(file => {
      const before = known.files[file.index] ?? aTransferFile({ index: file.index })
      const after = { ...before, ...file }
      known.files[file.index] = after
      return after
    })
    this.emit({ kind: 'more', transfers: [known.transfer], files: [{ transferId, files: changed }], gone: [] })
  }

  /** A transfer as if it had been there before. */
  add(transfer: Transfer, files: readonly TransferFile[]): void {
    this.transfers.set(transfer.transferId, { transfer, files: [...files] })
    this.emit({ kind: 'more', transfers: [transfer], files: [{ transferId: transfer.transferId, files }], gone: [] })
  }

  /** Carries out what a transfer is about, and tells its end. */
  finish(transferId: string): void {
    const known = this.transfers.get(transferId)
    if (known === undefined) return
    const { transfer } = known
    const files = known.files.map((file): TransferFile => {
      if (file.state !== 'waiting' && file.state !== 'copying' && file.state !== 'verifying') return file
      const local = join(transfer.local.path, file.name)
      const source = transfer.direction === 'toBoard' ? this.localIn(transfer.local).get(local) : this.board.get(file.boardPath)
      if (source !== undefined)
        (transfer.direction === 'toBoard' ? this.board : this.local).set(transfer.direction === 'toBoard' ? file.boardPath : local, {
          ...source,
          modifiedAt: Date.now(),
        })
      return { ...file, state: 'done', doneBytes: file.bytes, proof: 'sha256', durationMs: 6 }
    })
    this.tell(
      transferId,
      { state: 'done', endedAt: Date.now(), doneBytes: transfer.totalBytes, secondsLeft: null, bytesPerSecond: null },
      files,
    )
  }

  listing(path: string): readonly BoardEntry[] {
    return childrenOf(this.board, path === '/' ? '/' : `${path}/`).map(([name, { data, modifiedAt }]) => ({
      name,
      kind: data === null ? 'folder' : 'file',
      size: data?.length ?? null,
      modifiedAt,
    }))
  }

  private answer(): void {
    const { bridge } = this
    bridge.transfersOf = sessionId => (sessionId === this.options.sessionId ? this.all() : null)
    bridge.answer('files:list', ({ path }) => {
      if (path !== '/' && this.board.get(path)?.data !== null) return missing(path)
      return { ok: true, value: { path, entries: this.listing(path) } }
    })
    bridge.answer('files:stat', ({ path }) => {
      const { folder, name } = split(path)
      return { ok: true, value: this.listing(folder).find(entry => entry.name === name) ?? null }
    })
    bridge.answer('files:df', ({ path }) => ({
      ok: true,
      value: { path: path ?? '/', totalBytes: 2_097_152, freeBytes: this.freeBytes },
    }))
    bridge.answer('files:tree', ({ path }) => ({
      ok: true,
      value: {
        path,
        isTruncated: false,
        entries: [...this.board]
          .filter(([at]) => at.startsWith(`${path}/`))
          .map(([at, { data, modifiedAt }]) => ({
            path: at.slice(path.length + 1),
            name: split(at).name,
            kind: data === null ? ('folder' as const) : ('file' as const),
            size: data?.length ?? null,
            modifiedAt,
          })),
      },
    }))
    bridge.answer('files:mkdir', ({ path }) => {
      this.board.set(path, this.node(null))
      return { ok: true, value: {} }
    })
    bridge.answer('files:remove', ({ paths }) => {
      const gone = [...this.board.keys()].filter(at => paths.some(path => at === path || at.startsWith(`${path}/`)))
      for (const path of gone) this.board.delete(path)
      return { ok: true, value: { removed: gone.length } }
    })
    bridge.answer('files:rename', ({ from, to }) => {
      for (const [path, node] of [...this.board]) {
        if (path !== from && !path.startsWith(`${from}/`)) continue
        this.board.delete(path)
        this.board.set(`${to}${path.slice(from.length)}`, node)
      }
      return { ok: true, value: {} }
    })
    bridge.answer('files:read', ({ path }) => {
      const data = this.board.get(path)?.data
      return data == null ? missing(path) : { ok: true, value: { path, data, sha256: hashOf(data), proof: 'sha256' } }
    })
    bridge.answer('files:write', ({ path, data, ifSha256 }) => {
      const before = this.board.get(path)?.data ?? null
      if (ifSha256 === null && before !== null) return fail('file-exists', `There is already a file ${path}.`)
      if (typeof ifSha256 === 'string' && (before === null || hashOf(before) !== ifSha256)) {
        return fail('file-changed', `${path} is not the file that was read.`)
      }
      const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
      this.board.set(path, { data: bytes, modifiedAt: Date.now() })
      return {
        ok: true,
        value: {
          path,
          bytes: bytes.length,
          sha256: hashOf(bytes),
          proof: 'sha256',
          replaced: before !== null,
          atomic: true,
          durationMs: 6,
        },
      }
    })
    bridge.answer('files:copy', ({ sessionId, direction, names, local, boardFolder }) => ({
      ok: true,
      value: this.begin(sessionId, direction, names, local, boardFolder),
    }))
    bridge.answer('files:compare', ({ direction, local, boardFolder }) => ({ ok: true, value: this.plan(direction, local, boardFolder) }))
    bridge.answer('files:sync', ({ sessionId, direction, local, boardFolder, deleteStrays }) => {
      const plan = this.plan(direction, local, boardFolder)
      const names = [...plan.add, ...plan.replace].map(({ name }) => name)
      const transfer = this.begin(sessionId, direction, names, local, boardFolder, { kind: 'sync', isAsking: false })
      if (deleteStrays === true) for (const { name } of plan.strays) this.board.delete(join(boardFolder, name))
      return { ok: true, value: transfer }
    })
    bridge.answer('files:resolve', ({ transferId, decision, indices }) => {
      const known = this.transfers.get(transferId)
      if (known === undefined) return fail('file-not-found', 'There is no such transfer.')
      const asked = indices ?? known.transfer.questions
      const questions = known.transfer.questions.filter(index => !asked.includes(index))
      this.tell(
        transferId,
        { questions, state: questions.length > 0 ? 'asking' : 'running' },
        decision === 'skip' ? asked.map(index => ({ index, state: 'skipped' as const })) : [],
      )
      return { ok: true, value: known.transfer }
    })
    bridge.answer('files:cancel', ({ transferId, index }) => {
      const known = this.transfers.get(transferId)
      if (known === undefined) return { ok: true, value: { cancelled: false } }
      const files = known.files.filter(file => (index === undefined || file.index === index) && file.durationMs === null)
      const isWhole = index === undefined || known.files.length === 1
      this.tell(
        transferId,
        isWhole ? { state: 'cancelled', endedAt: Date.now(), questions: [] } : {},
        files.map(file => ({ index: file.index, state: 'cancelled' })),
      )
      return { ok: true, value: { cancelled: true } }
    })
    bridge.answer('files:retry', ({ transferId }) => {
      const known = this.transfers.get(transferId)
      if (known === undefined) return fail('file-not-found', 'There is no such transfer.')
      const left = known.files.filter(({ state }) => state === 'failed' || state === 'cancelled')
      this.tell(
        transferId,
        { state: 'running', endedAt: null, error: null },
        left.map(({ index }) => ({ index, state: 'waiting', error: null })),
      )
      return { ok: true, value: known.transfer }
    })
    bridge.answer('files:dismiss', ({ transferId }) => {
      this.transfers.delete(transferId)
      this.emit({ kind: 'more', transfers: [], files: [], gone: [transferId] })
      return { ok: true, value: {} }
    })
    bridge.answer('local:folders', () => ({ ok: true, value: this.folders }))
    bridge.answer('local:choose', () => {
      const { chosen } = this
      if (chosen !== null) this.folders = [chosen, ...this.folders.filter(({ folderId }) => folderId !== chosen.folderId)]
      return { ok: true, value: chosen }
    })
    bridge.answer('local:forget', ({ folderId }) => {
      this.folders = this.folders.filter(folder => folder.folderId !== folderId)
      return { ok: true, value: {} }
    })
    bridge.answer('local:list', ({ place }) => ({
      ok: true,
      value: { place, isTruncated: false, entries: this.localListing(place.path) },
    }))
    bridge.answer('local:rename', ({ place, name }) => {
      const folder = place.path.slice(0, Math.max(0, place.path.lastIndexOf('/')))
      const to = join(folder, name)
      for (const [path, node] of [...this.local]) {
        if (path !== place.path && !path.startsWith(`${place.path}/`)) continue
        this.local.delete(path)
        this.local.set(`${to}${path.slice(place.path.length)}`, node)
      }
      return { ok: true, value: {} }
    })
    bridge.answer('local:trash', ({ place, names }) => {
      for (const name of names) {
        const doomed = join(place.path, name)
        for (const path of [...this.local.keys()]) if (path === doomed || path.startsWith(`${doomed}/`)) this.local.delete(path)
      }
      return { ok: true, value: { trashed: names.length } }
    })
    bridge.answer('local:beginDrop', () => ({ ok: true, value: { folderId: DROP_ID, path: '' } }))
    bridge.answer('local:addDropped', ({ place, offset, data }) => {
      const before = this.dropped.get(place.path)?.data ?? new Uint8Array()
      if (offset !== before.length) return fail('file-changed', `${place.path} did not come in its order.`)
      this.dropped.set(place.path, this.node(data === null ? null : new Uint8Array([...before, ...data])))
      return { ok: true, value: {} }
    })
    bridge.answer('local:mkdir', ({ place }) => {
      this.local.set(place.path, this.node(null))
      return { ok: true, value: {} }
    })
  }

  private localIn({ folderId }: LocalPlace): ReadonlyMap<string, Node> {
    return folderId === DROP_ID ? this.dropped : this.local
  }

  private begin(
    sessionId: string,
    direction: TransferDirection,
    names: readonly string[],
    local: LocalPlace,
    boardFolder: string,
    { kind = 'copy' as Transfer['kind'], isAsking = true } = {},
  ): Transfer {
    const transferId = `transfer-${++this.count}`
    const source = direction === 'toBoard' ? this.localIn(local) : this.board
    const base = direction === 'toBoard' ? local.path : boardFolder
    const files = [...source]
      .filter(
        ([path, { data }]) => data !== null && names.some(name => path === join(base, name) || path.startsWith(`${join(base, name)}/`)),
      )
      .map(([path, { data }], index): TransferFile => {
        const name = base === '' ? path : path.slice(base === '/' ? 1 : base.length + 1)
        const boardPath = join(boardFolder, name)
        const there = direction === 'toBoard' ? this.board.get(boardPath) : this.local.get(join(local.path, name))
        const isSame = there?.data != null && data !== null && hashOf(there.data) === hashOf(data)
        return aTransferFile({
          index,
          name,
          boardPath,
          bytes: data?.length ?? 0,
          doneBytes: 0,
          state: isSame ? 'skipped' : 'waiting',
          proof: isSame ? 'sha256' : null,
          replacesBytes: isSame ? null : (there?.data?.length ?? null),
        })
      })
    const questions = isAsking ? files.filter(({ replacesBytes }) => replacesBytes !== null).map(({ index }) => index) : []
    const transfer = aTransfer({
      transferId,
      sessionId,
      direction,
      kind,
      local,
      boardFolder,
      state: questions.length > 0 ? 'asking' : 'running',
      startedAt: Date.now(),
      fileCount: files.length,
      totalBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      doneBytes: 0,
      bytesPerSecond: null,
      secondsLeft: null,
      questions,
    })
    this.add(transfer, files)
    return transfer
  }

  private plan(direction: TransferDirection, { path }: LocalPlace, boardFolder: string): SyncPlan {
    const ours = files(this.local, path === '' ? '' : `${path}/`)
    const theirs = files(this.board, boardFolder === '/' ? '/' : `${boardFolder}/`)
    const [from, to] = direction === 'toBoard' ? [ours, theirs] : [theirs, ours]
    const known = [...from].filter(([name]) => to.has(name))
    const isSame = ([name, data]: readonly [string, Uint8Array]): boolean => hashOf(to.get(name) ?? data) === hashOf(data)
    return {
      add: [...from].filter(([name]) => !to.has(name)).map(([name, data]) => ({ name, bytes: data.length })),
      replace: known
        .filter(file => !isSame(file))
        .map(([name, data]) => ({ name, bytes: data.length, replacesBytes: to.get(name)?.length ?? null })),
      same: known.filter(isSame).map(([name, data]) => ({ name, bytes: data.length })),
      strays: [...to].filter(([name]) => !from.has(name)).map(([name, data]) => ({ name, bytes: data.length })),
    }
  }

  private localListing(path: string): readonly LocalEntry[] {
    return childrenOf(this.local, path === '' ? '' : `${path}/`).map(([name, { data, modifiedAt }]) => ({
      name,
      kind: data === null ? 'folder' : 'file',
      size: data?.length ?? null,
      modifiedAt,
    }))
  }

  private all(): TransferUpdate {
    const known = [...this.transfers.values()]
    return {
      kind: 'all',
      transfers: known.map(({ transfer }) => transfer),
      files: known.map(({ transfer: { transferId }, files }) => ({ transferId, files })),
      gone: [],
    }
  }

  private emit(update: TransferUpdate): void {
    this.bridge.emit('files:transfers', update, ({ sessionId }) => sessionId === this.options.sessionId)
  }

  private node(data: string | Uint8Array | null): Node {
    return { data: typeof data === 'string' ? new TextEncoder().encode(data) : data, modifiedAt: this.at }
  }
}

/** Enough to tell contents apart in a test. */
export function hashOf(data: Uint8Array): string {
  let hash = 0x811c9dc5
  for (const byte of data) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash.toString(16).padStart(64, '0')
}

export function fail(reason: ErrorInfo['reason'], message: string): Result<never> {
  return { ok: false, error: { code: 'FileFailed', ...(reason === undefined ? {} : { reason }), message } }
}

function missing(path: string): Result<never> {
  return fail('file-not-found', `There is no ${path} on the board.`)
}

function childrenOf(nodes: ReadonlyMap<string, Node>, prefix: string): readonly (readonly [string, Node])[] {
  return [...nodes]
    .filter(([path]) => path !== prefix && path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
    .map(([path, node]) => [path.slice(prefix.length), node] as const)
}

function files(nodes: ReadonlyMap<string, Node>, prefix: string): ReadonlyMap<string, Uint8Array> {
  return new Map(
    [...nodes].flatMap(([path, { data }]) =>
      data !== null && path.startsWith(prefix) ? [[path.slice(prefix.length), data] as const] : [],
    ),
  )
}

function join(folder: string, name: string): string {
  if (folder === '') return name
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`
}

function split(path: string): { readonly folder: string; readonly name: string } {
  const slash = path.lastIndexOf('/')
  return { folder: slash <= 0 ? '/' : path.slice(0, slash), name: path.slice(slash + 1) }
}
