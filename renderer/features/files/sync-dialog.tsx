import { useEffect, useId, useState } from 'react'
import type { Result } from '../../../shared/contract'
import type { ErrorInfo } from '../../../shared/errors'
import type { SyncPlan, TransferDirection } from '../../../shared/model'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { ErrorNote } from '../../ui/error-note'
import { formatCount, formatPlural } from '../../ui/format'
import { Switch } from '../../ui/switch'
import { formatSize } from './file-rows'

/** Names that are said of each kind. */
const NAMES_SHOWN = 100

export interface SyncDialogProps {
  readonly localName: string
  readonly boardFolder: string
  readonly boardName: string
  readonly compare: (direction: TransferDirection) => Promise<Result<SyncPlan>>
  readonly onSync: (direction: TransferDirection, deleteStrays: boolean) => Promise<Result<unknown>>
  readonly onClose: () => void
}

/** Makes one folder like the other. What would be done is shown before anything is. */
export function SyncDialog({ localName, boardFolder, boardName, compare, onSync, onClose }: SyncDialogProps) {
  const id = useId()
  const [direction, setDirection] = useState<TransferDirection>('toBoard')
  const [deleteStrays, setDeleteStrays] = useState(false)
  const [attempt, setAttempt] = useState(0)
  const [plan, setPlan] = useState<SyncPlan | null>(null)
  const [error, setError] = useState<ErrorInfo | null>(null)
  const [isStarting, setIsStarting] = useState(false)
  // Of another direction, or after a failure, the comparison is made anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `compare` is new each time.
  useEffect(() => {
    let isThere = true
    setPlan(null)
    setError(null)
    void compare(direction).then(result => {
      if (!isThere) return
      if (result.ok) setPlan(result.value)
      else setError(result.error)
    })
    return () => {
      isThere = false
    }
  }, [direction, attempt])

  const far = direction === 'toBoard' ? boardName : 'the computer'
  const copied = plan === null ? 0 : plan.add.length + plan.replace.length
  const removed = plan !== null && deleteStrays ? plan.strays.length : 0
  const start = async (): Promise<void> => {
    if (plan === null || isStarting || copied + removed === 0) return
    setIsStarting(true)
    const result = await onSync(direction, deleteStrays)
    if (result.ok) onClose()
    else {
      setIsStarting(false)
      setError(result.error)
    }
  }
  return (
    <Dialog
      title={`Sync ${localName} and ${boardFolder} of ${boardName}`}
      onClose={onClose}
      onSubmit={() => void start()}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={plan === null || isStarting || copied + removed === 0}>
            {startText(plan, copied, removed)}
          </Button>
        </>
      }
    >
      <fieldset className="sync-directions">
        <legend className="visually-hidden">Direction</legend>
        {(['toBoard', 'fromBoard'] as const).map(way => (
          <label key={way} className="check">
            <input type="radio" name={`${id}-direction`} checked={direction === way} onChange={() => setDirection(way)} />
            {way === 'toBoard' ? (
              <span>
                To the board: {boardFolder} becomes like {localName}
              </span>
            ) : (
              <span>
                To the computer: {localName} becomes like {boardFolder}
              </span>
            )}
          </label>
        ))}
      </fieldset>
      <div className="sync-strays">
        <Switch
          id={`${id}-strays`}
          label="Remove strays"
          describedBy={`${id}-strays-text`}
          checked={deleteStrays}
          onChange={setDeleteStrays}
        />
        <span id={`${id}-strays-text`}>Remove what only {far} has</span>
      </div>
      {plan === null && error === null && (
        <p className="dialog-hint" role="status">
          Comparing both folders by their hashes…
        </p>
      )}
      {error !== null && (
        <ErrorNote error={error}>
          <Button onClick={() => setAttempt(attempt + 1)}>Retry</Button>
        </ErrorNote>
      )}
      {plan !== null && <Plan plan={plan} deleteStrays={deleteStrays} far={far} />}
    </Dialog>
  )
}

function startText(plan: SyncPlan | null, copied: number, removed: number): string {
  if (plan === null) return 'Sync'
  if (copied + removed === 0) return 'Nothing to do'
  const parts = [copied > 0 && `copy ${formatCount(copied)}`, removed > 0 && `remove ${formatCount(removed)}`].filter(Boolean).join(', ')
  return `Sync: ${parts}`
}

interface PlanProps {
  readonly plan: SyncPlan
  readonly deleteStrays: boolean
  readonly far: string
}

function Plan({ plan: { add, replace, same, strays }, deleteStrays, far }: PlanProps) {
  return (
    <section className="plan" aria-label="What would be done">
      <PlanPart title="Add" note="not there yet" entries={add.map(({ name, bytes }) => [name, formatSize(bytes)])} />
      <PlanPart
        title="Replace"
        note="there, but not the same"
        entries={replace.map(({ name, bytes, replacesBytes }) => [
          name,
          replacesBytes === null ? formatSize(bytes) : `${formatSize(bytes)} for ${formatSize(replacesBytes)}`,
        ])}
      />
      <PlanPart title="Same" note="left as they are" entries={same.map(({ name, bytes }) => [name, formatSize(bytes)])} />
      <PlanPart
        title={deleteStrays ? 'Remove' : 'Strays'}
        note={deleteStrays ? `only on ${far}` : `only on ${far}; kept`}
        isDanger={deleteStrays}
        entries={strays.map(({ name, bytes }) => [name, bytes === null ? 'folder' : formatSize(bytes)])}
      />
    </section>
  )
}

interface PlanPartProps {
  readonly title: string
  readonly note: string
  readonly isDanger?: boolean
  readonly entries: readonly (readonly [name: string, size: string])[]
}

function PlanPart({ title, note, isDanger = false, entries }: PlanPartProps) {
  const head = (
    <>
      <b className={isDanger && entries.length > 0 ? 'plan-danger' : undefined}>{title}</b>
      <span className="plan-count">{formatPlural(entries.length, 'file')}</span>
      <span className="plan-note">{note}</span>
    </>
  )
  if (entries.length === 0) return <div className="plan-part plan-head plan-none">{head}</div>
  return (
    <details className="plan-part" open={title !== 'Same' && entries.length <= 6}>
      <summary className="plan-head">{head}</summary>
      <ul>
        {entries.slice(0, NAMES_SHOWN).map(([name, size]) => (
          <li key={name}>
            <span title={name}>{name}</span>
            <span>{size}</span>
          </li>
        ))}
        {entries.length > NAMES_SHOWN && <li>and {formatCount(entries.length - NAMES_SHOWN)} more</li>}
      </ul>
    </details>
  )
}
