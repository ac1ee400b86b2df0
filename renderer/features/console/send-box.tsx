import { CornerDownLeft } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import type { SessionSnapshot } from '../../../shared/model'
import { boardKey } from '../../stores/board-names'
import { usePreference, useServices } from '../../stores/context'
import { isReady } from '../../stores/port-state'
import { LINE_ENDINGS, type LineEnding } from '../../stores/preferences-store'
import { Button } from '../../ui/button'
import { ErrorLine } from '../../ui/error-line'

const ENDINGS: Readonly<Record<LineEnding, { readonly label: string; readonly text: string }>> = {
  crlf: { label: 'CR LF', text: '\r\n' },
  lf: { label: 'LF', text: '\n' },
  none: { label: 'No end', text: '' },
}

/** A line for the board, as it is. What runs there reads it as its input. */
export function SendBox({ session, name }: { readonly session: SessionSnapshot; readonly name: string }) {
  const { stores, commands } = useServices()
  const [ending, setEnding] = usePreference('lineEnding')
  const [line, setLine] = useState('')
  const [error, setError] = useState<ErrorInfo | null>(null)
  const board = boardKey(session)
  const history = useLineHistory(stores.sentLines.read(board), line, setLine)
  const canSend = isReady(session)
  const isRunning = session.running !== null
  const data = line + ENDINGS[ending].text

  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!canSend || data === '') return
    stores.sentLines.add(board, line)
    history.leave()
    setLine('')
    const result = await commands.send(session.sessionId, data)
    setError(result.ok ? null : result.error)
  }

  return (
    <form className="send-box" aria-label={`Send to ${name}`} onSubmit={event => void send(event)}>
      {error !== null && (
        <p className="send-error" role="alert">
          <ErrorLine error={error} />
        </p>
      )}
      <div className="send-line">
        <input
          className="input input-code"
          aria-label={isRunning ? `Input for what runs on ${name}` : `Line to send to ${name}`}
          placeholder={placeholder(session, canSend)}
          value={line}
          disabled={!canSend}
          spellCheck={false}
          autoComplete="off"
          onChange={event => {
            setLine(event.target.value)
            setError(null)
          }}
          onKeyDown={history.onKeyDown}
        />
        {isRunning && <span className="tag send-target">input of run #{session.running?.number}</span>}
        <select
          className="input"
          aria-label="Line ending"
          title="What is sent after the line"
          value={ending}
          onChange={event => setEnding(LINE_ENDINGS.find(known => known === event.target.value) ?? ending)}
        >
          {LINE_ENDINGS.map(known => (
            <option key={known} value={known}>
              {ENDINGS[known].label}
            </option>
          ))}
        </select>
        <Button type="submit" icon={CornerDownLeft} disabled={!canSend || data === ''} title="Send (Enter)">
          Send
        </Button>
      </div>
    </form>
  )
}

function placeholder({ running, attachment }: SessionSnapshot, canSend: boolean): string {
  if (!canSend) return 'Lines can be sent while the board is ready'
  const isRunning = running !== null
  if (attachment === 'watching' && !isRunning) return 'The board’s own program reads this line as its input'
  return isRunning ? 'What runs reads this line as its input' : 'Send a line to the board as it is'
}

/** Up and down go through what was sent before; the line that was begun waits at the end. */
function useLineHistory(lines: readonly string[], line: string, setLine: (line: string) => void) {
  const [place, setPlace] = useState<{ readonly index: number; readonly begun: string } | null>(null)
  const goTo = (index: number, begun: string): void => {
    setPlace(index >= lines.length ? null : { index, begun })
    setLine(lines[index] ?? begun)
  }
  return {
    leave: () => setPlace(null),
    onKeyDown(event: KeyboardEvent): void {
      if (event.key === 'ArrowUp' && lines.length > 0) {
        event.preventDefault()
        if (place === null) goTo(lines.length - 1, line)
        else goTo(Math.max(0, place.index - 1), place.begun)
      } else if (event.key === 'ArrowDown' && place !== null) {
        event.preventDefault()
        goTo(place.index + 1, place.begun)
      }
    },
  }
}
