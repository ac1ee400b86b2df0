import type { PortInfo } from '../../../../shared/model'

/** What the port list can say about a request to open. */
export interface PortLookup {
  /** The port as the list knows it, if it does. */
  find(path: string): PortInfo | undefined
  /** The one present port of a device; null when there is none, or more than one. */
  locate(deviceKey: string): string | null
  /** The sentence that says why a port may not be opened; null when it may. */
  refusal(port: Pick<PortInfo, 'path' | 'backend' | 'usb'>): string | null
}

/** A list of ports that can also be asked what is at a path that it does not know. */
export interface PortSource extends PortLookup {
  identify?(path: string): Promise<PortInfo | undefined>
}

/** Whether a path has to be looked at first: it may be another name of a port that has its rules and its holder. */
export function mustBeIdentified(ports: PortSource, path: string | undefined): path is string {
  return path !== undefined && ports.identify !== undefined && ports.find(path) === undefined
}

/** The same list, with what is at this path. */
export async function withIdentified(ports: PortSource, path: string): Promise<PortLookup> {
  const identified = await ports.identify?.(path)
  return { ...lookupOf(ports), find: wanted => ports.find(wanted) ?? (wanted === path ? identified : undefined) }
}

/** The same list, which also finds the devices that sessions have: those are known, also while they can't be seen. */
export function withHeld(ports: PortLookup, portOf: (deviceKey: string) => string | null): PortLookup {
  return { ...lookupOf(ports), locate: deviceKey => ports.locate(deviceKey) ?? portOf(deviceKey) }
}

function lookupOf(ports: PortLookup): PortLookup {
  return { find: path => ports.find(path), locate: deviceKey => ports.locate(deviceKey), refusal: port => ports.refusal(port) }
}
