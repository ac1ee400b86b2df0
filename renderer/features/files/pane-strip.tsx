import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import { errorTitle, hintText } from '../../bridge/error-texts'
import { Button } from '../../ui/button'
import { IconButton } from '../../ui/icon-button'

export interface PaneStripProps {
  readonly tone?: 'muted' | 'bad' | 'warn'
  readonly children: ReactNode
  readonly action?: ReactNode
  readonly onDismiss?: () => void
}

/** A sentence at the foot of a pane: the rows above stay where they are. */
export function PaneStrip({ tone = 'muted', children, action, onDismiss }: PaneStripProps) {
  return (
    <div className={`pane-strip pane-strip-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <div className="pane-strip-text">{children}</div>
      {action}
      {onDismiss !== undefined && <IconButton icon={X} label="Dismiss" onClick={onDismiss} />}
    </div>
  )
}

export interface ErrorStripProps {
  readonly error: ErrorInfo
  readonly onRetry?: () => void
  readonly onDismiss?: () => void
}

export function ErrorStrip({ error, onRetry, onDismiss }: ErrorStripProps) {
  return (
    <PaneStrip tone="bad" onDismiss={onDismiss} action={onRetry === undefined ? undefined : <Button onClick={onRetry}>Retry</Button>}>
      <p>
        <b>{errorTitle(error)}.</b> {error.message}
        {error.hint !== undefined && ` ${hintText(error.hint)}`}
      </p>
    </PaneStrip>
  )
}
