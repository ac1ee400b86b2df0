import { type LucideIcon, Plug, PowerOff, RotateCw, Trash2, Unplug } from 'lucide-react'
import type { Commands } from '../../stores/commands'
import type { FleetEntry } from './fleet-rows'

export interface RowAction {
  readonly id: 'open' | 'reopen' | 'close' | 'stop' | 'remove'
  readonly label: string
  readonly icon: LucideIcon
  readonly run: () => void
}

/** What can be done with a port as it stands. */
export function rowActions(entry: FleetEntry, commands: Commands): readonly RowAction[] {
  const { path, session, port, state } = entry
  const actions: RowAction[] = []
  if (session === undefined) {
    if (state.kind !== 'opening') actions.push({ id: 'open', label: 'Open', icon: Plug, run: () => void commands.open(path) })
  } else {
    if (session.state === 'Error')
      actions.push({ id: 'reopen', label: 'Open again', icon: RotateCw, run: () => void commands.reopen(path) })
    if (state.kind !== 'closing') actions.push({ id: 'close', label: 'Close', icon: Unplug, run: () => void commands.close(path) })
  }
  if (port?.source === 'simulated' && port.present) {
    actions.push({ id: 'stop', label: 'Stop', icon: PowerOff, run: () => void commands.stopSimulated(path) })
  }
  if (port?.source === 'typed' && session === undefined && state.kind !== 'opening') {
    actions.push({ id: 'remove', label: 'Remove path', icon: Trash2, run: () => void commands.removePort(path) })
  }
  return actions
}

/** What Delete does: close what is open; else remove what was added. */
export function primaryRemoval(entry: FleetEntry, commands: Commands): RowAction | undefined {
  const actions = rowActions(entry, commands)
  return actions.find(action => action.id === 'close') ?? actions.find(action => action.id === 'remove' || action.id === 'stop')
}
