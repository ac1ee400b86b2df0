import { DEFAULT_BAUD_RATE } from '../../shared/limits'
import type { BoardIdentity, PortInfo, SessionSnapshot } from '../../shared/model'
import { shortPortName } from '../../shared/port-name'
import { formatCount } from '../ui/format'
import { portOf } from './places'
import type { PortsState } from './ports-store'

/** The list's name for a port; once the port has gone, the name it had when its session was opened. */
export function portName(path: string, port: PortInfo | undefined, session?: Pick<SessionSnapshot, 'portLabel'>): string {
  return port?.label || session?.portLabel || shortPortName(path)
}

/** What a person calls a session: a group by its identifier, a board by its port's name. */
export function sessionName(session: SessionSnapshot, ports: PortsState['ports']): string {
  if (session.backend === 'none') return session.metadata.identifier || session.clientSessionName || 'Group'
  return portName(session.port, portOf(ports, session), session)
}

/** What belongs to a board rather than to a port: its device key where that tells boards apart, else the port. */
export function boardKey({ deviceKey, port }: { readonly deviceKey: string; readonly port: string }): string {
  return deviceKey.startsWith('usb:') ? deviceKey : port
}

/** `Generic ESP32S3 module with ESP32S3` → `ESP32S3`: the chip is what tells boards apart. */
export function shortMachine(machine: string): string {
  const chip = machine.lastIndexOf(' with ')
  return chip < 0 ? machine : machine.slice(chip + ' with '.length)
}

/** Second line of a fleet row: `ESP32S3 · 1.27.0`. */
export function boardLine(port: PortInfo | undefined, session: SessionSnapshot | undefined): string {
  const kind = kindOf(port, session)
  const version = session?.board?.version
  return version == null ? kind : `${kind} · ${version}`
}

/** The header of a session: `RP2040 · MicroPython 1.27.0 · ttyACM0`. */
export function boardText(session: SessionSnapshot, port: PortInfo | undefined): string {
  if (session.backend === 'none') return 'A group has no board of its own'
  const parts = [kindOf(port, session), firmware(session.board), shortPortName(session.port), speedText(session)]
  return parts.filter(part => part !== null && part !== '').join(' · ')
}

function kindOf(port: PortInfo | undefined, session: SessionSnapshot | undefined): string {
  if ((session?.backend ?? port?.backend) === 'simulated') return 'simulated'
  const machine = session?.board?.machine
  if (machine != null) return shortMachine(machine)
  if (port?.boardHint != null) return port.boardHint
  if (port?.usb != null) return `${port.usb.vendorId}:${port.usb.productId}`
  return port?.source === 'typed' ? 'typed path' : 'serial port'
}

function firmware(board: BoardIdentity | null): string | null {
  if (board?.version == null) return null
  const name = board.name === 'micropython' ? 'MicroPython' : (board.name ?? 'MicroPython')
  return `${name} ${board.version}`
}

/** Said where it is not the usual one. */
function speedText({ baudRate }: SessionSnapshot): string | null {
  return baudRate === null || baudRate === DEFAULT_BAUD_RATE ? null : `${formatCount(baudRate)} baud`
}
