import type { BoardIdentity, BoardKey, PortInfo, UsbInfo } from '../../../shared/model'
import { plugKind } from './usb-boards'

/** Ids of real boards have 6 to 16 bytes. */
const UNIQUE_ID_MAX_BYTES = 32

/** How the USB serial number of a board's own plug is made from its unique id. Serial numbers in lower case. */
interface SerialRule {
  /** A serial number that looks otherwise was not made by this rule: old firmware had the same one for all boards. */
  readonly looks: RegExp
  readonly idBytes: readonly number[]
  fits(serial: string, id: Buffer): boolean
}

/** `mp_usbd_port_get_serial_number` of most ports: the id itself. */
const WHOLE_ID: SerialRule = {
  looks: /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/,
  idBytes: [8, 16],
  fits: (serial, id) => serial === id.toString('hex'),
}

/** ESP32's own USB: eight bytes, of which only the first six, the MAC, are ever set. */
const MAC_AND_NOISE: SerialRule = {
  looks: /^[0-9a-f]{16}$/,
  idBytes: [6],
  fits: (serial, id) => serial.startsWith(id.toString('hex')),
}

/** ESP32's USB-Serial/JTAG: the MAC, as one writes it. */
const MAC_WITH_COLONS: SerialRule = {
  looks: /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/,
  idBytes: [6],
  fits: (serial, id) => serial === withColons(id),
}

/**
 * stm32, as ST's own loader has it: six numbers from the twelve bytes. Two of them are sums, which `usbd_desc.c` of the port
 * prints with all their digits and `usbd.c` cuts to a byte.
 */
const STM32_SUMS: SerialRule = {
  looks: /^[0-9a-f]{12,14}$/,
  idBytes: [12],
  fits: (serial, id) => serial === stm32Serial(id, 0xfff) || serial === stm32Serial(id, 0xff),
}

/** By `sys.platform`. nRF boards are missing: their unique id is empty. */
const RULES: ReadonlyMap<string, readonly SerialRule[]> = new Map([
  ['rp2', [WHOLE_ID]],
  ['samd', [WHOLE_ID]],
  ['mimxrt', [WHOLE_ID]],
  ['alif', [WHOLE_ID]],
  ['renesas-ra', [WHOLE_ID]],
  ['esp32', [MAC_AND_NOISE, MAC_WITH_COLONS]],
  ['pyboard', [STM32_SUMS]],
])
const ALL_RULES = [WHOLE_ID, MAC_AND_NOISE, MAC_WITH_COLONS, STM32_SUMS]

/**
 * What tells the board at this port from all others, by the strongest that there is. All of it may be made up by the device:
 * a key says which board this seems to be, and `usbSerial` whether its two stories fit together.
 */
export function boardKeyOf(identity: BoardIdentity | null, port: PortInfo | undefined, path: string): BoardKey {
  const id = uniqueIdOf(identity)
  const usb = port?.usb ?? null
  const usbSerial = id === null || usb?.serialNumber == null ? 'unknown' : compare(id, identity?.platform ?? '', usb, usb.serialNumber)
  if (id !== null) return { level: 'uniqueId', text: withColons(id), usbSerial }
  if (usb?.serialNumber != null) return { level: 'usbSerial', text: serialText(usb.serialNumber), usbSerial }
  if (usb?.locationId != null) return { level: 'usbPath', text: usb.locationId, usbSerial }
  return { level: 'port', text: path, usbSerial }
}

/** Null for none, and for what chips give that were never given one. */
function uniqueIdOf(identity: BoardIdentity | null): Buffer | null {
  const hex = identity?.uniqueId ?? ''
  if (!/^(?:[0-9a-f]{2})+$/.test(hex) || hex.length > 2 * UNIQUE_ID_MAX_BYTES) return null
  return /^(?:0+|f+)$/.test(hex) ? null : Buffer.from(hex, 'hex')
}

/**
 * That they fit is never chance. That they do not is only said where the plug is surely the board's own and its firmware makes
 * serial numbers in a way that is known: behind a bridge or a probe the serial number is that of another chip.
 */
function compare(id: Buffer, platform: string, usb: UsbInfo, serialNumber: string): BoardKey['usbSerial'] {
  const serial = serialNumber.toLowerCase()
  const applies = ({ looks, idBytes }: SerialRule): boolean => looks.test(serial) && idBytes.includes(id.length)
  if (ALL_RULES.some(rule => applies(rule) && rule.fits(serial, id))) return 'agrees'
  const isMadeByRule = (RULES.get(platform) ?? []).some(applies)
  return isMadeByRule && plugKind(usb.vendorId, usb.productId) === 'board' ? 'differs' : 'unknown'
}

function stm32Serial(id: Buffer, mask: number): string {
  const byte = (index: number): number => id[index] ?? 0
  const numbers = [byte(11), (byte(10) + byte(2)) & mask, byte(9), (byte(8) + byte(0)) & mask, byte(7), byte(6)]
  return numbers.map(number => number.toString(16).padStart(2, '0')).join('')
}

function withColons(bytes: Buffer): string {
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join(':')
}

/** Whole bytes of hex are written as a unique id is, so that the eye can compare; anything else as it is. */
function serialText(serialNumber: string): string {
  const isHex = /^(?:[0-9a-f]{2}){6,}$/i.test(serialNumber)
  return isHex ? withColons(Buffer.from(serialNumber, 'hex')) : serialNumber
}
