import { MusterError } from '../../../shared/errors'
import type { BoardFiles } from '../micropython/files/board-files'
import { joinBoardPath } from './board-paths'
import { localFailure, quoted, shown } from './file-errors'
import { joinPlace } from './local-listing'
import type { LocalRoot } from './local-root'
import type { TransferPlan } from './plan'
import { infoOf, meaningOf } from './transfer-errors'
import type { TransferRecord } from './transfer-record'

export interface FarWork {
  readonly record: TransferRecord
  readonly root: LocalRoot
  readonly signal: AbortSignal
  readonly onBoard: <T>(title: string, work: (files: BoardFiles, signal: AbortSignal) => Promise<T>) => Promise<T>
}

/** A folder that can't be made is told by the files that were to be in it. */
export async function makeFarFolders({ missingFolders, isFarFolderMissing }: TransferPlan, work: FarWork): Promise<void> {
  const { record, root, onBoard } = work
  const { direction, boardFolder, local } = record.request
  const hasFiles = record.indicesOf('waiting').length > 0
  if (direction === 'fromBoard') {
    for (const name of missingFolders) await aloneFailing(() => root.makeFolder(joinPlace(local.path, name)))
    return
  }
  const wanted = [...(isFarFolderMissing && hasFiles ? [boardFolder] : []), ...missingFolders.map(name => joinBoardPath(boardFolder, name))]
  if (wanted.length === 0) return
  await onBoard(`Making folders in ${shown(boardFolder)}`, async files => {
    for (const folder of wanted) await aloneFailing(() => files.mkdir(folder, { parents: true }))
  })
}

/** Files that only the far side has, one by one: what can't be removed does not keep the others. */
export async function removeStrays({ record, root, signal, onBoard }: FarWork): Promise<void> {
  const { direction, boardFolder } = record.request
  const strays = record.indicesOf('waiting').filter(index => record.planned(index)?.step === 'stray')
  if (strays.length === 0) return
  const removeEach = async (remove: (index: number) => Promise<void>): Promise<void> => {
    for (const index of strays) {
      if (signal.aborted) return
      if (record.isFileEnded(index)) continue
      try {
        await remove(index)
        record.changeFile(index, { state: 'removed' })
      } catch (error) {
        if (!isOwnFailure(error)) throw error
        record.changeFile(index, isGone(error) ? { state: 'removed' } : { state: 'failed', error: infoOf(error) })
      }
    }
  }
  if (direction === 'toBoard') {
    await onBoard(`Removing files in ${shown(boardFolder)}`, async (files, over) => {
      await removeEach(async index => {
        if (over.aborted) throw new Error('The task is over.')
        await files.remove([record.planned(index)?.boardPath ?? ''], { recursive: false })
      })
    })
    return
  }
  await removeEach(async index => {
    const relative = record.planned(index)?.localPath ?? ''
    try {
      await root.files.unlink(await root.target(relative))
    } catch (error) {
      throw localFailure(`${quoted(relative)} could not be removed`, error)
    }
  })
}

/** Only those that are empty by now: what a person has kept keeps its folder. */
export async function removeStrayFolders({ strayFolders }: TransferPlan, { record, root, signal, onBoard }: FarWork): Promise<void> {
  const { direction, boardFolder, local } = record.request
  if (strayFolders.length === 0 || signal.aborted) return
  if (direction === 'fromBoard') {
    for (const name of strayFolders) {
      await root.files.rmdir(await root.target(joinPlace(local.path, name))).catch(() => undefined)
    }
    return
  }
  await onBoard(`Removing folders in ${shown(boardFolder)}`, async files => {
    for (const name of strayFolders) await aloneFailing(() => files.remove([joinBoardPath(boardFolder, name)], { recursive: false }))
  })
}

async function aloneFailing(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isOwnFailure(error)) throw error
  }
}

/** It concerns this file alone; the board is there for the next one. */
function isOwnFailure(error: unknown): boolean {
  return error instanceof MusterError && meaningOf(error) === 'failed'
}

function isGone(error: unknown): boolean {
  return error instanceof MusterError && error.reason === 'file-not-found'
}
