import type { ResetKind, SessionSnapshot } from '../../../shared/model'
import { usePortName, useServices } from '../../stores/context'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'

interface Question {
  readonly title: (name: string) => string
  readonly consequences: readonly string[]
  readonly way: string
  readonly action: string
}

const QUESTIONS: Readonly<Record<Extract<ResetKind, 'hard' | 'bootloader'>, Question>> = {
  hard: {
    title: name => `Hard reset ${name}?`,
    consequences: [
      'The board restarts as if its power had been switched off and on.',
      'Its variables are lost; boot.py and main.py run again.',
      'A board with USB of its own vanishes for a moment, and may come back as another port. Its session follows it.',
    ],
    way: 'By its reset line where the port has one, else by machine.reset().',
    action: 'Hard reset',
  },
  bootloader: {
    title: name => `Put ${name} into its bootloader?`,
    consequences: [
      'MicroPython ends, and with it what runs and all variables.',
      'The board stays in its bootloader, ready for new firmware, until it is reset or plugged in again.',
      'Its session is lost until MicroPython is back.',
    ],
    way: 'By machine.bootloader(). Not every board has it.',
    action: 'Enter bootloader',
  },
}

export interface ResetDialogProps {
  readonly session: SessionSnapshot
  readonly kind: Extract<ResetKind, 'hard' | 'bootloader'>
  readonly onClose: () => void
}

/** Says what will happen before a board is restarted from the ground up. */
export function ResetDialog({ session, kind, onClose }: ResetDialogProps) {
  const { commands } = useServices()
  const name = usePortName(session.sessionId)
  const { title, consequences, way, action } = QUESTIONS[kind]
  const reset = (): void => {
    onClose()
    void commands.reset(session.sessionId, kind)
  }
  return (
    <Dialog
      title={title(name)}
      onClose={onClose}
      buttons={
        <>
          <Button autoFocus onClick={onClose}>
            Cancel
          </Button>
          <Button tone="danger" onClick={reset}>
            {action}
          </Button>
        </>
      }
    >
      <ul className="dialog-list">
        {session.running !== null && <li>Run #{session.running.number} is interrupted.</li>}
        {consequences.map(consequence => (
          <li key={consequence}>{consequence}</li>
        ))}
      </ul>
      <p className="dialog-hint">{way}</p>
    </Dialog>
  )
}
