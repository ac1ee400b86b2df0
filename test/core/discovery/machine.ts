import { Emitter } from '../../../electron/core/base/emitter'
import { silentLogger } from '../../../electron/core/base/logger'
import type { ListedPort } from '../../../electron/core/discovery/listed-port'
import { PortDirectory } from '../../../electron/core/discovery/port-directory'
import { PortSettingsBook } from '../../../electron/core/discovery/port-settings'
import type { PortInfo, PortList } from '../../../shared/model'
import { FakeClock } from '../../fakes/fake-clock'
import { FakeSettings } from '../../fakes/fake-settings'

export function simulatedPort(number: number): PortInfo {
  const path = `simulated:${number}`
  return {
    path,
    backend: 'simulated',
    source: 'simulated',
    present: true,
    deviceKey: `path:${path}`,
    label: `Board ${number}`,
    boardHint: null,
    usb: null,
    settings: { lines: 'raise', baudRate: null },
  }
}

/** A machine whose ports, links and answers the test sets. */
export class Machine {
  readonly clock = new FakeClock()
  ports: ListedPort[] = []
  /** Where paths lead to. */
  links = new Map<string, string>()
  simulated: PortInfo[] = []
  readonly simulatedChanged = new Emitter<void>()
  stored: readonly string[] = []
  listings = 0
  /** Instead of the list at once. */
  answer: (() => Promise<readonly ListedPort[]>) | null = null
  storageFails = false
  /** What the file of settings holds. */
  storedSettings: unknown = {}

  readonly settings = new FakeSettings()
  readonly directory: PortDirectory
  readonly heard: PortList[] = []

  constructor(stored: readonly string[] = [], platform: NodeJS.Platform = 'linux', storedSettings: unknown = {}) {
    this.stored = stored
    this.storedSettings = storedSettings
    this.directory = new PortDirectory({
      lister: async () => {
        this.listings++
        return this.answer === null ? this.ports : this.answer()
      },
      simulated: { list: () => this.simulated, onChanged: this.simulatedChanged.event },
      storage: {
        load: async () => {
          if (this.storageFails) throw new Error('no file')
          return this.stored
        },
        save: async paths => {
          if (this.storageFails) throw new Error('disk full')
          this.stored = paths
        },
      },
      portSettings: new PortSettingsBook(
        {
          load: async () => {
            if (this.storageFails) throw new Error('no file')
            return this.storedSettings
          },
          save: async settings => {
            if (this.storageFails) throw new Error('disk full')
            this.storedSettings = settings
          },
        },
        silentLogger,
      ),
      settings: this.settings,
      clock: this.clock,
      logger: silentLogger,
      platform,
      resolvePath: async path => this.links.get(path) ?? (this.ports.some(port => port.path === path) ? path : null),
    })
    this.directory.onChanged(list => this.heard.push(list))
  }

  get paths(): string[] {
    return this.directory.current.ports.map(port => port.path)
  }

  get rows(): string[] {
    return this.directory.current.ports.map(port => `${port.path} ${port.source}${port.present ? '' : ' absent'}`)
  }
}

export const PICO: ListedPort = {
  path: '/dev/ttyACM0',
  vendorId: '2E8A',
  productId: '0005',
  serialNumber: 'e66',
  product: 'Board in FS mode',
}
export const BRIDGE: ListedPort = { path: '/dev/ttyUSB0', vendorId: '1a86', productId: '7523' }
