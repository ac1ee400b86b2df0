import { useDialogsState, useServices, useSessionsState } from '../../stores/context'
import { closeDialog } from '../../stores/dialogs-store'
import { CloseGroupDialog } from './close-group-dialog'
import { ForceCloseDialog } from './force-close-dialog'
import { GroupDialog } from './group-dialog'
import './dialogs.css'

/** What is being asked at the moment. A question about a session that has gone is withdrawn. */
export function Dialogs() {
  const { stores } = useServices()
  const dialog = useDialogsState(state => state.dialog)
  const sessionId = dialog !== null && 'sessionId' in dialog ? dialog.sessionId : ''
  const session = useSessionsState(state => state.sessions.get(sessionId))
  const close = (): void => closeDialog(stores.dialogs)
  if (dialog === null) return null
  if (dialog.kind === 'new-group') return <GroupDialog group={null} onClose={close} />
  if (session === undefined) return null
  switch (dialog.kind) {
    case 'force-close':
      return <ForceCloseDialog key={sessionId} session={session} onClose={close} />
    case 'close-group':
      return <CloseGroupDialog key={sessionId} group={session} onClose={close} />
    case 'edit-group':
      return <GroupDialog key={sessionId} group={session} onClose={close} />
  }
}
