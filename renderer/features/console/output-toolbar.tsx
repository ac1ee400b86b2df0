import { Clock, Copy, Download, Pause, Play, Search, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import type { OutputTotals } from '../../islands/terminal/output-formatter'
import { useServices } from '../../stores/context'
import { addNotice } from '../../stores/notices-store'
import { formatBytes, formatPlural } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'

/** How long `Copied 38.2 kB` stands in place of the totals. */
const DONE_SHOWN_MS = 4_000

export interface OutputToolbarProps {
  readonly sessionId: string
  readonly totals: OutputTotals
  readonly timestamps: boolean
  readonly onTimestamps: (timestamps: boolean) => void
  readonly isPaused: boolean
  readonly onPause: (paused: boolean) => void
  readonly isSearching: boolean
  readonly onSearch: () => void
  readonly onCleared: () => void
}

export function OutputToolbar(props: OutputToolbarProps) {
  const { client, stores } = useServices()
  const { sessionId, totals } = props
  const [done, setDone] = useState<string | null>(null)
  useEffect(() => {
    if (done === null) return
    const timer = setTimeout(() => setDone(null), DONE_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [done])
  const tell = (error: ErrorInfo): void => addNotice(stores.notices, error)

  const copyAll = async (): Promise<void> => {
    const result = await client.call('output:copy', { sessionId })
    if (result.ok) setDone(`Copied ${formatBytes(result.value.bytes)}${droppedText(result.value.droppedBytes)}`)
    else tell(result.error)
  }
  const saveAll = async (): Promise<void> => {
    const result = await client.call('output:save', { sessionId })
    if (!result.ok) tell(result.error)
    else if (result.value.saved) setDone(`Saved ${formatBytes(result.value.bytes)}${droppedText(result.value.droppedBytes)}`)
  }
  const clear = async (): Promise<void> => {
    const result = await client.call('output:clear', { sessionId })
    if (result.ok) props.onCleared()
    else tell(result.error)
  }

  return (
    <div className="output-toolbar">
      <h3>Output</h3>
      <span className="output-totals" role={done === null ? undefined : 'status'}>
        {done ?? `${formatPlural(totals.lines, 'line')} · ${formatBytes(totals.bytes)}`}
      </span>
      <span className="spacer" />
      <IconButton
        icon={Clock}
        label="Show the time of each line"
        text="Time"
        aria-pressed={props.timestamps}
        onClick={() => props.onTimestamps(!props.timestamps)}
      />
      <IconButton
        icon={Search}
        label="Search the output"
        shortcut="Ctrl+Shift+F"
        aria-pressed={props.isSearching}
        onClick={props.onSearch}
      />
      <IconButton
        icon={props.isPaused ? Play : Pause}
        label={props.isPaused ? 'Go on showing the output' : 'Pause the view, keep recording'}
        aria-pressed={props.isPaused}
        onClick={() => props.onPause(!props.isPaused)}
      />
      <IconButton icon={Copy} label="Copy all output" onClick={() => void copyAll()} />
      <IconButton icon={Download} label="Save all output" onClick={() => void saveAll()} />
      <IconButton icon={Trash2} label="Clear the output" onClick={() => void clear()} />
    </div>
  )
}

function droppedText(droppedBytes: number): string {
  return droppedBytes === 0 ? '' : `, the ${formatBytes(droppedBytes)} before that were no longer kept`
}
