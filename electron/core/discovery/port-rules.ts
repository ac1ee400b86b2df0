import type { PortInfo } from '../../../shared/model'
import type { TransportSettings } from '../config/settings'

type Port = Pick<PortInfo, 'path' | 'backend' | 'usb'>
type Rules = Pick<TransportSettings, 'allow' | 'block'>

/** `2e8a:0005`, or `2e8a:*` for everything of one maker. */
const USB_NUMBERS = /^[0-9a-f]{4}:([0-9a-f]{4}|\*)$/i

/**
 * Whether a port may be listed and opened: it is on no `block`, and on `allow` where that says anything. Each entry is a
 * vendor and product number, or a path with `*` for any characters and `?` for one. Simulated boards are always allowed.
 */
export function isPortAllowed(port: Port, { allow, block }: Rules, platform: NodeJS.Platform): boolean {
  if (port.backend === 'simulated') return true
  const matches = (pattern: string): boolean => matchesPort(pattern.trim(), port, platform)
  return !block.some(matches) && (allow.length === 0 || allow.some(matches))
}

function matchesPort(pattern: string, { path, usb }: Port, platform: NodeJS.Platform): boolean {
  if (USB_NUMBERS.test(pattern)) return usb !== null && globOf(pattern, 'i').test(`${usb.vendorId}:${usb.productId}`)
  return globOf(pattern, platform === 'win32' ? 'i' : '').test(path)
}

function globOf(pattern: string, flags: string): RegExp {
  // Stars that follow each other mean one: anything else could take for ever on a long path.
  const source = pattern
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source}$`, `${flags}s`)
}
