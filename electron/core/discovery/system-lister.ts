import { join } from 'node:path'
import { SerialPort } from 'serialport'
import type { ListedPort, PortLister } from './listed-port'
import { normalizePortPath } from './port-path'
import { listSysfsPorts } from './sysfs-lister'

/** What serialport lists; `friendlyName` is Windows' own. */
interface NativePort extends ListedPort {
  readonly friendlyName?: string | undefined
}

export interface SystemListerOptions {
  readonly platform?: NodeJS.Platform
  readonly listNative?: () => Promise<readonly NativePort[]>
  /** On Linux: a folder laid out like `/`, to be read instead of this computer's own files. */
  readonly systemRoot?: string | undefined
}

/** The list of ports as this system gives it best. */
export function createSystemLister({
  platform = process.platform,
  listNative = () => SerialPort.list(),
  systemRoot = '/',
}: SystemListerOptions = {}): PortLister {
  if (platform === 'linux') return () => listSysfsPorts({ sys: join(systemRoot, 'sys'), dev: join(systemRoot, 'dev') })
  return async () => (await listNative()).map(port => fromNative(port, platform))
}

function fromNative({ friendlyName, ...port }: NativePort, platform: NodeJS.Platform): ListedPort {
  // Windows puts the port's name behind the driver's.
  const product = port.product ?? friendlyName?.replace(/ \(COM\d+\)$/, '')
  return { ...port, path: normalizePortPath(port.path, platform) ?? port.path, product }
}
