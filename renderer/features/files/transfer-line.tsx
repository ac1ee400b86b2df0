import {
  ArrowLeft,
  ArrowRight,
  Ban,
  ChevronDown,
  ChevronRight,
  CircleX,
  Clock,
  Equal,
  type LucideIcon,
  ShieldAlert,
  ShieldCheck,
  ShieldEllipsis,
  Trash2,
  X,
} from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'
import { IconButton } from '../../ui/icon-button'
import type { TransferText } from './transfer-texts'

const SHAPES: Readonly<Record<TransferText['shape'], LucideIcon>> = {
  toBoard: ArrowRight,
  fromBoard: ArrowLeft,
  waiting: Clock,
  verifying: ShieldEllipsis,
  proved: ShieldCheck,
  unproved: ShieldAlert,
  same: Equal,
  removed: Trash2,
  failed: CircleX,
  cancelled: Ban,
}

export interface TransferLineProps {
  readonly name: string
  readonly title: string
  /** `to the board`, for those who don't see the arrow. */
  readonly direction: string
  readonly text: TransferText
  /** 0 to 1; null for no bar. */
  readonly share: number | null
  readonly style: CSSProperties
  readonly isNested?: boolean
  /** Set for a line that can be opened. */
  readonly fold?: { readonly isOpen: boolean; readonly onToggle: () => void }
  readonly actions?: ReactNode
  readonly end: { readonly label: string; readonly run: () => void } | null
}

/** One file, or one transfer: shape, name, bar, words, and a way to end it or to put it away. */
export function TransferLine({ name, title, direction, text, share, style, isNested = false, fold, actions, end }: TransferLineProps) {
  const Shape = SHAPES[text.shape]
  return (
    <li className={isNested ? 'transfer transfer-nested' : 'transfer'} data-tone={text.tone} style={style}>
      <Shape size={14} strokeWidth={1.75} className="transfer-shape" aria-hidden />
      <span className="transfer-name" title={title}>
        {fold === undefined ? (
          name
        ) : (
          <button type="button" className="transfer-fold" aria-expanded={fold.isOpen} onClick={fold.onToggle}>
            {fold.isOpen ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
            {name}
          </button>
        )}
        <span className="visually-hidden">{`, ${direction}`}</span>
      </span>
      {share === null ? (
        <span className="bar-none" />
      ) : (
        <span
          className="bar"
          role="progressbar"
          aria-label={`${name}, ${direction}`}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(share * 100)}
          aria-valuetext={text.text}
        >
          <span className="bar-fill" style={{ width: `${share * 100}%` }} />
        </span>
      )}
      <span className="transfer-what">
        <span className="transfer-text" title={text.title ?? text.text}>
          {text.text}
        </span>
        {actions}
      </span>
      <span className="transfer-end">{end !== null && <IconButton icon={X} label={end.label} onClick={end.run} />}</span>
    </li>
  )
}
