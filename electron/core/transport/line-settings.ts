import { SERIAL_READ_BUFFER_BYTES } from '../../../shared/limits'

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
