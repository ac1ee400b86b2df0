import { useEffect, useRef, useState } from 'react'
import type { TransferFile } from '../../shared/model'
import { useServices } from './context'
import { applyTransferUpdate, NO_TRANSFERS, type TransferList } from './transfer-list'

export interface EndedFile {
  readonly transferId: string
  readonly file: TransferFile
}

/**
 * The transfers of a session while a view is on the page. `onEnded` hears of the files that have come to their end since the view
 * has looked: those that had ended before are not told again.
 */
export function useTransfers(sessionId: string, onEnded: (ended: readonly EndedFile[], list: TransferList) => void): TransferList {
  const { client } = useServices()
  const [list, setList] = useState<TransferList>(NO_TRANSFERS)
  const latest = useRef(onEnded)
  latest.current = onEnded
  useEffect(() => {
    let known = NO_TRANSFERS
    return client.subscribe('files:transfers', { sessionId }, update => {
      const before = known
      known = applyTransferUpdate(before, update)
      setList(known)
      if (update.kind === 'all') return
      const ended = update.files.flatMap(({ transferId, files }) =>
        files.filter(file => hasEnded(before, transferId, file)).map(file => ({ transferId, file })),
      )
      const isOver = update.transfers.some(
        transfer => transfer.endedAt !== null && before.transfers.get(transfer.transferId)?.endedAt === null,
      )
      if (ended.length > 0 || isOver) latest.current(ended, known)
    })
  }, [client, sessionId])
  return list
}

function hasEnded(before: TransferList, transferId: string, file: TransferFile): boolean {
  if (file.state !== 'done' && file.state !== 'removed') return false
  const was = before.files.get(transferId)?.find(({ index }) => index === file.index)
  return was?.state !== file.state
}
