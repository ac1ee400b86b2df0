import { Copy } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ErrorInfo } from '../../shared/errors'
import { commandInHint, errorTitle, hintText } from '../bridge/error-texts'
import { IconButton } from './icon-button'

/** An error in its place: what failed, on which board and port, why, and what to do next. */
export function ErrorNote({ error, children }: { readonly error: ErrorInfo; readonly children?: ReactNode }) {
  const command = commandInHint(error.hint)
  return (
    <div className="error-note" role="alert">
      <p className="error-title">{errorTitle(error)}</p>
      <p>{error.message}</p>
      {error.hint !== undefined && <p className="error-hint">{hintText(error.hint)}</p>}
      {command !== null && (
        <p className="error-command">
          <code>{command}</code>
          <IconButton icon={Copy} label="Copy the command" onClick={() => void navigator.clipboard.writeText(command)} />
        </p>
      )}
      {children !== undefined && <div className="error-actions">{children}</div>}
    </div>
  )
}
