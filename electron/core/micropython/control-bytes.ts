/**
 * Control bytes of MicroPython's REPL (MicroPython `shared/readline/readline.h` and `shared/runtime/pyexec.c`).
 * Their meaning depends on the mode the board is in; the names say what they mean to the raw REPL.
 */
export const ControlByte = {
  /** Ctrl-A: at the friendly prompt enters the raw REPL; at the raw prompt drops the buffer and prints the banner again. */
  enterRaw: 0x01,
  /** Ctrl-B: back to the friendly prompt. */
  leaveRaw: 0x02,
  /** Ctrl-C: interrupts running code, cancels a typed line, silently empties the raw buffer. */
  interrupt: 0x03,
  /** Ctrl-D: from the host "execute" (with an empty buffer: soft reset); from the board the end of a part of its answer. */
  end: 0x04,
  /** Ctrl-E: first byte of a raw-paste request. */
  paste: 0x05,
} as const

export const LINE_FEED = 0x0a
export const CARRIAGE_RETURN = 0x0d
/** `>`, all there is of the raw prompt. */
export const PROMPT = 0x3e

/** What the raw REPL prints when it is entered, without the line end and `>` that follow. */
export const RAW_BANNER_TEXT = ascii('raw REPL; CTRL-B to exit')
/** Last line of what every start of the interpreter and every Ctrl-B prints, and the prompt after it. */
export const FRIENDLY_BANNER_TAIL = ascii('Type "help()" for more information.\r\n>>> ')
export const FRIENDLY_PROMPT = ascii('\n>>> ')
/** Every port prints this at a soft reset, most of them after `MPY: `. */
export const SOFT_REBOOT_TEXT = ascii('soft reboot')
export const TRACEBACK_TEXT = ascii('Traceback')

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0))
}

export function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && prefix.every((byte, index) => bytes[index] === byte)
}

/** Index of the first occurrence, or -1. Searches natively. */
export function indexOfBytes(bytes: Uint8Array, sought: Uint8Array, from = 0): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(sought, from)
}
