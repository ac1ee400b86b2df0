import type { Result } from '../../../shared/contract'
import { useBoardFiles, useServices } from '../../stores/context'
import type { TransferList } from '../../stores/transfer-list'
import { provedBy } from './file-status'
import { fileKey } from './transfer-rows'

export interface TransferCommands {
  /** One file, or all of it. */
  cancel(transferId: string, index?: number): void
  retry(transferId: string): void
  dismiss(transferId: string): void
  /** Puts one file of an ended transfer away; with the last of them goes the transfer. */
  hide(transferId: string, index: number): void
  resolve(transferId: string, decision: 'replace' | 'skip', indices?: readonly number[]): void
}

export interface TransferCommandsOptions {
  /** Board key. */
  readonly board: string
  readonly list: TransferList
  /** Does something and shows its error. */
  readonly attempt: (work: Promise<Result<unknown>>) => Promise<void>
}

/** What can be done with what is on its way. */
export function useTransferCommands({ board, list, attempt }: TransferCommandsOptions): TransferCommands {
  const { client, stores } = useServices()
  const { files } = stores
  const { hidden } = useBoardFiles(board)

  /** What a transfer has proved outlives its line in the list. */
  const keepProofs = (transferId: string): void => {
    const transfer = list.transfers.get(transferId)
    if (transfer === undefined) return
    const kept = provedBy(transfer, list.files.get(transferId) ?? [])
    files.change(board, ({ proved }) => ({ proved: new Map([...proved, ...kept]) }))
  }
  const dismiss = (transferId: string): void => {
    keepProofs(transferId)
    void attempt(client.call('files:dismiss', { transferId }))
  }
  return {
    dismiss,
    cancel(transferId, index) {
      void attempt(client.call('files:cancel', index === undefined ? { transferId } : { transferId, index }))
    },
    retry(transferId) {
      void attempt(client.call('files:retry', { transferId }))
    },
    hide(transferId, index) {
      const next = new Set(hidden).add(fileKey(transferId, index))
      const own = list.files.get(transferId) ?? []
      if (own.every(file => next.has(fileKey(transferId, file.index)))) dismiss(transferId)
      else files.change(board, () => ({ hidden: next }))
    },
    resolve(transferId, decision, indices) {
      void attempt(client.call('files:resolve', { transferId, decision, ...(indices === undefined ? {} : { indices }) }))
    },
  }
}
