import type { Stats } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { TransportError } from '../transport'
import type { PortHolder } from './port-holder'

export function notFound(path: string): TransportError {
  return new TransportError('not-found', `There is no port ${path}.`, 'Check the cable and the name of the port.')
}

export function notSerial(path: string, kind = 'a device of another kind'): TransportError {
  return new TransportError(
    'not-a-serial-port',
    `${path} is ${kind}, not a serial port.`,
    'Choose a port from the list, or type the full path of one.',
  )
}

export function inUse(path: string, holder: PortHolder | null): TransportError {
  const by = holder === null ? 'another program' : holder.pid === process.pid ? 'this app itself' : `${holder.name} (pid ${holder.pid})`
  return new TransportError('port-in-use', `${path} is in use by ${by}.`, 'Close the port there, then try again.')
}

/** The binding knows some settings on Windows alone; on other systems it would fail with less to say, or not notice. */
export function notOnThisSystem(path: string, setting: string): TransportError {
  return new TransportError(
    'port-error',
    `${path} could not be opened with ${setting}: there is no such thing on this system.`,
    'Choose another value in the settings.',
  )
}

export function writeTimedOut(path: string, limitMs: number): TransportError {
  return new TransportError(
    'timeout',
    `The board on ${path} has taken nothing of what was sent to it for ${limitMs / 1_000} s.`,
    'Reset the board, then connect again.',
  )
}

export function cancelled(path: string): TransportError {
  return new TransportError('cancelled', `Opening ${path} was cancelled.`)
}

export function notOpen(path: string): TransportError {
  return new TransportError('disconnected', `${path} is not open.`)
}

export function lost(path: string): TransportError {
  return new TransportError(
    'disconnected',
    `The connection to the board on ${path} is lost: the port is gone.`,
    'Check the cable and whether the board has restarted, then connect again.',
  )
}

/** Names the group that owns the node, as it differs between systems (`dialout`, `uucp`, `plugdev` …), and the command that helps. */
export async function permissionDenied(path: string, node: Pick<Stats, 'gid' | 'mode'>): Promise<TransportError> {
  const group = await groupName(node.gid)
  const reason = 'permission-denied'
  // A group of that name with a surprise in it must not become a command that someone copies.
  if (node.gid === 0 || group === null || !/^[\w.-]+$/.test(group)) {
    const owner = group === null ? `group number ${node.gid}` : `the group ${group}`
    return new TransportError(
      reason,
      `You are not allowed to use ${path}: it belongs to ${owner}.`,
      `Run \`sudo chown $USER ${quote(path)}\` in a terminal, then try again. It holds until the board is next plugged in.`,
    )
  }
  const groupMayUse = (node.mode & 0o060) === 0o060
  const open = groupMayUse ? '' : `\`sudo chmod g+rw ${quote(path)}\` and `
  return new TransportError(
    reason,
    `You are not allowed to use ${path}: it belongs to the group ${group}.`,
    `Run ${open}\`sudo usermod -aG ${group} $USER\` in a terminal, then log out and in again.`,
  )
}

async function groupName(gid: number): Promise<string | null> {
  try {
    const groups = await readFile('/etc/group', 'utf8')
    for (const line of groups.split('\n')) {
      const [name, , number] = line.split(':')
      if (name !== undefined && number === String(gid)) return name
    }
  } catch {
    // Without the file there are only numbers.
  }
  return null
}

function quote(path: string): string {
  return /^[\w/.:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
