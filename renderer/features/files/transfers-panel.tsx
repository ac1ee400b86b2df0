import { useVirtualizer } from '@tanstack/react-virtual'
import { RotateCw } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { Transfer, TransferFile } from '../../../shared/model'
import { isFileEnded, isTransferEnded, type TransferList } from '../../stores/transfer-list'
import { Button } from '../../ui/button'
import { formatPlural } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'
import { TransferLine } from './transfer-line'
import { type TransferRow, transferRows } from './transfer-rows'
import { describeFile, describeTransfer, totalText } from './transfer-texts'
import './transfers.css'

const ROW_HEIGHT = 30
/** More rows are scrolled; in a low window sooner. */
const ROWS_SHOWN = 6
const ROWS_SHOWN_NARROW = 4

export interface TransfersPanelProps {
  readonly list: TransferList
  readonly hidden: ReadonlySet<string>
  readonly isBoardAway: boolean
  readonly isNarrow: boolean
  readonly onCancel: (transferId: string, index?: number) => void
  readonly onRetry: (transferId: string) => void
  readonly onDismiss: (transferId: string) => void
  readonly onHide: (transferId: string, index: number) => void
  readonly onAnswer: (transferId: string) => void
}

/** What is on its way between the two sides, and what came of it; the newest first. Absent where there is nothing. */
export function TransfersPanel(props: TransfersPanelProps) {
  const { list, hidden, isBoardAway } = props
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => transferRows(list, opened, hidden), [list, opened, hidden])
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: index => rows[index]?.key ?? index,
    overscan: 8,
    initialRect: { width: 800, height: ROW_HEIGHT * ROWS_SHOWN },
  })
  const transfers = [...list.transfers.values()]
  if (rows.length === 0) return null
  const active = transfers.filter(({ state }) => !isTransferEnded(state))
  const ended = transfers.filter(({ state }) => isTransferEnded(state))

  const toggle = (transferId: string): void => {
    const next = new Set(opened)
    if (!next.delete(transferId)) next.add(transferId)
    setOpened(next)
  }

  return (
    <section className="transfers" aria-label="Transfers">
      <header className="transfers-head">
        <h3>Transfers</h3>
        <span className="transfers-total">{totalText(transfers, transferId => list.files.get(transferId) ?? [])}</span>
        <span className="spacer" />
        {active.length > 0 && (
          <button type="button" className="quiet-button" onClick={() => each(active, props.onCancel)}>
            Cancel all
          </button>
        )}
        {ended.length > 0 && (
          <button type="button" className="quiet-button" onClick={() => each(ended, props.onDismiss)}>
            Clear ended
          </button>
        )}
      </header>
      <section
        ref={scroller}
        className="transfers-scroll"
        style={{ height: Math.min(rows.length, props.isNarrow ? ROWS_SHOWN_NARROW : ROWS_SHOWN) * ROW_HEIGHT }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled can be scrolled by keys.
        tabIndex={0}
        aria-label="All transfers"
      >
        <ul className="transfers-list" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(item => {
            const row = rows[item.index]
            if (row === undefined) return null
            const style = { transform: `translateY(${item.start}px)`, height: item.size }
            return row.type === 'transfer' ? (
              <WholeLine
                key={item.key}
                row={row}
                style={style}
                isBoardAway={isBoardAway}
                panel={props}
                onToggle={() => toggle(row.transfer.transferId)}
              />
            ) : (
              <FileLine key={item.key} row={row} style={style} isBoardAway={isBoardAway} panel={props} />
            )
          })}
        </ul>
      </section>
    </section>
  )
}

interface LineProps {
  readonly style: React.CSSProperties
  readonly isBoardAway: boolean
  readonly panel: TransfersPanelProps
}

function WholeLine({
  row: { transfer, files, isOpen },
  style,
  isBoardAway,
  panel,
  onToggle,
}: LineProps & { readonly row: Extract<TransferRow, { type: 'transfer' }>; readonly onToggle: () => void }) {
  const { transferId, state, totalBytes, doneBytes } = transfer
  const isEnded = isTransferEnded(state)
  const name = nameOf(transfer, files)
  return (
    <TransferLine
      name={name}
      title={`${name}, between the computer and ${transfer.boardFolder}`}
      direction={directionText(transfer)}
      text={describeTransfer(transfer, files, isBoardAway)}
      share={
        state === 'planning' || state === 'asking' || transfer.fileCount === 0 ? null : shareOf(doneBytes, totalBytes, state === 'done')
      }
      style={style}
      fold={files.length === 0 ? undefined : { isOpen, onToggle }}
      actions={
        <>
          {state === 'asking' && <Button onClick={() => panel.onAnswer(transferId)}>Answer…</Button>}
          {isRetriable(transfer) && <RetryButton name={name} onRetry={() => panel.onRetry(transferId)} />}
        </>
      }
      end={
        isEnded
          ? { label: `Put away: ${name}`, run: () => panel.onDismiss(transferId) }
          : { label: `Cancel ${name}`, run: () => panel.onCancel(transferId) }
      }
    />
  )
}

function FileLine({
  row: { transfer, file, isNested },
  style,
  isBoardAway,
  panel,
}: LineProps & { readonly row: Extract<TransferRow, { type: 'file' }> }) {
  const { transferId } = transfer
  const isEnded = isFileEnded(file.state)
  const end = ((): { readonly label: string; readonly run: () => void } | null => {
    if (!isEnded) return { label: `Cancel ${file.name}`, run: () => panel.onCancel(transferId, file.index) }
    // Of one that still runs, nothing is put away: its line would come back with the next file.
    return isNested || !isTransferEnded(transfer.state)
      ? null
      : { label: `Put away: ${file.name}`, run: () => panel.onHide(transferId, file.index) }
  })()
  const hasFailed = file.state === 'failed' || file.state === 'cancelled'
  return (
    <TransferLine
      name={file.name}
      title={file.boardPath}
      direction={directionText(transfer)}
      text={describeFile(file, transfer, isBoardAway)}
      share={file.state === 'skipped' || file.state === 'removed' ? null : shareOf(file.doneBytes, file.bytes, file.state === 'done')}
      style={style}
      isNested={isNested}
      actions={
        hasFailed && isRetriable(transfer) && !isNested ? <RetryButton name={file.name} onRetry={() => panel.onRetry(transferId)} /> : null
      }
      end={end}
    />
  )
}

function each(transfers: readonly Transfer[], run: (transferId: string) => void): void {
  for (const { transferId } of transfers) run(transferId)
}

function RetryButton({ name, onRetry }: { readonly name: string; readonly onRetry: () => void }) {
  return <IconButton icon={RotateCw} label={`Retry ${name}`} text="Retry" onClick={onRetry} />
}

function isRetriable({ state }: Transfer): boolean {
  return state === 'failed' || state === 'cancelled'
}

function shareOf(done: number, total: number, isDone: boolean): number {
  if (isDone) return 1
  return total <= 0 ? 0 : Math.min(1, Math.max(0, done / total))
}

function nameOf({ kind, direction, fileCount, boardFolder }: Transfer, files: readonly TransferFile[]): string {
  if (kind === 'sync') return `Sync ${direction === 'toBoard' ? 'to' : 'from'} ${boardFolder}`
  if (files.length === 1 && files[0] !== undefined) return files[0].name
  if (fileCount === 0) return `Copy ${direction === 'toBoard' ? 'to' : 'from'} ${boardFolder}`
  return formatPlural(Math.max(fileCount, files.length), 'file')
}

function directionText({ direction }: Transfer): string {
  return direction === 'toBoard' ? 'to the board' : 'to the computer'
}
