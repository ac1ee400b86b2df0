import { WRITE_TIMEOUT_MS } from '../../../../shared/limits'
import type { Clock } from '../../base/clock'
import type { Logger } from '../../base/logger'
import { DEFAULT_LINE_SETTINGS, type LineSettings } from '../line-settings'
import { openNativeHandle } from './open-handle'
import { PathWatch } from './path-watch'
import { SerialTransport } from './serial-transport'

export interface SerialTarget {
  readonly port: string
  readonly baudRate: number
  readonly line?: LineSettings
  readonly writeTimeoutMs?: number
}

/** Makes the transports of one app; they share one look-out for vanished ports. */
export class SerialTransports {
  private readonly pathWatch: PathWatch

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.pathWatch = new PathWatch(clock)
  }

  create({ port, baudRate, line = DEFAULT_LINE_SETTINGS, writeTimeoutMs = WRITE_TIMEOUT_MS }: SerialTarget): SerialTransport {
    const { clock, logger, pathWatch } = this
    return new SerialTransport({ port, baudRate, line, writeTimeoutMs, clock, logger, pathWatch, openHandle: openNativeHandle })
  }
}
