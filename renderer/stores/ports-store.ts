import { createStore, type StoreApi } from 'zustand/vanilla'
import type { PortInfo, PortList } from '../../shared/model'

export interface PortsState {
  /** False until the first list has come. */
  readonly loaded: boolean
  readonly ports: ReadonlyMap<string, PortInfo>
  readonly stale: PortList['stale']
}

export type PortsStore = StoreApi<PortsState>

export function createPortsStore(): PortsStore {
  return createStore<PortsState>(() => ({ loaded: false, ports: new Map(), stale: null }))
}

/** A port that has not changed keeps its object, so that its row is not drawn again. */
export function applyPortList(store: PortsStore, list: PortList): void {
  const before = store.getState().ports
  const ports = new Map<string, PortInfo>()
  let changed = before.size !== list.ports.length
  for (const port of list.ports) {
    const known = before.get(port.path)
    const kept = known !== undefined && JSON.stringify(known) === JSON.stringify(port) ? known : port
    if (kept !== known) changed = true
    ports.set(port.path, kept)
  }
  store.setState({ loaded: true, ports: changed ? ports : before, stale: list.stale })
}

/** For the answer to a command, ahead of the next list. */
export function addPorts(store: PortsStore, added: readonly PortInfo[]): void {
  const ports = new Map(store.getState().ports)
  for (const port of added) ports.set(port.path, port)
  store.setState({ ports })
}
