import type { MusterError } from '../../../shared/errors'
import type { ConflictRule, FileProof, LocalPlace, SyncPlan, TransferDirection } from '../../../shared/model'
import type { BoardFiles, FileHashes } from '../micropython/files/board-files'
import { joinBoardPath } from './board-paths'
import { shown } from './file-errors'
import { joinPlace } from './local-listing'
import type { LocalRoot } from './local-root'
import { LocalSource } from './local-source'
import { findCaseTwin, type Pair, type Pairing, pairSides } from './plan-pairs'
import { readBoardSide, readLocalSide, type Side } from './plan-sides'

export interface PlanRequest {
  readonly kind: 'copy' | 'sync'
  readonly direction: TransferDirection
  /** What to copy; null for all, as a sync does. */
  readonly names: readonly string[] | null
  readonly local: LocalPlace
  readonly boardFolder: string
  readonly conflict: ConflictRule
  /** Equal files are copied as well. */
  readonly always: boolean
}

export interface PlanNeeds {
  readonly root: LocalRoot
  readonly signal: AbortSignal
  /** Work on the board, in its turn. */
  readonly onBoard: <T>(title: string, work: (files: BoardFiles, signal: AbortSignal) => Promise<T>) => Promise<T>
}

/** What stands at the far end when the plan is made; what is done later holds only for that. */
export type Expected =
  /** There was nothing. */
  | { readonly is: 'nothing' }
  /** There was a file; its hash is null where the board can't say, or was not asked. */
  | { readonly is: 'file'; readonly sha256: string | null }

export interface PlannedFile {
  readonly name: string
  readonly boardPath: string
  readonly localPath: string
  readonly bytes: number
  readonly step: 'copy' | 'replace' | 'same' | 'stray' | 'refused'
  readonly replacesBytes: number | null
  readonly expected: Expected
  /** Of the local file, where it was computed and as it was then. */
  readonly local: { readonly bytes: number; readonly modifiedMs: number; readonly sha256: string } | null
  /** With `same`. */
  readonly proof: FileProof | null
  /** With `refused`. */
  readonly refusal: MusterError | null
  /** See `Pair`. */
  readonly hasTwin: boolean
}

export interface TransferPlan {
  readonly files: readonly PlannedFile[]
  readonly missingFolders: readonly string[]
  readonly strayFolders: readonly string[]
  /** The folder at the far end itself has to be made. */
  readonly isFarFolderMissing: boolean
}

/**
 * Reads both ends and compares them: by name, by size, then by hash, all hashes of the board in one go. Changes nothing. Rejects
 * with `FileFailed` when an end can't be read as a whole, and with what work on the board rejects with.
 */
export async function makePlan(request: PlanRequest, needs: PlanNeeds): Promise<TransferPlan> {
  const { direction, boardFolder, local, names, kind } = request
  const isUpload = direction === 'toBoard'
  const boardTitle = `Looking through ${shown(boardFolder)}`
  const readLocal = (): Promise<Side> => readLocalSide(needs.root, local, names, { mustExist: isUpload, signal: needs.signal })
  const readBoard = (): Promise<Side> =>
    needs.onBoard(boardTitle, files => readBoardSide(files, boardFolder, names, { mustExist: !isUpload }))
  const near = isUpload ? await readLocal() : await readBoard()
  const far = isUpload ? await readBoard() : await readLocal()
  const twin = isUpload ? findCaseTwin(near, far) : null
  // What the board has under this very name, and lists under another one, is the same thing.
  const boardFoldsCase = twin !== null && (await needs.onBoard(boardTitle, files => files.stat(joinBoardPath(boardFolder, twin)))) !== null
  const pairing = pairSides(near, far, { direction, boardFolder, platform: needs.root.platform, boardFoldsCase })
  const files = await compare(pairing, request, needs)
  return {
    files: kind === 'sync' ? [...files, ...straysOf(pairing, request)] : files,
    missingFolders: pairing.missingFolders,
    strayFolders: kind === 'sync' ? pairing.strayFolders : [],
    isFarFolderMissing: !far.exists,
  }
}

