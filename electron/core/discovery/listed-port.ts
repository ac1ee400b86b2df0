import type { PortInfo, UsbInfo } from '../../../shared/model'
import { shortPortName } from '../../../shared/port-name'
import { DEFAULT_PORT_SETTINGS } from './port-settings'
import { boardHint } from './usb-boards'

/** A port as the system tells of it. The texts come from the device and may hold anything. */
export interface ListedPort {
  readonly path: string
  readonly vendorId?: string | undefined
  readonly productId?: string | undefined
  readonly serialNumber?: string | undefined
  readonly manufacturer?: string | undefined
  readonly product?: string | undefined
  readonly locationId?: string | undefined
}

/** Lists the ports there are. Rejects when that can't be told. */
export type PortLister = () => Promise<readonly ListedPort[]>

const DEVICE_TEXT_CHARS = 128
/** TinyUSB boards call themselves after their USB speed, which names nothing. */
const SAYS_NOTHING = /^board in [fhl]s mode$/i

/**
 * All ports that the system lists. Where two have the same serial number, as copies of a board and the two ports of one board
 * have, it tells none from the other: each is known by its path, and both can be used. A port that was known by its path
 * stays so while it is plugged in, or whoever waits for its twin would be led to it as soon as the twin is gone.
 */
export function describeListedPorts(listed: readonly ListedPort[], before: readonly PortInfo[] = []): readonly PortInfo[] {
  const ports = listed.map(describeListedPort)
  const isShared = (port: PortInfo): boolean => ports.filter(({ deviceKey }) => deviceKey === port.deviceKey).length > 1
  const wasShared = ({ path, usb }: PortInfo): boolean =>
    before.some(known => known.path === path && known.deviceKey === pathKey(path) && known.usb?.serialNumber === usb?.serialNumber)
  return ports.map(port => (isShared(port) || wasShared(port) ? { ...port, deviceKey: pathKey(port.path) } : port))
}

export function describeListedPort(port: ListedPort): PortInfo {
  const usb = usbOf(port)
  const hint = usb === null ? null : boardHint(usb.vendorId, usb.productId)
  const product = deviceText(port.product)
  return {
    path: port.path,
    backend: 'serial',
    source: 'listed',
    present: true,
    deviceKey: deviceKey(port.path, usb),
    label: (product !== null && !SAYS_NOTHING.test(product) ? product : hint) ?? shortPortName(port.path),
    boardHint: hint,
    usb,
    settings: DEFAULT_PORT_SETTINGS,
  }
}

/** A path that the user typed. `device` is the listed port it leads to, as a link in `/dev/serial/by-id` does. */
export function describeTypedPort(path: string, present: boolean, device: PortInfo | undefined): PortInfo {
  if (device !== undefined) return { ...device, path, source: 'typed' }
  return {
    path,
    backend: 'serial',
    source: 'typed',
    present,
    deviceKey: deviceKey(path, null),
    label: shortPortName(path),
    boardHint: null,
    usb: null,
    settings: DEFAULT_PORT_SETTINGS,
  }
}

function usbOf(port: ListedPort): UsbInfo | null {
  const vendorId = usbNumber(port.vendorId)
  const productId = usbNumber(port.productId)
  if (vendorId === null || productId === null) return null
  return {
    vendorId,
    productId,
    serialNumber: ownSerialNumber(deviceText(port.serialNumber)),
    manufacturer: deviceText(port.manufacturer),
    locationId: deviceText(port.locationId),
  }
}

function deviceKey(path: string, usb: UsbInfo | null): string {
  return usb === null || usb.serialNumber === null ? pathKey(path) : `usb:${usb.vendorId}:${usb.productId}:${usb.serialNumber}`
}

function pathKey(path: string): string {
  return `path:${path}`
}

/** Null for a number that is not the device's own, or that too many others have. */
function ownSerialNumber(text: string | null): string | null {
  // Windows makes one up from the socket, with `&` in it, for what has none; CP210x bridges leave the factory with this one.
  return text === null || text.includes('&') || text === '0001' ? null : text
}

/** Systems differ in case, in a leading `0x` and in leading zeros. */
function usbNumber(text: string | undefined): string | null {
  const digits = /^(?:0x)?([0-9a-f]{1,4})$/i.exec(text?.trim() ?? '')?.[1]
  return digits === undefined ? null : digits.toLowerCase().padStart(4, '0')
}

function deviceText(text: string | undefined): string | null {
  const clean = (text ?? '').replace(/\p{C}/gu, '').trim().slice(0, DEVICE_TEXT_CHARS)
  return clean === '' ? null : clean
}
