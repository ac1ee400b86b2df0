import { useEffect, useMemo, useState } from 'react'
import type { BoardEntry, LocalEntry, Transfer, TransferFile } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { formatCount, formatPlural } from '../../ui/format'
import { formatChanged, formatSize } from './file-rows'
import { joinPath, parentPath } from './paths'

/** Questions that are answered one by one; of more, all at once. */
const QUESTIONS_SHOWN = 200
/** Folders whose dates are looked up. */
const FOLDERS_READ = 12

export interface ConflictDialogProps {
  readonly transfer: Transfer
  readonly files: readonly TransferFile[]
  readonly boardName: string
  readonly onResolve: (decision: 'replace' | 'skip', indices?: readonly number[]) => void
  readonly onCancel: () => void
  /** Answers nothing: the transfer goes on waiting. */
  readonly onClose: () => void
}

/** What would be replaced: both sides' sizes and dates, and a decision for each or for all. */
export function ConflictDialog({ transfer, files, boardName, onResolve, onCancel, onClose }: ConflictDialogProps) {
  const { questions, direction } = transfer
  const asked = useMemo(() => {
    const open = new Set(questions)
    return files.filter(({ index }) => open.has(index))
  }, [files, questions])
  const dates = useDates(transfer, asked)
  const where = direction === 'toBoard' ? `on ${boardName}` : 'on the computer'
  const only = asked.length === 1 ? asked[0] : undefined
  const shown = asked.slice(0, QUESTIONS_SHOWN)
  return (
    <Dialog
      title={only === undefined ? `Replace ${formatPlural(questions.length, 'file')} ${where}?` : `Replace ${only.name} ${where}?`}
      onClose={onClose}
      buttons={
        <>
          <Button onClick={onCancel}>Cancel the copy</Button>
          <span className="spacer" />
          <Button autoFocus onClick={() => onResolve('skip')}>
            {only === undefined ? 'Skip all' : 'Skip'}
          </Button>
          <Button tone="primary" onClick={() => onResolve('replace')}>
            {only === undefined ? `Replace all ${formatCount(questions.length)}` : 'Replace'}
          </Button>
        </>
      }
    >
      <p>
        {only === undefined
          ? 'These files are there already, and are not the same.'
          : 'There is already a file of this name, and it is not the same.'}{' '}
        The old one stays until the new one has arrived and is verified.
      </p>
      <ul className="conflicts" aria-label="Files that would be replaced">
        {shown.map(file => (
          <Conflict
            key={file.index}
            file={file}
            direction={direction}
            dates={dates.get(file.index)}
            onDecide={only === undefined ? decision => onResolve(decision, [file.index]) : null}
          />
        ))}
      </ul>
      {asked.length > QUESTIONS_SHOWN && <p className="dialog-hint">and {formatCount(asked.length - QUESTIONS_SHOWN)} more</p>}
    </Dialog>
  )
}

interface Dates {
  readonly from: number | null
  readonly to: number | null
}

interface ConflictProps {
  readonly file: TransferFile
  readonly direction: Transfer['direction']
  readonly dates: Dates | undefined
  readonly onDecide: ((decision: 'replace' | 'skip') => void) | null
}

function Conflict({ file, direction, dates, onDecide }: ConflictProps) {
  const [from, to] = direction === 'toBoard' ? ['Computer', 'Board'] : ['Board', 'Computer']
  return (
    <li className="conflict">
      <div className="conflict-name">
        <b title={file.boardPath}>{file.name}</b>
        {onDecide !== null && (
          <span className="conflict-buttons">
            <Button aria-label={`Skip ${file.name}`} onClick={() => onDecide('skip')}>
              Skip
            </Button>
            <Button aria-label={`Replace ${file.name}`} onClick={() => onDecide('replace')}>
              Replace
            </Button>
          </span>
        )}
      </div>
      <dl className="conflict-sides">
        <dt>New, {from}</dt>
        <dd>{sideText(file.bytes, dates?.from ?? null)}</dd>
        <dt>Old, {to}</dt>
        <dd>{sideText(file.replacesBytes, dates?.to ?? null)}</dd>
      </dl>
    </li>
  )
}

function sideText(bytes: number | null, changedAt: number | null): string {
  const size = bytes === null ? 'size unknown' : formatSize(bytes)
  return changedAt === null ? size : `${size} · changed ${formatChanged(changedAt)}`
}

/** When both sides were changed, as their folders say. Sizes alone do without. */
function useDates(transfer: Transfer, asked: readonly TransferFile[]): ReadonlyMap<number, Dates> {
  const { client } = useServices()
  const { sessionId, local, direction, transferId } = transfer
  const [entries, setEntries] = useState<{
    readonly local: ReadonlyMap<string, LocalEntry>
    readonly board: ReadonlyMap<string, BoardEntry>
  }>({ local: new Map(), board: new Map() })
  // The first look tells all: answers only make the list shorter.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  useEffect(() => {
    if (local.folderId === '') return
    let isThere = true
    const boardFolders = distinct(asked.map(({ boardPath }) => parentPath(boardPath) ?? '/'))
    const localFolders = distinct(asked.map(({ name }) => parentPath(joinPath(local.path, name)) ?? ''))
    void Promise.all([
      Promise.all(localFolders.map(path => client.call('local:list', { place: { ...local, path } }))),
      Promise.all(boardFolders.map(path => client.call('files:list', { sessionId, path }))),
    ]).then(([ours, theirs]) => {
      if (!isThere) return
      setEntries({
        local: new Map(
          ours.flatMap(result =>
            result.ok ? result.value.entries.map(entry => [joinPath(result.value.place.path, entry.name), entry] as const) : [],
          ),
        ),
        board: new Map(
          theirs.flatMap(result =>
            result.ok ? result.value.entries.map(entry => [joinPath(result.value.path, entry.name), entry] as const) : [],
          ),
        ),
      })
    })
    return () => {
      isThere = false
    }
  }, [client, sessionId, transferId])
  return useMemo(
    () =>
      new Map(
        asked.map(({ index, name, boardPath }): readonly [number, Dates] => {
          const ours = entries.local.get(joinPath(local.path, name))?.modifiedAt ?? null
          const theirs = entries.board.get(boardPath)?.modifiedAt ?? null
          return [index, direction === 'toBoard' ? { from: ours, to: theirs } : { from: theirs, to: ours }]
        }),
      ),
    [asked, entries, local, direction],
  )
}

function distinct(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].slice(0, FOLDERS_READ)
}
