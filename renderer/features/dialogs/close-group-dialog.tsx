import { useId, useState } from 'react'
import type { SessionSnapshot } from '../../../shared/model'
import { sessionName } from '../../stores/board-names'
import { usePortsState, useServices, useSessionsState } from '../../stores/context'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { formatPlural } from '../../ui/format'

export interface CloseGroupDialogProps {
  readonly group: SessionSnapshot
  readonly onClose: () => void
}

/** A group goes alone unless its members are asked to go with it. */
export function CloseGroupDialog({ group, onClose }: CloseGroupDialogProps) {
  const { commands } = useServices()
  const ports = usePortsState(state => state.ports)
  const sessions = useSessionsState(state => state.listed)
  const [cascade, setCascade] = useState(false)
  const checkId = useId()
  const members = group.metadata.associateSessionKeys.flatMap(key => sessions.get(key) ?? [])
  const close = (): void => {
    onClose()
    void commands.close(group.sessionId, { cascade })
  }
  const counted = formatPlural(members.length, 'session')
  return (
    <Dialog
      title={`Close the group ${sessionName(group, ports)}?`}
      onClose={onClose}
      onSubmit={close}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone={cascade ? 'danger' : 'primary'} autoFocus>
            {cascade ? `Close the group and ${counted}` : 'Close the group'}
          </Button>
        </>
      }
    >
      <p>
        {counted} {members.length === 1 ? 'belongs' : 'belong'} to it: {listed(members.map(member => sessionName(member, ports)))}.{' '}
        {members.length === 1 ? 'It stays' : 'They stay'} open without it.
      </p>
      <label className="check" htmlFor={checkId}>
        <input id={checkId} type="checkbox" checked={cascade} onChange={event => setCascade(event.target.checked)} />
        Also close its members
      </label>
      {cascade && <p className="dialog-hint">What they run is stopped.</p>}
    </Dialog>
  )
}

const NAMES_SHOWN = 6

function listed(names: readonly string[]): string {
  const rest = names.length - NAMES_SHOWN
  return rest <= 0 ? names.join(', ') : `${names.slice(0, NAMES_SHOWN).join(', ')} and ${rest} more`
}
