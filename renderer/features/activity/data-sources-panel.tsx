import { Plus } from 'lucide-react'
import { type FormEvent, useMemo, useState } from 'react'
import type { NoticeKind, StreamState } from '../../stores/activity-store'
import { useActivityState, useServices, useSessionsState } from '../../stores/context'
import { Button } from '../../ui/button'
import { ErrorLine } from '../../ui/error-line'
import { type DataSourceRow, dataSourceRows } from './data-sources'

const KINDS: readonly { readonly kind: NoticeKind; readonly label: string; readonly text: string }[] = [
  { kind: 'start', label: 'Starts', text: 'starts' },
  { kind: 'stop', label: 'Stops', text: 'stops' },
]

/** Which data sources are followed: their starts, their stops, or both. */
export function DataSources() {
  const { commands } = useServices()
  const streams = useActivityState(state => state.streams)
  const sessions = useActivityState(state => state.sessions)
  const error = useActivityState(state => state.error)
  const listed = useSessionsState(state => state.listed)
  const [added, setAdded] = useState<readonly string[]>([])
  const rows = useMemo(
    () => dataSourceRows({ open: [...listed.values()].map(session => session.metadata.dataSource), added, streams, sessions }),
    [listed, added, streams, sessions],
  )

  const toggle = (row: DataSourceRow, kind: NoticeKind): void => {
    const stream = { kind, dataSource: row.dataSource }
    void (row[kind] === undefined ? commands.follow(stream) : commands.unfollow(stream))
  }
  const toggleAll = (kind: NoticeKind): void => {
    const isOn = isAllOn(rows, kind)
    for (const row of rows) if ((row[kind] !== undefined) === isOn) toggle(row, kind)
  }

  return (
    <section className="sources" aria-label="Data sources">
      <table>
        <thead>
          <tr>
            <th scope="col">Data source</th>
            <th scope="col" className="sources-count">
              Open
            </th>
            {KINDS.map(({ kind, label }) => (
              <th key={kind} scope="col" className="sources-switch">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="sources-all">
            <th scope="row">All known</th>
            <td className="sources-count">{rows.reduce((sum, row) => sum + row.open, 0)}</td>
            {KINDS.map(({ kind, text }) => (
              <td key={kind} className="sources-switch">
                <input
                  type="checkbox"
                  aria-label={`Follow the ${text} of all known data sources`}
                  disabled={rows.length === 0}
                  checked={isAllOn(rows, kind)}
                  ref={element => {
                    if (element !== null) element.indeterminate = !isAllOn(rows, kind) && rows.some(row => row[kind] !== undefined)
                  }}
                  onChange={() => toggleAll(kind)}
                />
              </td>
            ))}
          </tr>
          {rows.map(row => (
            <tr key={row.dataSource}>
              <th scope="row" title={row.dataSource}>
                {row.dataSource}
              </th>
              <td className="sources-count">{row.open}</td>
              {KINDS.map(({ kind, text }) => (
                <td key={kind} className="sources-switch">
                  <input
                    type="checkbox"
                    aria-label={`Follow the ${text} of ${row.dataSource}`}
                    title={receivedText(row[kind])}
                    checked={row[kind] !== undefined}
                    onChange={() => toggle(row, kind)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="page-empty">Every session has a data source. Open a board, or name one that is yet to come.</p>}
      {error !== null && (
        <p className="sources-error" role="alert">
          <ErrorLine error={error} />
        </p>
      )}
      <AddSource known={rows} onAdd={dataSource => setAdded([...added, dataSource])} />
    </section>
  )
}

/** A data source may be followed before its first session. */
function AddSource({ known, onAdd }: { readonly known: readonly DataSourceRow[]; readonly onAdd: (dataSource: string) => void }) {
  const { commands } = useServices()
  const [text, setText] = useState('')
  const typed = text.trim()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (typed === '') return
    if (!known.some(row => row.dataSource === typed)) onAdd(typed)
    for (const { kind } of KINDS) void commands.follow({ kind, dataSource: typed })
    setText('')
  }
  return (
    <form className="sources-add" onSubmit={submit}>
      <input
        className="input"
        aria-label="Data source to follow"
        placeholder="Data source, exactly as it is named"
        value={text}
        maxLength={256}
        spellCheck={false}
        autoComplete="off"
        onChange={event => setText(event.target.value)}
      />
      <Button type="submit" icon={Plus} disabled={typed === ''}>
        Follow
      </Button>
    </form>
  )
}

function isAllOn(rows: readonly DataSourceRow[], kind: NoticeKind): boolean {
  return rows.length > 0 && rows.every(row => row[kind] !== undefined)
}

function receivedText(stream: StreamState | undefined): string {
  if (stream === undefined) return 'Not followed'
  return stream.subscriptionId === null ? 'Asking for it' : `${stream.received} so far`
}
