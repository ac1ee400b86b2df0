import { FILE_READ_MAX_BYTES } from '../../../shared/limits'
import type { TransferFile } from '../../../shared/model'
import type { Client } from '../../bridge/client'
import type { FilesStore, Upload } from '../../stores/files-store'
import { formatPlural } from '../../ui/format'
import { formatSize } from './file-rows'
import type { FilesActions } from './files-actions'
import { joinPath } from './paths'

/** Files that are dropped on the board's pane from outside Muster: their bytes go through the page. */
export interface UploadActions {
  /** Answers with what could not be taken, as a sentence each. */
  take(dropped: readonly DroppedFile[], folder: string): Promise<readonly string[]>
  resolve(transferId: string, decision: 'replace' | 'skip'): void
  retry(transferId: string): void
  /** One that still waits. */
  cancel(transferId: string): void
  dismiss(transferId: string): void
}

export interface DroppedFile {
  readonly name: string
  readonly bytes: number
  readonly isFolder: boolean
  read(): Promise<Uint8Array>
}

export interface UploadActionsOptions {
  readonly client: Client
  readonly files: FilesStore
  readonly board: string
  readonly sessionId: string
  readonly actions: Pick<FilesActions, 'listBoard' | 'noteArrived' | 'noteWritten' | 'measure'>
  readonly now?: () => number
}

let counted = 0

export function createUploadActions({ client, files, board, sessionId, actions, now = Date.now }: UploadActionsOptions): UploadActions {
  const uploads = (): readonly Upload[] => files.of(board).uploads
  const find = (transferId: string): Upload | undefined => uploads().find(({ transfer }) => transfer.transferId === transferId)
  const change = (transferId: string, part: Partial<Upload>): void =>
    files.change(board, state => ({
      uploads: state.uploads.map(upload => (upload.transfer.transferId === transferId ? { ...upload, ...part } : upload)),
    }))
  const put = (upload: Upload, file: Partial<TransferFile>, state: Upload['transfer']['state']): void => {
    const isEnded = state === 'done' || state === 'failed' || state === 'cancelled'
    change(upload.transfer.transferId, {
      isAsking: state === 'asking',
      // What has arrived is not needed again.
      ...(state === 'done' ? { data: new Uint8Array() } : {}),
      file: { ...upload.file, ...file },
      transfer: {
        ...upload.transfer,
        state,
        endedAt: isEnded ? now() : null,
        doneBytes: file.doneBytes ?? upload.transfer.doneBytes,
        questions: state === 'asking' ? [0] : [],
      },
    })
  }

  /** One after the other: the board takes one at a time anyway. */
  let queue: Promise<void> = Promise.resolve()
  const enqueue = (transferId: string, mayReplace: boolean): void => {
    queue = queue.then(() => send(transferId, mayReplace))
  }

  const send = async (transferId: string, mayReplace: boolean): Promise<void> => {
    const upload = find(transferId)
    if (upload === undefined || upload.file.state !== 'waiting') return
    const path = upload.file.boardPath
    put(upload, { state: 'copying' }, 'running')
    const started = now()
    const result = await client.call('files:write', { sessionId, path, data: upload.data, ...(mayReplace ? {} : { ifSha256: null }) })
    const sent = find(transferId)
    if (sent === undefined) return
    if (result.ok) {
      const { proof, bytes } = result.value
      put(sent, { state: 'done', proof, doneBytes: bytes, durationMs: now() - started }, 'done')
      actions.noteWritten(path, bytes)
      actions.noteArrived([{ ...sent.file, state: 'done', bytes }])
      void actions.measure()
    } else if (result.error.reason === 'file-exists' && !mayReplace) {
      const there = await client.call('files:stat', { sessionId, path })
      put(sent, { state: 'waiting', replacesBytes: there.ok ? (there.value?.size ?? null) : null }, 'asking')
    } else {
      put(sent, { state: 'failed', error: result.error }, 'failed')
    }
  }

  return {
    async take(dropped, folder) {
      const refused = refusals(dropped)
      for (const file of dropped) {
        if (file.isFolder || file.bytes > FILE_READ_MAX_BYTES) continue
        const data = await file.read().catch(() => null)
        if (data === null) {
          refused.push(`${file.name} could not be read.`)
          continue
        }
        const upload = begun(`upload-${++counted}`, sessionId, folder, file.name, data, now())
        files.change(board, state => ({ uploads: [...state.uploads, upload] }))
        enqueue(upload.transfer.transferId, false)
      }
      return refused
    },
    resolve(transferId, decision) {
      const upload = find(transferId)
      if (upload === undefined) return
      if (decision === 'skip') put(upload, { state: 'skipped' }, 'done')
      else {
        put(upload, { state: 'waiting' }, 'waiting')
        enqueue(transferId, true)
      }
    },
    retry(transferId) {
      const upload = find(transferId)
      if (upload === undefined) return
      put(upload, { state: 'waiting', error: null, doneBytes: 0 }, 'waiting')
      enqueue(transferId, upload.file.replacesBytes !== null)
    },
    cancel(transferId) {
      const upload = find(transferId)
      if (upload?.file.state === 'waiting') put(upload, { state: 'cancelled' }, 'cancelled')
    },
    dismiss(transferId) {
      files.change(board, state => ({ uploads: state.uploads.filter(({ transfer }) => transfer.transferId !== transferId) }))
    },
  }
}

export function isUpload(transferId: string): boolean {
  return transferId.startsWith('upload-')
}

function begun(transferId: string, sessionId: string, boardFolder: string, name: string, data: Uint8Array, at: number): Upload {
  return {
    data,
    isAsking: false,
    transfer: {
      transferId,
      sessionId,
      direction: 'toBoard',
      kind: 'copy',
      state: 'waiting',
      local: { folderId: '', path: '' },
      boardFolder,
      startedAt: at,
      endedAt: null,
      fileCount: 1,
      totalBytes: data.length,
      doneBytes: 0,
      bytesPerSecond: null,
      secondsLeft: null,
      questions: [],
      error: null,
    },
    file: {
      index: 0,
      name,
      boardPath: joinPath(boardFolder, name),
      bytes: data.length,
      doneBytes: 0,
      state: 'waiting',
      replacesBytes: null,
      proof: null,
      resumedAtBytes: 0,
      retries: 0,
      durationMs: null,
      error: null,
    },
  }
}

/** What to do instead, said once for each kind. */
function refusals(dropped: readonly DroppedFile[]): string[] {
  const folders = dropped.filter(({ isFolder }) => isFolder)
  const large = dropped.filter(({ isFolder, bytes }) => !isFolder && bytes > FILE_READ_MAX_BYTES)
  const first = (of: readonly DroppedFile[], what: string): string =>
    of.length === 1 ? (of[0]?.name ?? '') : formatPlural(of.length, what)
  return [
    ...(folders.length === 0
      ? []
      : [`${first(folders, 'folder')} can’t be dropped here: open the folder on the left, then copy from there.`]),
    ...(large.length === 0
      ? []
      : [
          `${first(large, 'file')} ${large.length === 1 ? 'is' : 'are'} larger than ${formatSize(FILE_READ_MAX_BYTES)}: open the folder on the left, then copy from there.`,
        ]),
  ]
}
