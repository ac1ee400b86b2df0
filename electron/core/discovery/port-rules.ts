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
  if (USB_NUMBERS.test(pattern)) return usb !== null && matchesGlob(pattern.toLowerCase(), `${usb.vendorId}:${usb.productId}`)
  return platform === 'win32' ? matchesGlob(pattern.toLowerCase(), path.toLowerCase()) : matchesGlob(pattern, path)
}

/**
 * Goes back to the last star alone, so that no pattern takes longer than its length times the text's; a regular
 * expression would try every way to share the text among all stars.
 */
function matchesGlob(pattern: string, text: string): boolean {
  let at = 0
  let star = -1
  let afterStar = 0
  for (let index = 0; index < text.length; ) {
    if (pattern[at] === '*') {
      star = at++
      afterStar = index
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[index])) {
      at++
      index++
    } else if (star >= 0) {
      at = star + 1
      index = ++afterStar
    } else {
      return false
    }
  }
  return /^\**$/.test(pattern.slice(at))
}
