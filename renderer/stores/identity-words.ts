import type { BoardFeature, BoardKey, IdentityLevel, ResetCause } from '../../shared/model'

/** What tells a board from all others, in words. */
export interface IdentityWords {
  /** `by unique id 7c:df:a1:02:9f:e4`. */
  readonly short: string
  /** How sure that is, as sentences. */
  readonly explanation: string
  /** The unique id and the serial number of the plug do not belong together. */
  readonly isDoubtful: boolean
}

const LEVELS: Readonly<Record<IdentityLevel, (text: string) => string>> = {
  uniqueId: text => `by unique id ${text}`,
  usbSerial: text => `by USB serial ${text}`,
  usbPath: () => 'by USB path',
  port: () => 'by port only',
}

const EXPLANATIONS: Readonly<Record<IdentityLevel, string>> = {
  uniqueId: 'The board says its unique id itself: it is recognised on any port.',
  usbSerial: 'The board says no unique id. The serial number of its USB plug tells it from others, on any port.',
  usbPath: 'Neither a unique id nor a serial number. The board is known by the USB socket it is plugged into.',
  port: 'Neither a unique id nor anything of its plug. Another board on this port would look the same.',
}

const AGREEMENTS: Readonly<Record<BoardKey['usbSerial'], string>> = {
  agrees: 'The USB serial number agrees with it.',
  differs: 'The USB serial number does not belong to it: the plug may be another board’s.',
  unknown: '',
}

export function identityWords({ level, text, usbSerial }: BoardKey): IdentityWords {
  return {
    short: LEVELS[level](text),
    explanation: [EXPLANATIONS[level], level === 'uniqueId' ? AGREEMENTS[usbSerial] : ''].filter(Boolean).join(' '),
    isDoubtful: usbSerial === 'differs',
  }
}

const LEVEL_NAMES: Readonly<Record<IdentityLevel, string>> = {
  uniqueId: 'unique id',
  usbSerial: 'USB serial number',
  usbPath: 'USB path',
  port: 'port only',
}

/** `unique id, agrees with the USB serial number`. */
export function knownByText({ level, usbSerial }: BoardKey): string {
  if (level !== 'uniqueId' || usbSerial === 'unknown') return LEVEL_NAMES[level]
  return `unique id, ${usbSerial === 'agrees' ? 'agrees' : 'differs'} ${usbSerial === 'agrees' ? 'with' : 'from'} the USB serial number`
}

export const RESET_CAUSES: Readonly<Record<ResetCause, string>> = {
  'power-on': 'power on',
  hard: 'hard reset',
  watchdog: 'watchdog, its program did not report in time',
  'deep-sleep': 'woke from deep sleep',
  soft: 'soft reset',
  other: 'a cause of its own',
}

/** In the order in which they are said. */
const FEATURES: readonly (readonly [BoardFeature, string])[] = [
  ['sha256', 'SHA-256'],
  ['crc32', 'CRC-32'],
  ['base64', 'base64'],
  ['deflate', 'compression'],
  ['binaryInput', 'binary input'],
  ['binaryOutput', 'binary output'],
  ['kbdIntr', 'Ctrl-C can be switched off'],
  ['poll', 'waiting for input'],
  ['folders', 'folders'],
  ['rename', 'renaming files'],
  ['stat', 'file sizes'],
  ['statvfs', 'free space'],
  ['romfs', 'ROM file system'],
  ['mip', 'package install'],
]

/** `SHA-256, compression, folders`. */
export function featureText(features: readonly BoardFeature[]): string {
  return FEATURES.filter(([feature]) => features.includes(feature))
    .map(([, words]) => words)
    .join(', ')
}
