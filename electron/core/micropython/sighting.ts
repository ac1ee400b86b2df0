import { ProtocolError } from './board-protocol'
import { ascii, ControlByte } from './control-bytes'

/** What a port sends back that echoes the search for the prompt: the bytes themselves, or a terminal's `^C^A` for them. */
const ECHO = new Set([ControlByte.interrupt, ControlByte.enterRaw, ...ascii('^CA\r\n')])
/** Text at the wrong speed looks random: about a third of it is printable. */
const TEXT_SHARE = 0.8

/** What was seen on a port that turned out not to lead to a prompt, so that the error can name it. */
export class Sighting {
  private total = 0
  private printable = 0
  private echoOnly = true

  add(bytes: Uint8Array): void {
    this.total += bytes.length
    for (const byte of bytes) {
      if (isPrintable(byte)) this.printable++
      if (!ECHO.has(byte)) this.echoOnly = false
    }
  }

  toError(port: string, timeoutMs: number): ProtocolError {
    const seconds = `${formatSeconds(timeoutMs)} s`
    if (this.total === 0) {
      return new ProtocolError(
        'no-reply',
        `The board on ${port} sent nothing within ${seconds}.`,
        'Check the cable and that MicroPython is on the board, press its reset button, and connect again.',
      )
    }
    if (this.echoOnly) {
      return new ProtocolError(
        'not-micropython',
        `${port} only echoes what is sent to it; there is no MicroPython prompt behind it.`,
        'Check that this is the right port and that receive and transmit are not connected to each other.',
      )
    }
    const bytes = `${this.total.toLocaleString('en-US')} ${this.total === 1 ? 'byte' : 'bytes'}`
    if (this.printable / this.total < TEXT_SHARE) {
      return new ProtocolError(
        'not-micropython',
        `Got ${bytes} from ${port} within ${seconds}, but no MicroPython prompt: wrong speed, or another firmware.`,
        'Set the speed that the board uses (115200 for most) and connect again.',
      )
    }
    return new ProtocolError(
      'not-micropython',
      `Got ${bytes} of text from ${port} within ${seconds}, but no MicroPython prompt: another firmware, or a program that can't be interrupted.`,
      'Press the reset button of the board and connect again while it starts.',
    )
  }
}

function isPrintable(byte: number): boolean {
  return byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x1b || (byte >= 0x20 && byte < 0x7f)
}

function formatSeconds(durationMs: number): string {
  return (durationMs / 1_000).toLocaleString('en-US', { maximumFractionDigits: 1 })
}
