import type { TransferFile } from '../../../shared/model'
import type { Clock } from '../base/clock'
import type { BoardFiles, FileProgress, WriteOptions } from '../micropython/files/board-files'
import type { BoardAccess } from './board-access'
import { lastName } from './board-paths'
import { quoted, shown } from './file-errors'
import { foldersAbove } from './local-names'
import type { LocalRoot } from './local-root'
import { LocalSink } from './local-sink'
import { LocalSource } from './local-source'
import type { PlannedFile } from './plan'
import type { TransferRecord } from './transfer-record'

export interface CopyNeeds {
  readonly clock: Clock
  readonly access: BoardAccess
  readonly record: TransferRecord
  readonly root: LocalRoot
  /** It is the task's turn on the board. */
  readonly onTurn: () => void
}

/** Copies one file in one attempt; the next attempt takes up what this one leaves. Rejects as the task does, or with `FileFailed`. */
export async function copyFile(index: number, planned: PlannedFile, signal: AbortSignal, needs: CopyNeeds): Promise<void> {
  const { clock, record } = needs
  const startedMs = clock.monotonicMs()
  const isUpload = record.request.direction === 'toBoard'
  const done = isUpload ? await upload(index, planned, signal, needs) : await download(index, planned, signal, needs)
  const before = record.file(index)?.durationMs ?? 0
  record.changeFile(index, {
    ...done,
    state: 'done',
    error: null,
    doneBytes: done.bytes,
    durationMs: before + clock.monotonicMs() - startedMs,
  })
}

type Done = Pick<TransferFile, 'bytes' | 'proof'>

async function upload(index: number, planned: PlannedFile, signal: AbortSignal, needs: CopyNeeds): Promise<Done> {
  const { access, record, root } = needs
  const { sessionId, conflict } = record.request
  const isAgain = record.begun.has(index)
  const source = await LocalSource.open(root, planned.localPath)
  try {
    if (record.file(index)?.bytes !== source.bytes) record.changeFile(index, { bytes: source.bytes })
    const { local } = planned
    const isAsPlanned = local !== null && local.bytes === source.bytes && local.modifiedMs === source.modifiedMs
    return await access.run(
      sessionId,
      `Writing ${shown(lastName(planned.boardPath))}`,
      async (files, over) => {
        begin(index, needs)
        // The board may have been lost after the file had its name, but before it could say so.
        const there = isAgain ? await alreadyThere(files, planned.boardPath, source, over) : null
        if (there !== null) return there
        const { bytes, proof } = await files.write(planned.boardPath, source, {
          ...conditionOf(planned, conflict),
          ...(isAsPlanned && { sha256: local.sha256 }),
          resume: true,
          signal: over,
          onProgress: progressOf(index, needs),
        })
        return { bytes, proof }
      },
      signal,
    )
  } finally {
    await source.close()
  }
}

/** What a person has decided on, or was told that it is not there, must still be so. */
function conditionOf({ expected, hasTwin }: PlannedFile, conflict: string): Pick<WriteOptions, 'ifSha256'> {
  // What has come to be there may be the file's twin, where the board does not tell their names apart.
  if (conflict === 'replace') return hasTwin && expected.is === 'nothing' ? { ifSha256: null } : {}
  if (expected.is === 'nothing') return { ifSha256: null }
  return expected.sha256 === null ? {} : { ifSha256: expected.sha256 }
}

async function alreadyThere(files: BoardFiles, path: string, source: LocalSource, signal: AbortSignal): Promise<Done | null> {
  const there = await files.stat(path)
  if (there?.kind !== 'file' || (there.size !== null && there.size !== source.bytes)) return null
  const { bytes, sha256, proof } = await files.hash(path, signal)
  return bytes === source.bytes && sha256 === (await source.hash(signal)) ? { bytes, proof } : null
}

async function download(index: number, planned: PlannedFile, signal: AbortSignal, needs: CopyNeeds): Promise<Done> {
  const { access, record, root } = needs
  const { sessionId, conflict } = record.request
  const above = foldersAbove(planned.localPath).at(-1)
  await root.makeFolder(above ?? '')
  const sink = await LocalSink.open(root, planned.localPath)
  try {
    const read = await access.run(
      sessionId,
      `Reading ${shown(lastName(planned.boardPath))}`,
      async (files, over) => {
        begin(index, needs)
        return await files.read(planned.boardPath, sink, { resume: true, signal: over, onProgress: progressOf(index, needs) })
      },
      signal,
    )
    record.changeFile(index, { state: 'verifying', bytes: read.bytes })
    if (signal.aborted) throw new Error(`${quoted(planned.name)} was called off.`)
    await sink.commit(read, { replaces: conflict === 'replace' || planned.expected.is === 'file' })
    return { bytes: read.bytes, proof: read.proof }
  } finally {
    await sink.keep()
  }
}

function begin(index: number, { record, onTurn }: CopyNeeds): void {
  onTurn()
  record.begun.add(index)
  record.rate.start()
  record.changeFile(index, { state: 'copying', error: null })
}

/** Bytes that an earlier attempt has brought are not moved by this one. */
function progressOf(index: number, { record }: CopyNeeds): (progress: FileProgress) => void {
  let last: number | null = null
  return ({ doneBytes, stage, resumedAtBytes, retries }) => {
    const file = record.file(index)
    if (file === undefined || (file.state !== 'copying' && file.state !== 'verifying')) return
    record.rate.add(doneBytes - (last ?? resumedAtBytes))
    last = doneBytes
    const done = Math.min(doneBytes, file.bytes)
    record.changeFile(index, { doneBytes: done, state: stage, resumedAtBytes, retries })
  }
}
