import { type LucideIcon, Plug, PowerOff, RotateCw, Trash2, Unplug } from 'lucide-react'
import type { Commands } from '../../stores/commands'
import { isAway } from '../../stores/places'
import type { FleetEntry } from './fleet-rows'

export interface RowAction {
  readonly id: 'open' | 'reopen' | 'reconnect' | 'close' | 'stop' | 'remove'
  readonly label: string
  readonly icon: LucideIcon
  readonly run: () => void
}

/** What can be done with a session or a port as it stands. */
export function rowActions(entry: FleetEntry, commands: Commands): readonly RowAction[] {
  const { place, path, session, port, state } = entry
  const actions: RowAction[] = []
  if (session === undefined) {
    if (state.kind !== 'opening') actions.push({ id: 'open', label: 'Open', icon: Plug, run: () => void commands.open(place) })
  } else {
    if (session.fault?.final === true && session.state === 'Error') {
      actions.push({ id: 'reopen', label: 'Open again', icon: RotateCw, run: () => void commands.reopen(place) })
    } else if (isAway(session)) {
      actions.push({ id: 'reconnect', label: 'Reconnect', icon: RotateCw, run: () => void commands.reconnect(session.sessionId) })
    }
    if (state.kind !== 'closing') actions.push({ id: 'close', label: 'Close', icon: Unplug, run: () => void commands.close(place) })
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
