import type { Transfer, TransferFile } from '../../../shared/model'
import { isTransferEnded, type TransferList } from '../../stores/transfer-list'

/** Up to so many files stand one by one, without a line over them. */
export const FILES_SHOWN_SINGLY = 4

export type TransferRow =
  | {
      readonly type: 'transfer'
      readonly key: string
      readonly transfer: Transfer
      readonly files: readonly TransferFile[]
      readonly isOpen: boolean
    }
  | {
      readonly type: 'file'
      readonly key: string
      readonly transfer: Transfer
      readonly file: TransferFile
      /** Below the line of its transfer. */
      readonly isNested: boolean
    }

/**
 * The newest transfer first. One of many files is a line that can be opened; of few files, the files themselves, but for those that
 * were put away.
 */
export function transferRows(
  { transfers, files }: TransferList,
  opened: ReadonlySet<string>,
  hidden: ReadonlySet<string>,
): readonly TransferRow[] {
  return newestFirst([...transfers.values()]).flatMap((transfer): readonly TransferRow[] => {
    const { transferId } = transfer
    const own = files.get(transferId) ?? []
    const fileRow = (file: TransferFile, isNested: boolean): TransferRow => ({
      type: 'file',
      key: fileKey(transferId, file.index),
      transfer,
      file,
      isNested,
    })
    if (isShownSingly(transfer, own)) {
      return own
        .filter(file => !isTransferEnded(transfer.state) || !hidden.has(fileKey(transferId, file.index)))
        .map(file => fileRow(file, false))
    }
    const isOpen = opened.has(transferId)
    const head: TransferRow = { type: 'transfer', key: transferId, transfer, files: own, isOpen }
    return isOpen ? [head, ...own.map(file => fileRow(file, true))] : [head]
  })
}

export function fileKey(transferId: string, index: number): string {
  return `${transferId}:${index}`
}

export function newestFirst(transfers: readonly Transfer[]): readonly Transfer[] {
  return [...transfers].sort((one, other) => other.startedAt - one.startedAt || (one.transferId < other.transferId ? 1 : -1))
}

/** What has no files, or has more to say than they have, needs a line of its own. */
function isShownSingly({ state, error, fileCount }: Transfer, files: readonly TransferFile[]): boolean {
  if (files.length === 0 || state === 'planning' || state === 'asking') return false
  if (error !== null && !files.some(file => file.error !== null)) return false
  return Math.max(files.length, fileCount) <= FILES_SHOWN_SINGLY
}
