import { ArrowDownToLine } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { SessionSnapshot } from '../../../shared/model'
import type { OutputTotals } from '../../islands/terminal/output-formatter'
import { OutputView, type OutputViewHandle } from '../../islands/terminal/output-view'
import { usePreference, useServices } from '../../stores/context'
import { useElapsed } from '../../ui/use-elapsed'
import { useShortcut } from '../../ui/use-shortcut'
import { OutputSearch } from './output-search'
import { OutputToolbar } from './output-toolbar'
import { SendBox } from './send-box'

/** How often the totals in the heading are redrawn. */
const TOTALS_INTERVAL_MS = 250
/** What was printed before comes within this time; until then nobody can say that there is nothing. */
const EMPTY_PATIENCE_MS = 400
const NOTHING: OutputTotals = { lines: 0, bytes: 0, notes: 0 }

export interface OutputPaneProps {
  readonly session: SessionSnapshot
  readonly name: string
  /** A traceback of a run names a line of its code, and the user wants to see it. */
  readonly onTracebackLine: (number: number, line: number) => void
}

/** What the session printed, with the tools to find, keep and clear it. */
export function OutputPane({ session, name, onTracebackLine }: OutputPaneProps) {
  const { client } = useServices()
  const { sessionId } = session
  const [timestamps, setTimestamps] = usePreference('timestamps')
  const [totals, showTotals] = useTotals()
  const [isPaused, setPaused] = useState(false)
  const [isAtEnd, setAtEnd] = useState(true)
  const [isSearching, setSearching] = useState(false)
  const [clearedTimes, setClearedTimes] = useState(0)
  const [openedAt] = useState(Date.now)
  const isSettled = useElapsed(openedAt, EMPTY_PATIENCE_MS)
  const view = useRef<OutputViewHandle>(null)
  useShortcut('Ctrl+Shift+F', () => setSearching(true))

  const jumpToEnd = (): void => {
    setPaused(false)
    view.current?.scrollToEnd()
  }

  return (
    <section className="output" aria-label="Output">
      <OutputToolbar
        sessionId={sessionId}
        totals={totals}
        timestamps={timestamps}
        onTimestamps={setTimestamps}
        isPaused={isPaused}
        onPause={setPaused}
        onSearch={() => setSearching(!isSearching)}
        isSearching={isSearching}
        onCleared={() => {
          setClearedTimes(clearedTimes + 1)
          showTotals(NOTHING)
        }}
      />
      {isSearching && (
        <OutputSearch
          onFind={(text, direction) => view.current?.find(text, direction) ?? false}
          onClose={() => {
            setSearching(false)
            view.current?.focus()
          }}
        />
      )}
      <div className="output-body">
        <OutputView
          // A cleared view starts anew from what main has then.
          key={clearedTimes}
          ref={view}
          client={client}
          sessionId={sessionId}
          label={`Output of ${name}`}
          timestamps={timestamps}
          paused={isPaused}
          onTotals={showTotals}
          onAtEnd={setAtEnd}
          onTracebackLine={onTracebackLine}
        />
        {isSettled && isNothing(totals) && session.running === null && (
          <p className="output-empty">
            What the board prints appears here.{session.attachment === 'prompt' && ' Run the code above with Ctrl+Enter.'}
          </p>
        )}
        {(isPaused || !isAtEnd) && (
          <button type="button" className="output-jump" onClick={jumpToEnd}>
            <ArrowDownToLine size={14} strokeWidth={1.75} aria-hidden />
            {isPaused ? 'Paused, still recording. Jump to end' : 'Jump to end'}
          </button>
        )}
      </div>
      <SendBox session={session} name={name} />
    </section>
  )
}

/** The totals as state: the first at once, then a few times a second and once more when they come to rest. */
function useTotals(): [OutputTotals, (totals: OutputTotals) => void] {
  const [totals, setTotals] = useState<OutputTotals>(NOTHING)
  const latest = useRef(totals)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const show = useCallback((next: OutputTotals) => {
    const isFirst = isNothing(latest.current)
    latest.current = next
    if (isFirst) setTotals(next)
    timer.current ??= setTimeout(() => {
      timer.current = null
      setTotals(latest.current)
    }, TOTALS_INTERVAL_MS)
  }, [])
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current)
      timer.current = null
    },
    [],
  )
  return [totals, show]
}

function isNothing({ bytes, notes }: OutputTotals): boolean {
  return bytes === 0 && notes === 0
}
