import { IDENTITY_ITEM_MAX_CHARS } from '../../../shared/limits'
import type { BoardFeature, BoardIdentity, ResetCause } from '../../../shared/model'

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
export const IDENTITY_ANSWER_MAX_BYTES = 8 * 1024

/**
 * What is asked for: of each module so many items. A dotted item goes deeper, a number is an index, what can be called is called,
 * with what follows `=` if anything does. `?` asks only whether it is there. Without a line's first item none of its others
 * is looked for: a board keeps every name that it was ever asked for. Free memory comes first, as the rest uses some up, and
 * then what matters most.
 *
 * A tuple's items by number: small ports give them no names. The numbers of the reset causes are the board's own, as ports
 * count them differently. `os.stat` and `mip.install` both tell of mip: one as files, one within the firmware.
 */
const QUESTIONS = [
  'gc mem_free',
  'machine unique_id',
  'sys implementation.0 implementation.1 platform',
  'sys implementation._machine implementation._build implementation._mpy',
  'sys stdin.buffer? stdout.buffer?',
  'machine freq',
  'machine reset_cause PWRON_RESET HARD_RESET WDT_RESET DEEPSLEEP_RESET SOFT_RESET',
  'os stat? rename? mkdir? statvfs? statvfs=/ stat=/lib/mip',
  'binascii a2b_base64? crc32?',
  'deflate DeflateIO?',
  'hashlib sha256?',
  'micropython kbd_intr?',
  'select poll?',
  'vfs rom_ioctl?',
  'mip install?',
]

/** As `module.item`, in the order of the answers. */
const ITEMS = itemsOf(QUESTIONS)
/** What tells a board from others, for one whose memory holds no more. */
const FEW_ITEMS = ['machine.unique_id', 'sys.implementation.0', 'sys.implementation.1']

const FEATURES: readonly (readonly [BoardFeature, readonly string[]])[] = [
  ['base64', ['binascii.a2b_base64?']],
  ['deflate', ['deflate.DeflateIO?']],
  ['sha256', ['hashlib.sha256?']],
  ['crc32', ['binascii.crc32?']],
  ['binaryInput', ['sys.stdin.buffer?']],
  ['binaryOutput', ['sys.stdout.buffer?']],
  ['kbdIntr', ['micropython.kbd_intr?']],
  ['poll', ['select.poll?']],
  ['romfs', ['vfs.rom_ioctl?']],
  ['rename', ['os.rename?']],
  ['folders', ['os.mkdir?']],
  ['stat', ['os.stat?']],
  ['statvfs', ['os.statvfs?']],
  ['mip', ['mip.install?', 'os.stat=/lib/mip']],
]

const RESET_CAUSES: readonly (readonly [ResetCause, string])[] = [
  ['power-on', 'machine.PWRON_RESET'],
  ['hard', 'machine.HARD_RESET'],
  ['watchdog', 'machine.WDT_RESET'],
  ['deep-sleep', 'machine.DEEPSLEEP_RESET'],
  ['soft', 'machine.SOFT_RESET'],
]

/** `MP_NATIVE_ARCH_…` of MicroPython's `py/persistentcode.h`, by number; 0 is none. */
const MPY_ARCHITECTURES = [
  null,
  'x86',
  'x64',
  'armv6',
  'armv6m',
  'armv7m',
  'armv7em',
  'armv7emsp',
  'armv7emdp',
  'xtensa',
  'xtensawin',
  'rv32imc',
  'rv64imc',
] as const
/** Since this version, `.mpy` files have a sub-version for native code. */
const MPY_WITH_SUB_VERSION = 6

/** The user may have given these names to something else. */
const OWN_NAMES = 'from builtins import Exception,bytes,callable,getattr,int,isinstance,len,print,str,sum'

/** A heap with less free than this is tidied before it is measured. */
const COLLECT_BELOW_BYTES = 16_384

