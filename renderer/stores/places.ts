import type { PortInfo, SessionSnapshot } from '../../shared/model'
import type { PortsState } from './ports-store'
import type { SessionsState } from './sessions-store'

/**
 * What a tab, a row and the selection name: a session by its id, so that they follow it from port to port; a port
 * without a session by its path; or a page.
 */
export type Place = string

/** Pages that show no session. */
export const PAGES = ['page:activity', 'page:settings'] as const
export type Page = (typeof PAGES)[number]

export function isPage(place: Place): place is Page {
  return (PAGES as readonly string[]).includes(place)
}

/** A session whose board has gone, or that is on its way back to it. Its port may be anyone's meanwhile. */
export function isAway({ state, connectedAt }: Pick<SessionSnapshot, 'state' | 'connectedAt'>): boolean {
  return connectedAt !== null && (state === 'Error' || state === 'Connecting')
}

/** The session whose port this is: the one that is open on it, or the lost one whose board has come up here. */
export function sessionAt(sessions: SessionsState, ports: PortsState['ports'], path: string): SessionSnapshot | undefined {
  const port = ports.get(path)
  const here = sessions.sessions.get(sessions.byPort.get(path) ?? '')
  if (here !== undefined && holds(here, port)) return here
  if (port === undefined || !port.present) return undefined
  const known = sessions.sessions.get(sessions.byDevice.get(port.deviceKey) ?? '')
  return known !== undefined && isAway(known) ? known : undefined
}

export function sessionOf(sessions: SessionsState, ports: PortsState['ports'], place: Place): SessionSnapshot | undefined {
  return sessions.sessions.get(place) ?? sessionAt(sessions, ports, place)
}

/** The listed port of a session; none while another board is on it. */
export function portOf(ports: PortsState['ports'], session: SessionSnapshot): PortInfo | undefined {
  const port = ports.get(session.port)
  return port !== undefined && holds(session, port) ? port : undefined
}

function holds(session: SessionSnapshot, port: PortInfo | undefined): boolean {
  return !isAway(session) || port === undefined || port.deviceKey === session.deviceKey
}
