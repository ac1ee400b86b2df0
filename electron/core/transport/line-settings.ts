import { assertNever } from '../../../shared/errors'
import { SERIAL_READ_BUFFER_BYTES } from '../../../shared/limits'
import type { LinePolicy } from '../../../shared/model'

/** How a serial line is driven. */
export interface LineSettings {
  readonly dataBits: 5 | 6 | 7 | 8
  readonly stopBits: 1 | 1.5 | 2
  readonly parity: 'none' | 'even' | 'odd' | 'mark' | 'space'
  readonly rtscts: boolean
  readonly xon: boolean
  readonly xoff: boolean
  readonly dtr: boolean
  readonly rts: boolean
  readonly hangupOnClose: boolean
  /** DTR and RTS are left to the system and to whoever had the port before: `dtr` and `rts` say nothing then. */
  readonly leaveLines?: boolean
  readonly readBufferSize: number
}

/** 8N1 without flow control, both lines raised: what most boards run with. */
export const DEFAULT_LINE_SETTINGS: LineSettings = {
  dataBits: 8,
  stopBits: 1,
  parity: 'none',
  rtscts: false,
  xon: false,
  xoff: false,
  dtr: true,
  rts: true,
  hangupOnClose: true,
  readBufferSize: SERIAL_READ_BUFFER_BYTES,
}

/** The line of one port: as configured for all, which is with both lines raised, unless the port has a policy of its own. */
export function withLinePolicy(line: LineSettings, policy: LinePolicy): LineSettings {
  switch (policy) {
    case 'raise':
      return line
    case 'lower':
      return { ...line, dtr: false, rts: false }
    case 'leave':
      // Hanging up would lower them at the close.
      return { ...line, leaveLines: true, hangupOnClose: false }
    default:
      return assertNever(policy, 'line policy')
  }
}
