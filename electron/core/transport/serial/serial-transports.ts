import type { Clock } from '../../base/clock'
import type { Logger } from '../../base/logger'
import { openNativeHandle } from './open-handle'
import { PathWatch } from './path-watch'
import { SerialTransport } from './serial-transport'

/** Makes the transports of one app; they share one look-out for vanished ports. */
export class SerialTransports {
  private readonly pathWatch: PathWatch

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.pathWatch = new PathWatch(clock)
  }

  create({ port, baudRate }: { readonly port: string; readonly baudRate: number }): SerialTransport {
    const { clock, logger, pathWatch } = this
    return new SerialTransport({ port, baudRate, clock, logger, pathWatch, openHandle: openNativeHandle })
  }
}
