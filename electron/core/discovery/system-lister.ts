import { SerialPort } from 'serialport'
import type { ListedPort, PortLister } from './listed-port'
import { normalizePortPath } from './port-path'
import { listSysfsPorts, type SysfsFolders } from './sysfs-lister'

/** What serialport lists; `friendlyName` is Windows' own. */
interface NativePort extends ListedPort {
  readonly friendlyName?: string | undefined
}

/** The list of ports as this system gives it best. `folders` are where Linux tells of them; tests have their own. */
export function createSystemLister(
  platform: NodeJS.Platform = process.platform,
  listNative: () => Promise<readonly NativePort[]> = () => SerialPort.list(),
  folders?: SysfsFolders,
): PortLister {
  if (platform === 'linux') return () => listSysfsPorts(folders)
  return async () => (await listNative()).map(port => fromNative(port, platform))
}

function fromNative({ friendlyName, ...port }: NativePort, platform: NodeJS.Platform): ListedPort {
  // Windows puts the port's name behind the driver's.
  const product = port.product ?? friendlyName?.replace(/ \(COM\d+\)$/, '')
  return { ...port, path: normalizePortPath(port.path, platform) ?? port.path, product }
}
