import type { Transport, TransportFactory } from '../../transport/transport'

/** Hands out a transport that is there already, once; any further one is made as usual. */
export function readyTransport(transport: Transport, others: TransportFactory): TransportFactory {
  let isTaken = false
  return {
    create(target) {
      if (isTaken) return others.create(target)
      isTaken = true
      return transport
    },
  }
}
