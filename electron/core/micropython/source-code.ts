import { ProtocolError } from './board-protocol'
import { ControlByte } from './control-bytes'

/**
 * Source text as bytes for the raw REPL. Never empty: 04 after an empty buffer is a soft reset, so nothing becomes an empty line.
 * Throws a `ProtocolError` with reason `control-character` that names line, column (both from 1, in characters) and byte.
 *
 * The raw REPL has no escape (MicroPython pyexec.c): 01 to 04 are commands to it, 05 as the first byte of the buffer begins a
 * raw-paste request, and 00 is where its lexer stops reading. All other bytes are text to it.
 */
export function encodeSource(code: string): Uint8Array {
  for (let at = 0; at < code.length; at++) {
    if (code.charCodeAt(at) <= ControlByte.paste) throw controlCharacterError(code, at)
  }
  return new TextEncoder().encode(code === '' ? '\n' : code)
}

function controlCharacterError(code: string, at: number): ProtocolError {
  const lines = code.slice(0, at).split(/\r\n|\r|\n/)
  const column = Array.from(lines.at(-1) ?? '').length + 1
  const byte = code.charCodeAt(at).toString(16).padStart(2, '0')
  const meaning = code.charCodeAt(at) === 0 ? 'the board would stop reading there' : 'the board would take it as a command'
  return new ProtocolError(
    'control-character',
    `The snippet was not sent: line ${lines.length}, column ${column} holds the control character ${byte} (hexadecimal), and ${meaning}.`,
    `Write it as \\x${byte} inside a string.`,
  )
}