/**
 * Code that prints `<token>nonce,item,item…,check<token>`. The nonce is the connection's own and stands first: an answer without it was
 * meant for somebody else. Every item is hex, empty where the board has none: hex, because an item may hold anything; each on
 * its own, because ports lack some of them. The check is the sum of all bytes of the questions, as the board has them, and of the
 * answer up to there: a line that loses bytes would else have a board lack what it has, or be another one. It leaves no name, no
 * module and no path behind.
 *
 * Only what is in the firmware is imported, so that no file of the user's runs because it is called like a module; mip, which
 * would import the network, finds a stand-in for it.
 *
 * Source, byte code and answer have to fit into the micro:bit's 8 KB, which also keeps every new name for good: hence the names of
 * one letter. Its strings have no `encode`, and its stack is short. A large heap is not tidied before it is measured: with
 * megabytes that takes a tenth of a second.
 */
export function identityCode(token: string, nonce: string): string {
  return `def _muster_identity():
 ${OWN_NAMES},__import__,list
 import sys
 try:
  import gc
  if gc.mem_free() < ${COLLECT_BELOW_BYTES}:
   gc.collect()
 except Exception:
  pass
 m = getattr(sys, 'modules', {})
 b = list(m)
 p = getattr(sys, 'path', [])
 k = list(p)
${beginning(token, nonce)}
 try:
  p[:] = ['.frozen']
  for n in 'requests urequests'.split():
   m.setdefault(n, sys)
  h = 0
  for l in (
${QUESTIONS.map(line => `'${line}',\n`).join('')}):
   h += sum(bytes(l, 'utf-8'))
   l = l.split()
   for i in l[1:]:
    s += ','
    try:
     v = __import__(l[0])
     q = i.split('=')
     for n in q[0].split('?')[0].split('.'):
      v = v[int(n)] if n.isdigit() else getattr(v, n)
     if i[-1] == '?':
      v = 1
     elif callable(v):
      v = v(*q[1:])
     if not isinstance(v, bytes):
      v = bytes(str(v), 'utf-8')
     s += ''.join(['%02x' % c for c in v[:${IDENTITY_ITEM_MAX_CHARS}]])
    except Exception:
     if i == l[1]:
      s += ',' * (len(l) - 2)
      break
 finally:
  p[:] = k
  for n in list(m):
   if n not in b:
    del m[n]
 print(s + ',%x' % (h + sum(bytes(s, 'utf-8'))) + t)
try:
 _muster_identity()
finally:
 del _muster_identity
`
}

/** The same with few items, each of which every board has that can be known again, and in a third of the memory. */
export function shortIdentityCode(token: string, nonce: string): string {
  return `def _muster_identity():
 import machine, sys
${beginning(token, nonce)}
 for v in machine.unique_id(), bytes(sys.implementation[0], 'utf-8'), bytes(str(sys.implementation[1]), 'utf-8'):
  s += ',' + ''.join(['%02x' % c for c in v])
 print(s + ',%x' % sum(bytes(s, 'utf-8')) + t)
try:
 _muster_identity()
finally:
 del _muster_identity
`
}

/** The token in `t`, and what the answer begins with in `s`: put together on the board, so that no echo of the code is an answer. */
function beginning(token: string, nonce: string): string {
  const half = token.length / 2
  const echo = Buffer.from(nonce, 'utf8').toString('hex')
  return ` t = '${token.slice(0, half)}' + '${token.slice(half)}'
 s = t + '${echo.slice(0, nonce.length)}' + '${echo.slice(nonce.length)}'`
}

function itemsOf(questions: readonly string[]): readonly string[] {
  return questions.flatMap(line => {
    const [module, ...items] = line.split(' ')
    return items.map(item => `${module}.${item}`)
  })
}

