import { useMemo, useState } from 'react'
import type { SessionSnapshot } from '../../../shared/model'
import { sessionName } from '../../stores/board-names'
import { usePortsState, useServices, useSessionsState } from '../../stores/context'
import { describeSession } from '../../stores/port-state'
import { ErrorNote } from '../../ui/error-note'
import { FactSection } from '../../ui/facts/facts'
import { StateDot } from '../../ui/state-dot'
import { useAttempt } from '../../ui/use-attempt'

/** More sessions than this are searched. */
const SEARCHED_FROM = 12

interface Candidate {
  readonly sessionId: string
  readonly name: string
  readonly session: SessionSnapshot | undefined
}

/** Which sessions belong to this one: any that is there, but for itself. */
export function Associates({ session }: { readonly session: SessionSnapshot }) {
  const { client } = useServices()
  const attempt = useAttempt()
  const [search, setSearch] = useState('')
  const { sessionId, metadata } = session
  const chosen = metadata.associateSessionKeys
  const { candidates, parents } = useRelatives(sessionId, chosen)
  const shown = candidates.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()))
  const toggle = (id: string, isChosen: boolean): void =>
    void attempt.run(() =>
      client.call('sessions:associate', {
        sessionId,
        associateSessionKeys: isChosen ? [...chosen, id] : chosen.filter(other => other !== id),
      }),
    )
  return (
    <FactSection
      title="Associates"
      note={
        chosen.length === 0
          ? 'sessions that belong to this one'
          : `${chosen.length} ${chosen.length === 1 ? 'belongs' : 'belong'} to this one`
      }
    >
      {candidates.length === 0 && (
        <p className="facts-hint">No other session is open. Open one, and it can be made to belong to this one.</p>
      )}
      {candidates.length >= SEARCHED_FROM && (
        <input
          type="search"
          className="field-input associates-search"
          aria-label="Search the sessions"
          placeholder="Search the sessions"
          value={search}
          onChange={event => setSearch(event.target.value)}
        />
      )}
      {candidates.length > 0 && (
        <ul className="associates" aria-label="Sessions">
          {shown.map(({ sessionId: id, name, session: other }) => (
            <li key={id}>
              <label>
                <input
                  type="checkbox"
                  checked={chosen.includes(id)}
                  disabled={attempt.isBusy}
                  onChange={event => toggle(id, event.target.checked)}
                />
                {other !== undefined && <StateDot kind={describeSession(other).kind} />}
                <span className="associate-name">{name}</span>
                <span className="associate-where mono">
                  {other === undefined ? 'closed' : other.backend === 'none' ? 'group' : other.port}
                </span>
              </label>
            </li>
          ))}
          {shown.length === 0 && <li className="facts-hint">0 of {candidates.length} match.</li>}
        </ul>
      )}
      {attempt.error !== null && <ErrorNote error={attempt.error} />}
      {parents.length > 0 && <p className="facts-hint">Belongs to {parents.join(', ')}.</p>}
    </FactSection>
  )
}

/** Those that could belong to a session, and those that do but are closed; and the names of those it belongs to. */
function useRelatives(sessionId: string, chosen: readonly string[]) {
  const sessions = useSessionsState(state => state.listed)
  const ports = usePortsState(state => state.ports)
  return useMemo(() => {
    const others = [...sessions.values()].filter(other => other.sessionId !== sessionId)
    const open: Candidate[] = others
      .map(other => ({ sessionId: other.sessionId, name: sessionName(other, ports), session: other }))
      .sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }))
    const closed: Candidate[] = chosen
      .filter(id => !sessions.has(id))
      .map(id => ({ sessionId: id, name: `${id.slice(0, 14)}…${id.slice(-4)}`, session: undefined }))
    return {
      candidates: [...open, ...closed],
      parents: others.filter(other => other.metadata.associateSessionKeys.includes(sessionId)).map(other => sessionName(other, ports)),
    }
  }, [sessions, ports, sessionId, chosen])
}
