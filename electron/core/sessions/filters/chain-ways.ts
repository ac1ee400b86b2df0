import type { FlowType } from '../../../../shared/model'
import type { Filter, Message, Next } from './filter'

/** Where a chain's messages come out. None of these throws. */
export interface WayEnds {
  toProtocol(bytes: Uint8Array): void
  toReaders(message: Message): void
  toPort(bytes: Uint8Array): void
}

export interface Direction {
  readonly lane: {
    /** What is still on its way goes no further. */
    readonly hasEnded: boolean
    /** Keeps the direction's next message waiting for this step, which does not reject. */
    track(step: Promise<void>): Promise<void>
  }
  /** A filter threw, or what it returned rejected. */
  failed(filter: Filter, error: unknown): void
}

/**
 * The ways of messages through one fixed list of filters. Made anew at every change, so that a message walks the chain as
 * it was when the message began; and made of ready functions, so that a message costs next to nothing.
 */
export interface ChainWays {
  /** What comes out at the tail. */
  readonly tailFlow: FlowType
  readonly receive: Next
  /** From the place of the protocol, and from the tail, to the port. */
  readonly sendBytes: Next
  readonly send: Next
  /** Towards the tail from behind one of the filters. */
  after(filter: Filter): Next
}

export function buildWays(filters: readonly Filter[], ends: WayEnds, inbound: Direction, outbound: Direction): ChainWays {
  const tailFlow = tailFlowOf(filters)
  const firstConverter = filters.findIndex(({ produces }) => produces === 'text')
  const protocolPlace = firstConverter === -1 ? filters.length : firstConverter

  // Each way is built from its end: every function knows the one after it.
  let next: Next = message => {
    if (!inbound.lane.hasEnded) ends.toReaders(message)
  }
  const inwards: Next[] = []
  for (let place = filters.length; place >= 0; place--) {
    const filter = filters[place]
    if (filter !== undefined) next = inwardStep(filter, next, inbound)
    if (place === protocolPlace) next = pastProtocol(ends, next, inbound)
    inwards[place] = next
  }
  const receive = next

  next = message => {
    if (!outbound.lane.hasEnded) ends.toPort(toBytes(message))
  }
  let sendBytes = next
  for (const [place, filter] of filters.entries()) {
    if (place === protocolPlace) sendBytes = next
    next = outwardStep(filter, next, outbound)
  }
  const send = next
  if (protocolPlace === filters.length) sendBytes = send

  return {
    tailFlow,
    receive,
    sendBytes,
    send: tailFlow === 'text' ? send : message => send(toBytes(message)),
    after: filter => inwards[filters.indexOf(filter) + 1] ?? receive,
  }
}

export function tailFlowOf(filters: readonly Pick<Filter, 'produces'>[]): FlowType {
  return filters.reduce<FlowType>((flow, { produces }) => (produces === 'message' ? flow : produces), 'bytes')
}

function pastProtocol(ends: WayEnds, next: Next, { lane }: Direction): Next {
  return message => {
    if (lane.hasEnded) return
    ends.toProtocol(toBytes(message))
    return next(message)
  }
}

function inwardStep(filter: Filter, next: Next, direction: Direction): Next {
  return filter.received === undefined ? next : step(filter, filter.received.bind(filter), next, direction)
}

function outwardStep(filter: Filter, next: Next, direction: Direction): Next {
  return filter.sent === undefined ? next : step(filter, filter.sent.bind(filter), next, direction)
}

/** One filter on a way. A failure stays where it happened: the filters before it see none. */
function step(
  filter: Filter,
  handle: (message: Message, next: Next) => void | Promise<void>,
  next: Next,
  { lane, failed }: Direction,
): Next {
  const caught = (error: unknown): void => {
    if (!lane.hasEnded) failed(filter, error)
  }
  return message => {
    if (lane.hasEnded) return
    try {
      const going = handle(message, next)
      if (going !== undefined) return lane.track(going.catch(caught))
    } catch (error) {
      caught(error)
    }
  }
}

function toBytes(message: Message): Uint8Array {
  return typeof message === 'string' ? Buffer.from(message) : message
}
