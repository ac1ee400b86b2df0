import { ArrowLeft, ArrowRight, FolderSync } from 'lucide-react'
import { formatPlural } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'

export interface CopyColumnProps {
  readonly toBoard: CopyWay
  readonly fromBoard: CopyWay
  /** Why a sync is not possible; null where it is. */
  readonly whyNoSync: string | null
  /** On which side something is marked: that arrow is the one that stands out. */
  readonly main: 'toBoard' | 'fromBoard'
  readonly onSync: () => void
}

export interface CopyWay {
  readonly count: number
  readonly whyNot: string | null
  readonly run: () => void
}

/** Between the panes: to the board, to the computer, and both alike. */
export function CopyColumn({ toBoard, fromBoard, whyNoSync, main, onSync }: CopyColumnProps) {
  return (
    <div className="copy-column" role="toolbar" aria-orientation="vertical" aria-label="Copy">
      <IconButton
        icon={ArrowRight}
        label={labelOf(toBoard, 'to the board')}
        shortcut="Ctrl+Enter"
        className={main === 'toBoard' ? 'copy-button copy-button-main' : 'copy-button'}
        disabled={toBoard.whyNot !== null}
        title={toBoard.whyNot ?? undefined}
        onClick={toBoard.run}
      />
      <IconButton
        icon={ArrowLeft}
        label={labelOf(fromBoard, 'to the computer')}
        shortcut="Ctrl+Enter"
        className={main === 'fromBoard' ? 'copy-button copy-button-main' : 'copy-button'}
        disabled={fromBoard.whyNot !== null}
        title={fromBoard.whyNot ?? undefined}
        onClick={fromBoard.run}
      />
      <IconButton
        icon={FolderSync}
        label={whyNoSync === null ? 'Sync the two folders…' : `Sync: ${lower(whyNoSync)}`}
        className="copy-button"
        disabled={whyNoSync !== null}
        title={whyNoSync ?? undefined}
        onClick={onSync}
      />
    </div>
  )
}

function labelOf({ count, whyNot }: CopyWay, where: string): string {
  return whyNot === null ? `Copy ${formatPlural(count, 'entry', 'entries')} ${where}` : `Copy ${where}: ${lower(whyNot)}`
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
