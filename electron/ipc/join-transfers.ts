import type { TransferFile, TransferUpdate } from '../../shared/model'

/**
 * Two updates as one that leaves its reader with the same: of each transfer and each file the latest. Only where the first one
 * names all there is, the second is put into that.
 */
export function joinTransfers(waiting: TransferUpdate, next: TransferUpdate): TransferUpdate {
  if (next.kind === 'all') return next
  const gone = new Set(next.gone)
  const transfers = new Map([...waiting.transfers, ...next.transfers].map(transfer => [transfer.transferId, transfer]))
  const files = new Map<string, Map<number, TransferFile>>()
  for (const { transferId, files: changed } of [...waiting.files, ...next.files]) {
    const known = files.get(transferId) ?? new Map<number, TransferFile>()
    files.set(transferId, known)
    for (const file of changed) known.set(file.index, file)
  }
  return {
    kind: waiting.kind,
    transfers: [...transfers.values()].filter(({ transferId }) => !gone.has(transferId)),
    files: [...files].flatMap(([transferId, byIndex]) => (gone.has(transferId) ? [] : [{ transferId, files: [...byIndex.values()] }])),
    gone: waiting.kind === 'all' ? [] : [...new Set([...waiting.gone, ...next.gone])],
  }
}
