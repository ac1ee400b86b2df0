import { useDialogsState, usePortsState, useServices, useSessionsState } from '../../stores/context'
import { closeDialog } from '../../stores/dialogs-store'
import { CloseGroupDialog } from './close-group-dialog'
import { ForceCloseDialog } from './force-close-dialog'
import { GroupDialog } from './group-dialog'
import { PortSettingsDialog } from './port-settings-dialog'
import { ResetDialog } from './reset-dialog'
import './dialogs.css'

/** What is being asked at the moment. A question about a session or a port that has gone is withdrawn. */
export function Dialogs() {
  const { stores } = useServices()
  const dialog = useDialogsState(state => state.dialog)
  const sessionId = dialog !== null && 'sessionId' in dialog ? dialog.sessionId : ''
  const session = useSessionsState(state => state.sessions.get(sessionId))
  const path = dialog?.kind === 'port-settings' ? dialog.path : ''
  const port = usePortsState(state => state.ports.get(path))
  const close = (): void => closeDialog(stores.dialogs)
  if (dialog === null) return null
  if (dialog.kind === 'new-group') return <GroupDialog group={null} onClose={close} />
  if (dialog.kind === 'port-settings') return port === undefined ? null : <PortSettingsDialog key={path} port={port} onClose={close} />
  if (session === undefined) return null
  switch (dialog.kind) {
    case 'force-close':
      return <ForceCloseDialog key={sessionId} session={session} onClose={close} />
    case 'close-group':
      return <CloseGroupDialog key={sessionId} group={session} onClose={close} />
    case 'hard-reset':
      return <ResetDialog key={sessionId} session={session} kind="hard" onClose={close} />
    case 'bootloader':
      return <ResetDialog key={sessionId} session={session} kind="bootloader" onClose={close} />
    case 'edit-group':
      return <GroupDialog key={sessionId} group={session} onClose={close} />
  }
}
