import { IDENTITY_ITEM_MAX_CHARS } from '../../../shared/limits'
import type { BoardIdentity } from '../../../shared/model'

const UNKNOWN_IDENTITY: BoardIdentity = {
  name: null,
  version: null,
  machine: null,
  uniqueId: null,
  freeMemoryBytes: null,
  platform: null,
  build: null,
  mpyVersion: null,
  mpyArchitecture: null,
  frequencyHz: null,
  resetCause: null,
  flashTotalBytes: null,
  flashFreeBytes: null,
  features: [],
}

/** More than any answer to `identityCode`; what a board sends beyond it is dropped. */
export const IDENTITY_ANSWER_MAX_BYTES = 4 * 1024

/**
 * Code that prints `<token>nonce,name,version,machine,unique id,free memory<token>`. The nonce is the connection's own and
 * stands first: an answer without it was meant for somebody else. Every item is hex, empty where the board has none:
 * hex, because an item may hold anything; each on its own, because small ports lack some of them. It leaves no name behind.
 * Text becomes bytes by `bytes`, and calls are not nested deeper than need be: the micro:bit's strings have no `encode`, and its
 * stack is short.
 */
export function identityCode(token: string, nonce: string): string {
  const half = token.length / 2
  const echo = Buffer.from(nonce, 'utf8').toString('hex')
  return `def _muster_identity():
 import sys
 def item(read):
  try:
   value = read()
   if isinstance(value, str):
    value = bytes(value, 'utf-8')
   return ''.join(['%02x' % byte for byte in value[:${IDENTITY_ITEM_MAX_CHARS}]])
  except Exception:
   return ''
 def version():
  parts = sys.implementation[1]
  text = '%s.%s.%s' % tuple(parts[:3])
  return text + '-' + parts[3] if len(parts) > 3 and parts[3] else text
 def unique_id():
  import machine
  return machine.unique_id()
 def free_memory():
  import gc
  return str(gc.mem_free())
 token = '${token.slice(0, half)}' + '${token.slice(half)}'
 items = [lambda: sys.implementation[0], version, lambda: sys.implementation._machine, unique_id, free_memory]
 text = ''
 for read in items:
  text += ',' + item(read)
 print(token + '${echo.slice(0, nonce.length)}' + '${echo.slice(nonce.length)}' + text + token)
try:
 _muster_identity()
finally:
 del _muster_identity
`
}

/** Reads the answer to `identityCode`. Whatever does not fit becomes null: nothing from a board is trusted. */
export function readIdentity(answer: Uint8Array, token: string, nonce: string): BoardIdentity {
  const text = Buffer.from(answer.buffer, answer.byteOffset, answer.length).toString('latin1')
  const start = text.indexOf(token)
  const end = text.indexOf(token, start + token.length)
  if (start === -1 || end === -1) return UNKNOWN_IDENTITY
  const items = text.slice(start + token.length, end).split(',')
  if (items.length !== 6 || items[0] !== Buffer.from(nonce, 'utf8').toString('hex')) return UNKNOWN_IDENTITY
  const [, name, version, machine, uniqueId, freeMemory] = items
  return {
    ...UNKNOWN_IDENTITY,
    name: readText(name),
    version: readText(version),
    machine: readText(machine),
    uniqueId: readHex(uniqueId),
    freeMemoryBytes: readCount(readText(freeMemory)),
  }
}

function readHex(item: string | undefined): string | null {
  const isHex = item !== undefined && item.length % 2 === 0 && item.length <= 2 * IDENTITY_ITEM_MAX_CHARS && /^[0-9a-f]+$/.test(item)
  return isHex ? item : null
}

function readText(item: string | undefined): string | null {
  const hex = readHex(item)
  if (hex === null) return null
  // Control, format and unassigned characters could reorder or hide what is shown next to them.
  const text = Buffer.from(hex, 'hex').toString('utf8').replace(/\p{C}/gu, '').trim()
  return text === '' ? null : text
}

function readCount(text: string | null): number | null {
  if (text === null || !/^\d{1,15}$/.test(text)) return null
  return Number(text)
}