async function compare({ pairs }: Pairing, request: PlanRequest, needs: PlanNeeds): Promise<readonly PlannedFile[]> {
  const common = pairs.filter(pair => pair.refusal === null && pair.far !== null)
  const comparable = request.always ? [] : common.filter(mayBeEqual)
  // A person who is asked decides on a file as it is now: it is hashed even where its size alone says that it differs.
  const isHashed = request.conflict === 'ask' && request.direction === 'toBoard' ? common : comparable
  const hashes: FileHashes =
    isHashed.length === 0
      ? new Map()
      : await needs.onBoard(`Comparing ${isHashed.length} ${isHashed.length === 1 ? 'file' : 'files'}`, (files, signal) =>
          files.hashMany(
            isHashed.map(pair => pair.boardPath),
            signal,
          ),
        )
  const compared = new Set(comparable)
  const planned: PlannedFile[] = []
  for (const pair of pairs) {
    const onBoard = hashes.get(pair.boardPath)?.sha256 ?? null
    const local = onBoard !== null && compared.has(pair) ? await hashLocal(pair, request, needs) : null
    planned.push(planFile(pair, request, { onBoard, local }))
  }
  return planned
}

function mayBeEqual({ source, far }: Pair): boolean {
  const [near, there] = [source?.bytes ?? null, far?.bytes ?? null]
  return near === null || there === null || near === there
}

function planFile(
  pair: Pair,
  request: PlanRequest,
  { onBoard, local }: { readonly onBoard: string | null; readonly local: PlannedFile['local'] },
): PlannedFile {
  const { name, boardPath, bytes, far, refusal, hasTwin } = pair
  const isSame = onBoard !== null && local?.sha256 === onBoard
  const step = refusal !== null ? 'refused' : far === null ? 'copy' : isSame ? 'same' : 'replace'
  return {
    name,
    boardPath,
    localPath: joinPlace(request.local.path, name),
    bytes,
    step,
    replacesBytes: step === 'replace' ? (far?.bytes ?? 0) : null,
    expected: far === null ? { is: 'nothing' } : { is: 'file', sha256: request.direction === 'toBoard' ? onBoard : null },
    local,
    proof: step === 'same' ? 'sha256' : null,
    refusal,
    hasTwin,
  }
}

/** Null where it can't be read: then it is none that could be equal, and the transfer meets the problem itself. */
async function hashLocal({ name }: Pair, { local }: PlanRequest, { root, signal }: PlanNeeds): Promise<PlannedFile['local']> {
  try {
    const source = await LocalSource.open(root, joinPlace(local.path, name))
    try {
      return { bytes: source.bytes, modifiedMs: source.modifiedMs, sha256: await source.hash(signal) }
    } finally {
      await source.close()
    }
  } catch (error) {
    if (signal.aborted) throw error
    return null
  }
}

function straysOf({ strays }: Pairing, request: PlanRequest): readonly PlannedFile[] {
  return strays.map(({ name, boardPath, bytes }) => ({
    name,
    boardPath,
    localPath: joinPlace(request.local.path, name),
    bytes: bytes ?? 0,
    step: 'stray',
    replacesBytes: null,
    expected: { is: 'file', sha256: null },
    local: null,
    proof: null,
    refusal: null,
    hasTwin: false,
  }))
}

/** The plan as it is shown before anybody decides on it. */
export function describePlan({ files }: TransferPlan): SyncPlan {
  const of = (step: PlannedFile['step']): readonly PlannedFile[] => files.filter(file => file.step === step)
  const plain = ({ name, bytes }: PlannedFile): { readonly name: string; readonly bytes: number } => ({ name, bytes })
  return {
    add: [...of('copy'), ...of('refused')].map(plain),
    replace: of('replace').map(({ name, bytes, replacesBytes }) => ({ name, bytes, replacesBytes })),
    same: of('same').map(plain),
    strays: of('stray').map(plain),
  }
}
