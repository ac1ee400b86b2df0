import { useState } from 'react'
import type { Result } from '../../../shared/contract'
import type { ErrorInfo } from '../../../shared/errors'
import type { LocalEntry } from '../../../shared/model'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { ErrorNote } from '../../ui/error-note'
import { countText, EntryList } from './entry-list'

export interface TrashDialogProps {
  readonly entries: readonly LocalEntry[]
  readonly onTrash: () => Promise<Result<unknown>>
  readonly onClose: () => void
}

/** Before files of the computer go into its trash. */
export function TrashDialog({ entries, onTrash, onClose }: TrashDialogProps) {
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<ErrorInfo | null>(null)
  const only = entries.length === 1 ? entries[0] : undefined
  const trash = async (): Promise<void> => {
    if (isBusy) return
    setIsBusy(true)
    setError(null)
    const result = await onTrash()
    if (result.ok) onClose()
    else {
      setIsBusy(false)
      setError(result.error)
    }
  }
  return (
    <Dialog
      title={`Move ${only?.name ?? countText(entries)} to the trash?`}
      onClose={onClose}
      onSubmit={() => void trash()}
      buttons={
        <>
          <Button onClick={onClose}>Keep</Button>
          <Button type="submit" tone="primary" autoFocus disabled={isBusy}>
            {isBusy ? 'Moving…' : 'Move to the trash'}
          </Button>
        </>
      }
    >
      {only === undefined && <EntryList entries={entries} />}
      <p>
        {only?.kind === 'folder' && 'The folder with all that is in it. '}
        The trash of this computer has {entries.length === 1 ? 'it' : 'them'} until it is emptied.
      </p>
      {error !== null && <ErrorNote error={error} />}
    </Dialog>
  )
}
