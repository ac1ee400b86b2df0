import { useState } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { ErrorNote } from '../../ui/error-note'
import type { DocumentActions } from './document-actions'
import { joinPath, lastName, parentPath, problemOfName } from './paths'

export interface UnsavedDialogProps {
  readonly name: string
  readonly boardName: string
  readonly whyNot: string | null
  readonly onSave: () => void
  readonly onDrop: () => void
  readonly onClose: () => void
}

/** Before a file that is not saved is closed. */
export function UnsavedDialog({ name, boardName, whyNot, onSave, onDrop, onClose }: UnsavedDialogProps) {
  return (
    <Dialog
      title={`Save ${name} before closing it?`}
      onClose={onClose}
      onSubmit={onSave}
      buttons={
        <>
          <Button tone="danger" onClick={onDrop}>
            Drop the changes
          </Button>
          <span className="spacer" />
          <Button autoFocus={whyNot !== null} onClick={onClose}>
            Go on editing
          </Button>
          <Button type="submit" tone="primary" autoFocus={whyNot === null} disabled={whyNot !== null} title={whyNot ?? undefined}>
            Save
          </Button>
        </>
      }
    >
      <p>
        What you have changed is not on {boardName} yet.{whyNot !== null && ` ${whyNot}.`}
      </p>
    </Dialog>
  )
}

export interface SaveAsDialogProps {
  readonly path: string
  readonly actions: DocumentActions
  readonly onClose: () => void
}

/** The text of the editor under another name; one that is taken is said, and replaced only on demand. */
export function SaveAsDialog({ path, actions, onClose }: SaveAsDialogProps) {
  const folder = parentPath(path) ?? '/'
  const [name, setName] = useState(lastName(path))
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<ErrorInfo | null>(null)
  const problem = problemOfName(name, new Set(), folder)
  const isTaken = error?.reason === 'file-exists'
  const save = async (replace: boolean): Promise<void> => {
    if (problem !== null || isBusy) return
    setIsBusy(true)
    const result = await actions.saveAs(joinPath(folder, name), { replace })
    setIsBusy(false)
    if (result.ok) onClose()
    else setError(result.error)
  }
  return (
    <Dialog
      title={`Save in ${folder} under another name`}
      onClose={onClose}
      onSubmit={() => void save(false)}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {isTaken && (
            <Button tone="danger" disabled={isBusy} onClick={() => void save(true)}>
              Replace {name}
            </Button>
          )}
          <Button type="submit" tone="primary" disabled={problem !== null || isBusy || isTaken}>
            {isBusy ? 'Saving…' : 'Save'}
          </Button>
        </>
      }
    >
      <div className="dialog-field">
        <label htmlFor="save-as-name">Name</label>
        <input
          id="save-as-name"
          className="input"
          value={name}
          spellCheck={false}
          autoComplete="off"
          autoFocus
          aria-invalid={problem !== null}
          onChange={event => {
            setName(event.target.value)
            setError(null)
          }}
        />
        {problem !== null && <p className="dialog-hint">{problem}</p>}
      </div>
      {isTaken && <p role="alert">There is already a file called {name} in this folder.</p>}
      {error !== null && !isTaken && <ErrorNote error={error} />}
    </Dialog>
  )
}
