import { Eye, Hand, type LucideIcon, Plug, PowerOff, RotateCw, SlidersHorizontal, Trash2, Unplug } from 'lucide-react'
import type { AppServices } from '../../stores/context'
import { openDialog } from '../../stores/dialogs-store'
import { isAway } from '../../stores/places'
import type { FleetEntry } from './fleet-rows'

export interface RowAction {
  readonly id: 'open' | 'watch' | 'reopen' | 'reconnect' | 'takeOver' | 'close' | 'stop' | 'remove' | 'settings'
  readonly label: string
  readonly icon: LucideIcon
  /** For the menu only: the row has room for few. */
  readonly isForMenu?: boolean
  readonly run: () => void
}

/** What can be done with a session or a port as it stands. */
export function rowActions(entry: FleetEntry, { commands, stores }: Pick<AppServices, 'commands' | 'stores'>): readonly RowAction[] {
  const { place, path, session, port, state } = entry
  const actions: RowAction[] = []
  if (session === undefined) {
    if (state.kind !== 'opening') {
      actions.push({ id: 'open', label: 'Open', icon: Plug, run: () => void commands.open(place) })
      actions.push({ id: 'watch', label: 'Open and watch', icon: Eye, isForMenu: true, run: () => void commands.open(place, 'watch') })
    }
  } else {
    if (session.fault?.final === true && session.state === 'Error') {
      actions.push({ id: 'reopen', label: 'Open again', icon: RotateCw, run: () => void commands.reopen(place) })
    } else if (isAway(session)) {
      actions.push({ id: 'reconnect', label: 'Reconnect', icon: RotateCw, run: () => void commands.reconnect(session.sessionId) })
    }
    if (state.kind === 'watching') {
      const run = (): void => void commands.takeOver(session.sessionId)
      actions.push({ id: 'takeOver', label: 'Take over, interrupting its program', icon: Hand, isForMenu: true, run })
    }
    if (state.kind !== 'closing') actions.push({ id: 'close', label: 'Close', icon: Unplug, run: () => void commands.close(place) })
  }
  if (port?.source === 'simulated' && port.present) {
    actions.push({ id: 'stop', label: 'Stop', icon: PowerOff, run: () => void commands.stopSimulated(path) })
  }
  if (port?.source === 'typed' && session === undefined && state.kind !== 'opening') {
    actions.push({ id: 'remove', label: 'Remove path', icon: Trash2, run: () => void commands.removePort(path) })
  }
  if (port !== undefined && port.backend === 'serial') {
    const run = (): void => openDialog(stores.dialogs, { kind: 'port-settings', path })
    actions.push({ id: 'settings', label: 'Port settings…', icon: SlidersHorizontal, isForMenu: true, run })
  }
  return actions
}

/** What Delete does: close what is open; else remove what was added. */
export function primaryRemoval(entry: FleetEntry, services: Pick<AppServices, 'commands' | 'stores'>): RowAction | undefined {
  const actions = rowActions(entry, services)
  return actions.find(action => action.id === 'close') ?? actions.find(action => action.id === 'remove' || action.id === 'stop')
}
