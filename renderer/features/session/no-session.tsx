import { Cpu, Plug } from 'lucide-react'
import { portName } from '../../stores/board-names'
import { usePortsState, useServices, useTabsState } from '../../stores/context'
import { Button } from '../../ui/button'

/** The centre while nothing is open. */
export function NoSession() {
  const { commands } = useServices()
  const selected = useTabsState(state => state.selected)
  const port = usePortsState(state => state.ports.get(selected ?? ''))
  const hasPorts = usePortsState(state => state.ports.size > 0)
  return (
    <div className="session-message">
      <h2>No session is open</h2>
      <p>
        {hasPorts
          ? 'Open a port from the list with a double click or Enter. Its console and its charts appear here.'
          : 'Plug a board in, or start a simulated one. Its console and its charts appear here.'}
      </p>
      <div className="session-buttons">
        {port !== undefined && (
          <Button icon={Plug} tone="primary" onClick={() => void commands.open(port.path)}>
            Open {portName(port.path, port)}
          </Button>
        )}
        {hasPorts && (
          <Button icon={Cpu} tone={port === undefined ? 'primary' : undefined} onClick={() => void commands.simulate(1, { open: true })}>
            Start simulated board
          </Button>
        )}
      </div>
      {hasPorts && <p className="session-hint">A simulated board runs the real MicroPython interpreter.</p>}
      <p className="session-hint">
        <kbd>?</kbd> shows all shortcuts
      </p>
    </div>
  )
}
