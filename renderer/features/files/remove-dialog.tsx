import { useEffect, useState } from 'react'
import type { Result } from '../../../shared/contract'
import type { ErrorInfo } from '../../../shared/errors'
import type { BoardEntry } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { ErrorNote } from '../../ui/error-note'
import { formatPlural } from '../../ui/format'
import { countText, EntryList } from './entry-list'
import { formatSize, totalSize } from './file-rows'
import { joinPath } from './paths'

export interface RemoveDialogProps {
  readonly sessionId: string
  readonly boardName: string
  readonly folder: string
  readonly entries: readonly BoardEntry[]
  readonly onRemove: () => Promise<Result<unknown>>
  readonly onClose: () => void
}

/** Says what is removed, how much of it there is, and that nothing brings it back. */
export function RemoveDialog({ sessionId, boardName, folder, entries, onRemove, onClose }: RemoveDialogProps) {
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<ErrorInfo | null>(null)
  const folders = entries.filter(({ kind }) => kind === 'folder')
  const inside = useInside(
    sessionId,
    folders.map(({ name }) => joinPath(folder, name)),
  )
  const only = entries.length === 1 ? entries[0] : undefined
  const remove = async (): Promise<void> => {
    setIsBusy(true)
    setError(null)
    const result = await onRemove()
    if (result.ok) onClose()
    else {
      setIsBusy(false)
      setError(result.error)
    }
  }
  const question = only === undefined ? `Remove ${countText(entries)} from ${boardName}?` : `Remove ${only.name} from ${boardName}?`
  return (
    <Dialog
      title={question}
      onClose={onClose}
      onSubmit={() => void remove()}
      buttons={
        <>
          <Button autoFocus onClick={onClose}>
            Keep
          </Button>
          <Button type="submit" tone="danger" disabled={isBusy}>
            {isBusy ? 'Removing…' : `Remove ${only === undefined ? countText(entries) : 'it'}`}
          </Button>
        </>
      }
    >
      {only === undefined && <EntryList entries={entries} />}
      <p>
        {folders.length > 0 && `${insideText(folders.length, inside)} `}
        {only?.kind === 'file' && only.size !== null && `${formatSize(only.size)}. `}
        {entries.length > 1 && `${formatSize(totalSize(entries))} in the files named here. `}
        The board has no bin: nothing brings it back.
      </p>
      {error !== null && <ErrorNote error={error} />}
    </Dialog>
  )
}

interface Inside {
  readonly files: number
  readonly folders: number
  readonly isMore: boolean
}

function insideText(folders: number, inside: Inside | null | 'unknown'): string {
  const whose = folders === 1 ? 'The folder' : 'The folders'
  if (inside === null) return `${whose} with all that is in ${folders === 1 ? 'it' : 'them'}; counting…`
  if (inside === 'unknown') return `${whose} with all that is in ${folders === 1 ? 'it' : 'them'}.`
  const more = inside.isMore ? 'more than ' : ''
  if (inside.files + inside.folders === 0) return `${whose} ${folders === 1 ? 'is' : 'are'} empty.`
  const counts = [inside.files > 0 && formatPlural(inside.files, 'file'), inside.folders > 0 && formatPlural(inside.folders, 'folder')]
  return `${whose} with all that is in ${folders === 1 ? 'it' : 'them'}: ${more}${counts.filter(Boolean).join(' and ')}.`
}

/** What the folders hold, counted by the board; null until it is known. */
function useInside(sessionId: string, paths: readonly string[]): Inside | null | 'unknown' {
  const { client } = useServices()
  const [inside, setInside] = useState<Inside | null | 'unknown'>(null)
  const key = paths.join('\0')
  useEffect(() => {
    if (key === '') return
    let isThere = true
    void Promise.all(key.split('\0').map(path => client.call('files:tree', { sessionId, path }))).then(results => {
      if (!isThere) return
      const trees = results.flatMap(result => (result.ok ? [result.value] : []))
      if (trees.length < results.length) {
        setInside('unknown')
        return
      }
      const entries = trees.flatMap(tree => tree.entries)
      const folders = entries.filter(({ kind }) => kind === 'folder').length
      setInside({ files: entries.length - folders, folders, isMore: trees.some(({ isTruncated }) => isTruncated) })
    })
    return () => {
      isThere = false
    }
  }, [client, sessionId, key])
  return inside
}
