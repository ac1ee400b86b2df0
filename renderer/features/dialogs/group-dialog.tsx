import { useId, useState } from 'react'
import type { SessionSnapshot } from '../../../shared/model'
import { shortPortName } from '../../../shared/port-name'
import { sessionName } from '../../stores/board-names'
import { usePortsState, useServices, useSessionsState } from '../../stores/context'
import { describeSession } from '../../stores/port-state'
import { activateTab, addTab } from '../../stores/tabs-store'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { StateDot } from '../../ui/state-dot'

export interface GroupDialogProps {
  /** Null for a new one. */
  readonly group: SessionSnapshot | null
  readonly onClose: () => void
}

/** Name, data source and members of a group. What the data source is can be said once, when the group is made. */
export function GroupDialog({ group, onClose }: GroupDialogProps) {
  const { stores, commands } = useServices()
  const ports = usePortsState(state => state.ports)
  const sessions = useSessionsState(state => state.listed)
  const id = useId()
  const [name, setName] = useState(group === null ? '' : sessionName(group, ports))
  const [dataSource, setDataSource] = useState(group?.metadata.dataSource ?? '')
  const [members, setMembers] = useState<ReadonlySet<string>>(() => {
    const selected = stores.tabs.getState().selected
    const first = selected !== null && stores.sessions.getState().sessions.has(selected) ? [selected] : []
    return new Set(group?.metadata.associateSessionKeys ?? first)
  })
  const offered = [...sessions.values()].filter(session => session.sessionId !== group?.sessionId && !isBelow(sessions, session, group))
  const isNamed = name.trim() !== ''

  const save = async (): Promise<void> => {
    if (!isNamed) return
    const chosen = offered.map(({ sessionId }) => sessionId).filter(sessionId => members.has(sessionId))
    onClose()
    if (group === null) {
      const created = await commands.createGroup({ name: name.trim(), dataSource: dataSource.trim() || name.trim(), members: chosen })
      if (created === null) return
      addTab(stores.tabs, created.sessionId)
      activateTab(stores.tabs, created.sessionId)
      return
    }
    if (name.trim() !== sessionName(group, ports)) await commands.renameGroup(group.sessionId, name.trim())
    const before = group.metadata.associateSessionKeys.filter(key => sessions.has(key))
    if (before.length !== chosen.length || before.some(key => !members.has(key))) await commands.setMembers(group.sessionId, chosen)
  }

  const toggle = (sessionId: string): void => {
    const after = new Set(members)
    if (!after.delete(sessionId)) after.add(sessionId)
    setMembers(after)
  }

  return (
    <Dialog
      title={group === null ? 'New group' : `Edit the group ${sessionName(group, ports)}`}
      onClose={onClose}
      onSubmit={() => void save()}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={!isNamed}>
            {group === null ? 'Create group' : 'Save'}
          </Button>
        </>
      }
    >
      <div className="dialog-field">
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          className="input"
          id={`${id}-name`}
          value={name}
          maxLength={128}
          autoComplete="off"
          autoFocus
          onChange={event => setName(event.target.value)}
        />
      </div>
      <div className="dialog-field">
        <label htmlFor={`${id}-source`}>Data source</label>
        <input
          id={`${id}-source`}
          className="input"
          value={dataSource}
          maxLength={256}
          placeholder={group === null ? name.trim() || 'The name, unless you say another' : ''}
          autoComplete="off"
          spellCheck={false}
          disabled={group !== null}
          aria-describedby={`${id}-source-hint`}
          onChange={event => setDataSource(event.target.value)}
        />
        <p id={`${id}-source-hint`} className="dialog-hint">
          {group === null ? 'Whoever follows this data source is told when the group begins and ends.' : 'Fixed since the group was made.'}
        </p>
      </div>
      <fieldset className="dialog-field">
        <legend>Members</legend>
        {offered.length === 0 ? (
          <p className="dialog-hint">No other session is open. Members can be added later.</p>
        ) : (
          <div className="check-list">
            {offered.map(session => (
              <label key={session.sessionId} className="check" htmlFor={`${id}-${session.sessionId}`}>
                <input
                  id={`${id}-${session.sessionId}`}
                  type="checkbox"
                  checked={members.has(session.sessionId)}
                  onChange={() => toggle(session.sessionId)}
                />
                <StateDot kind={describeSession(session).kind} />
                <span className="check-name">{sessionName(session, ports)}</span>
                <span className="check-detail">{session.backend === 'none' ? 'group' : shortPortName(session.port)}</span>
              </label>
            ))}
          </div>
        )}
      </fieldset>
    </Dialog>
  )
}

/** Whether a session holds the group already, itself or through another: then the group can't hold it. */
function isBelow(
  sessions: ReadonlyMap<string, SessionSnapshot>,
  session: SessionSnapshot,
  group: SessionSnapshot | null,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  if (group === null || seen.has(session.sessionId)) return false
  const keys = session.metadata.associateSessionKeys
  if (keys.includes(group.sessionId)) return true
  const known = new Set(seen).add(session.sessionId)
  return keys.some(key => {
    const member = sessions.get(key)
    return member !== undefined && isBelow(sessions, member, group, known)
  })
}
