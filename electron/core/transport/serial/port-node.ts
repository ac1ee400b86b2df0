import { constants, type Stats } from 'node:fs'
import { access, readlink, realpath, stat } from 'node:fs/promises'
import { TransportError } from '../transport'
import { notFound, notSerial, permissionDenied } from './open-error'

export interface PortNode {
  /** The node itself, when the path is a link to it. */
  readonly path: string
  /** A pseudo-terminal pushes back on its writer; a UART behind a bridge does not. */
  readonly isPseudoTerminal: boolean
}

/** Linux, `Documentation/admin-guide/devices.txt`: the majors of Unix98 pseudo-terminals. */
const PSEUDO_TERMINAL_MAJORS = { first: 136, last: 143 }
/** Terminals that are no lines to a device: the consoles, the process's own terminal and the maker of pseudo-terminals. */
const SYSTEM_TERMINAL = /\/tty\/(tty\d*|console|ptmx)$/

/**
 * Looks at what is to be opened, on systems where ports are files. Opening first and looking later would wait for ever
 * on a named pipe, and some device nodes act on being opened. Rejects with a `TransportError`.
 */
export async function examinePortNode(path: string): Promise<PortNode> {
  let node: Stats
  let target: string
  try {
    node = await stat(path)
    target = await realpath(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES') throw new TransportError('permission-denied', `${path} is in a folder that you may not look into.`)
    throw notFound(path)
  }

  const device = deviceNumber(node)
  const isPseudoTerminal =
    process.platform === 'linux' && device.major >= PSEUDO_TERMINAL_MAJORS.first && device.major <= PSEUDO_TERMINAL_MAJORS.last
  const otherKind = kindOf(node) ?? (isPseudoTerminal || (await isSerialDevice(device)) ? null : 'a device of another kind')
  if (otherKind !== null) throw notSerial(path, otherKind)

  try {
    await access(path, constants.R_OK | constants.W_OK)
  } catch {
    throw await permissionDenied(path, node)
  }
  return { path: target, isPseudoTerminal }
}

function kindOf(node: Stats): string | null {
  if (node.isCharacterDevice()) return null
  if (node.isDirectory()) return 'a folder'
  if (node.isFile()) return 'a file'
  if (node.isFIFO()) return 'a named pipe'
  if (node.isSocket()) return 'a socket'
  return 'a disk'
}

interface DeviceNumber {
  readonly major: number
  readonly minor: number
}

/** As glibc's `makedev` packs them. */
function deviceNumber({ rdev }: Stats): DeviceNumber {
  return { major: (rdev >>> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00) }
}

/** Asks the kernel what a device node stands for; where it does not say, opening the port will tell. */
async function isSerialDevice({ major, minor }: DeviceNumber): Promise<boolean> {
  try {
    const device = await readlink(`/sys/dev/char/${major}:${minor}`)
    return device.includes('/tty/') && !SYSTEM_TERMINAL.test(device)
  } catch {
    return true
  }
}
