/** What a board hangs on. */
export type PortBackend = 'serial' | 'simulated'

/** `none`: a group session. It has no board; it holds metadata and the sessions that belong to it. */
export type Backend = PortBackend | 'none'

/** Where the list knows a port from. Typed ports stay until the user removes them. */
export type PortSource = 'listed' | 'typed' | 'simulated'

export interface UsbInfo {
  /** Four lower-case hex digits. */
  readonly vendorId: string
  readonly productId: string
  readonly serialNumber: string | null
  readonly manufacturer: string | null
  readonly locationId: string | null
}

/**
 * What happens to DTR and RTS when a port is opened and closed. `raise` fits nearly every board; `lower` those with an
 * auto-reset circuit that resets on a raised line; `leave` touches neither.
 */
export type LinePolicy = 'raise' | 'lower' | 'leave'

/** What the user has set for one board or port. Kept by its device key. */
export interface PortSettings {
  readonly lines: LinePolicy
  /** Null for the configured default. */
  readonly baudRate: number | null
}

export interface PortInfo {
  /** What is opened: `/dev/ttyACM0`, `COM3`, `simulated:1`. Unique in a list. */
  readonly path: string
  readonly backend: PortBackend
  readonly source: PortSource
  /** False for a typed path that does not exist at the moment. */
  readonly present: boolean
  /** `usb:<vid>:<pid>:<serial>` where there is a serial number that no other port has, else `path:<path>`. */
  readonly deviceKey: string
  /** Short name for the list: product text, board family by VID:PID, or the last part of the path. */
  readonly label: string
  /** Board family guessed from VID:PID. A hint only: nothing is decided on it. */
  readonly boardHint: string | null
  readonly usb: UsbInfo | null
  readonly settings: PortSettings
}

export interface PortList {
  readonly ports: readonly PortInfo[]
  readonly scannedAt: number | null
  /** Set when the list could not be refreshed: what is shown is the last known state. */
  readonly stale: { readonly since: number; readonly message: string } | null
}