/** Reads the answer to `identityCode` or `shortIdentityCode`. Whatever does not fit becomes null: nothing from a board is trusted. */
export function readIdentity(answer: Uint8Array, token: string, nonce: string): BoardIdentity {
  const text = Buffer.from(answer.buffer, answer.byteOffset, answer.length).toString('latin1')
  const start = text.indexOf(token)
  const end = text.indexOf(token, start + token.length)
  if (start === -1 || end === -1) return UNKNOWN_IDENTITY
  const body = text.slice(start, end)
  const [echo, ...values] = body.slice(token.length).split(',')
  const check = values.pop()
  const isShort = values.length === FEW_ITEMS.length
  const asked = isShort ? FEW_ITEMS : ITEMS
  if (values.length !== asked.length || echo !== Buffer.from(nonce, 'utf8').toString('hex')) return UNKNOWN_IDENTITY
  const sum = sumOf(isShort ? '' : QUESTIONS.join('')) + sumOf(body.slice(0, body.lastIndexOf(',')))
  if (check !== sum.toString(16)) return UNKNOWN_IDENTITY
  const items = new Map(asked.map((item, index) => [item, values[index]]))
  const said = (item: string): string | null => readText(items.get(item))
  return {
    name: said('sys.implementation.0'),
    version: readVersion(said('sys.implementation.1')),
    machine: said('sys.implementation._machine'),
    uniqueId: readHex(items.get('machine.unique_id')),
    freeMemoryBytes: readCount(said('gc.mem_free')),
    platform: said('sys.platform'),
    build: said('sys.implementation._build'),
    ...readMpy(readCount(said('sys.implementation._mpy'))),
    frequencyHz: readFrequency(said('machine.freq')),
    resetCause: readResetCause(said),
    ...readFlash(said('os.statvfs=/')),
    features: FEATURES.filter(([, signs]) => signs.some(sign => said(sign) !== null)).map(([feature]) => feature),
  }
}

/** Of a text of one byte a character. */
function sumOf(text: string): number {
  return Buffer.from(text, 'latin1').reduce((sum, byte) => sum + byte, 0)
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

/** `(1, 27, 0, '')`; the last is `preview` before a release, and missing in old firmware. */
function readVersion(text: string | null): string | null {
  const [, major, minor, patch, stage] = /^\((\d{1,6}), (\d{1,6}), (\d{1,6})(?:, '(\w*)')?\)$/.exec(text ?? '') ?? []
  if (major === undefined) return null
  return `${major}.${minor}.${patch}${stage ? `-${stage}` : ''}`
}

/** MicroPython's "MicroPython .mpy files": 8 bits version, 2 bits sub-version, then the architecture. */
function readMpy(mpy: number | null): Pick<BoardIdentity, 'mpyVersion' | 'mpyArchitecture'> {
  if (mpy === null || mpy === 0 || mpy > 0xff_ff_ff_ff) return { mpyVersion: null, mpyArchitecture: null }
  const version = mpy & 0xff
  return {
    mpyVersion: version < MPY_WITH_SUB_VERSION ? `${version}` : `${version}.${(mpy >>> 8) & 0x3}`,
    mpyArchitecture: MPY_ARCHITECTURES[(mpy >>> 10) & 0x3f] ?? null,
  }
}

/** In Hz; of several, which stm32 gives, the processor's comes first. */
function readFrequency(text: string | null): number | null {
  const hertz = readCount(/^\(?(\d+)/.exec(text ?? '')?.[1] ?? null)
  return hertz === 0 ? null : hertz
}

function readResetCause(said: (item: string) => string | null): ResetCause | null {
  const number = readCount(said('machine.reset_cause'))
  if (number === null) return null
  return RESET_CAUSES.find(([, constant]) => readCount(said(constant)) === number)?.[0] ?? 'other'
}

/** Block size, fragment size, blocks, free blocks and more, as POSIX has them. */
function readFlash(text: string | null): Pick<BoardIdentity, 'flashTotalBytes' | 'flashFreeBytes'> {
  const [, blockBytes, fragmentBytes, blocks, freeBlocks] = (/^\((\d+), (\d+), (\d+), (\d+)[,)]/.exec(text ?? '') ?? []).map(Number)
  const unitBytes = fragmentBytes || blockBytes
  if (unitBytes === undefined || blocks === undefined || freeBlocks === undefined) return { flashTotalBytes: null, flashFreeBytes: null }
  const flashTotalBytes = unitBytes * blocks
  const flashFreeBytes = unitBytes * freeBlocks
  const isSound = flashTotalBytes > 0 && Number.isSafeInteger(flashTotalBytes) && flashFreeBytes <= flashTotalBytes
  return isSound ? { flashTotalBytes, flashFreeBytes } : { flashTotalBytes: null, flashFreeBytes: null }
}
