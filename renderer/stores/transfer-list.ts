import type { Transfer, TransferFile, TransferState, TransferUpdate } from '../../shared/model'

/** The transfers of one session, as far as the page has been told. */
export interface TransferList {
  readonly transfers: ReadonlyMap<string, Transfer>
  /** By transfer, in the order of their indices. */
  readonly files: ReadonlyMap<string, readonly TransferFile[]>
}

export const NO_TRANSFERS: TransferList = { transfers: new Map(), files: new Map() }

export function applyTransferUpdate(list: TransferList, update: TransferUpdate): TransferList {
  const isAll = update.kind === 'all'
  const transfers = new Map(isAll ? [] : list.transfers)
  const files = new Map(isAll ? [] : list.files)
  for (const transfer of update.transfers) transfers.set(transfer.transferId, transfer)
  for (const told of update.files) files.set(told.transferId, merged(files.get(told.transferId) ?? [], told.files))
  for (const transferId of update.gone) {
    transfers.delete(transferId)
    files.delete(transferId)
  }
  return { transfers, files }
}

export function isTransferEnded(state: TransferState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}

export function isFileEnded(state: TransferFile['state']): boolean {
  return state !== 'waiting' && state !== 'copying' && state !== 'verifying'
}

export function isFileMoving(state: TransferFile['state']): boolean {
  return state === 'copying' || state === 'verifying'
}

function merged(before: readonly TransferFile[], changed: readonly TransferFile[]): readonly TransferFile[] {
  const after = [...before]
  let isSorted = true
  for (const file of changed) {
    // As a rule a file's index is its place.
    if (after[file.index]?.index === file.index) after[file.index] = file
    else {
      const place = after.findIndex(other => other.index === file.index)
      if (place >= 0) after[place] = file
      else {
        isSorted &&= (after.at(-1)?.index ?? -1) < file.index
        after.push(file)
      }
    }
  }
  return isSorted ? after : after.sort((one, other) => one.index - other.index)
}
