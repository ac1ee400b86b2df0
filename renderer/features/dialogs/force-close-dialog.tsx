import type { SessionSnapshot } from '../../../shared/model'
import { usePortName, useServices } from '../../stores/context'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { formatBytes, formatPlural } from '../../ui/format'

export interface ForceCloseDialogProps {
  readonly session: SessionSnapshot
  readonly onClose: () => void
}

/** Says what is lost before a port is let go without waiting for its board. */
export function ForceCloseDialog({ session, onClose }: ForceCloseDialogProps) {
  const { commands } = useServices()
  const name = usePortName(session.sessionId)
  const force = (): void => {
    onClose()
    void commands.forceClose(session.sessionId)
  }
  return (
    <Dialog
      title={`Force ${name} to close?`}
      onClose={onClose}
      buttons={
        <>
          <Button autoFocus onClick={onClose}>
            Keep it open
          </Button>
          <Button tone="danger" onClick={force}>
            Force close
          </Button>
        </>
      }
    >
      <p>The port is let go at once, without waiting for the board. What is lost:</p>
      <ul className="dialog-list">
        {losses(session).map(loss => (
          <li key={loss}>{loss}</li>
        ))}
      </ul>
      <p className="dialog-hint">Close waits for the board for a few seconds first, and is enough as long as the board answers.</p>
    </Dialog>
  )
}

function losses({ running, queuedExecutions, statistics, backend }: SessionSnapshot): readonly string[] {
  if (backend === 'none') return ['The group, its details and its attributes. Its members stay open.']
  return [
    ...(running === null ? [] : [`Run #${running.number}: its reply. The board may go on running it.`]),
    ...(queuedExecutions === 0 ? [] : [`${formatPlural(queuedExecutions, 'run')} that ${queuedExecutions === 1 ? 'waits' : 'wait'}.`]),
    ...(statistics.pendingWriteBytes === 0 ? [] : [`${formatBytes(statistics.pendingWriteBytes)} that have not been sent.`]),
    'This session’s output, charts and attributes.',
    'The way back to the friendly prompt: the board is left as it is.',
  ]
}
