import type { ManagerState } from '../../../../shared/model'
import { StateMachine, type Transition } from '../state-machine'

export type ManagerTrigger = 'open' | 'shut-down' | 'all-closed' | 'fatal'

/** Once active, a manager stays so at zero sessions. `fatal` is the emergency exit: everything is killed, nothing waited for. */
export const MANAGER_TRANSITIONS: readonly Transition<ManagerState, ManagerTrigger>[] = [
  { from: ['Inactive', 'Active'], trigger: 'open', to: 'Active' },
  { from: ['Inactive', 'Active'], trigger: 'shut-down', to: 'Shutdown' },
  { from: ['Shutdown'], trigger: 'all-closed', to: 'Disposed' },
  { from: ['Inactive', 'Active', 'Shutdown'], trigger: 'fatal', to: 'Disposed' },
]

export function createManagerMachine(): StateMachine<ManagerState, ManagerTrigger> {
  return new StateMachine<ManagerState, ManagerTrigger>('session manager', MANAGER_TRANSITIONS, 'Inactive', 'Disposed')
}
