import { useEffect, useRef, useState } from 'react'
import { isTransferEnded, type TransferList } from '../../stores/transfer-list'
import { formatPlural } from '../../ui/format'
import { describeFile, describeTransfer } from './transfer-texts'

/** A listener can follow one sentence in this time. */
const ANNOUNCE_INTERVAL_MS = 2_500

/** Tells a screen reader how transfers come on: politely, and no more often than can be followed. */
export function TransferAnnouncer({ list }: { readonly list: TransferList }) {
  const [text, setText] = useState('')
  const before = useRef(list)
  const waiting = useRef<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => {
    const said = sentences(before.current, list)
    before.current = list
    if (said.length === 0) return
    waiting.current = said.join(' ')
    if (timer.current !== null) return
    const speak = (): void => {
      timer.current = null
      if (waiting.current === null) return
      setText(waiting.current)
      waiting.current = null
      timer.current = setTimeout(speak, ANNOUNCE_INTERVAL_MS)
    }
    speak()
  }, [list])
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current)
      timer.current = null
    },
    [],
  )
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-label="Transfers, spoken">
      {text}
    </div>
  )
}

/** What has begun, come to a further quarter, or ended since. */
export function sentences(before: TransferList, after: TransferList): readonly string[] {
  const said: string[] = []
  for (const [transferId, transfer] of after.transfers) {
    const was = before.transfers.get(transferId)
    const files = after.files.get(transferId) ?? []
    const only = files.length === 1 ? files[0] : undefined
    const what = only?.name ?? formatPlural(transfer.fileCount, 'file')
    const where = transfer.direction === 'toBoard' ? 'to the board' : 'to the computer'
    if (isTransferEnded(transfer.state)) {
      if (was === undefined || isTransferEnded(was.state)) continue
      said.push(
        only === undefined
          ? `Copying ${where} has ended: ${describeTransfer(transfer, files).text}`
          : `${only.name}: ${describeFile(only, transfer).text}`,
      )
    } else if (transfer.state === 'asking' && was?.state !== 'asking') {
      said.push(`Copying ${what} ${where} waits for your answer.`)
    } else if (transfer.state === 'running' && was?.state !== 'running') {
      said.push(`Copying ${what} ${where}.`)
    } else if (was !== undefined && quarter(transfer) > quarter(was)) {
      said.push(`${what}: ${quarter(transfer) * 25} percent.`)
    }
  }
  return said
}

function quarter({ doneBytes, totalBytes }: { readonly doneBytes: number; readonly totalBytes: number }): number {
  return totalBytes <= 0 ? 0 : Math.floor((doneBytes / totalBytes) * 4)
}
