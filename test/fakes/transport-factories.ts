import type { TransportFactory } from '../../electron/core/transport/transport'
import { FakeTransport, type TransportTarget } from './fake-transport'

/** Remembers what it made; `prepare` sets each one up before it is handed out. */
export class RecordingFactory implements TransportFactory {
  readonly made: FakeTransport[] = []
  prepare: (transport: FakeTransport) => void = () => {}

  create(target: TransportTarget): FakeTransport {
    const transport = new FakeTransport(target)
    this.made.push(transport)
    this.prepare(transport)
    return transport
  }

  /** The one made last. */
  get latest(): FakeTransport {
    const transport = this.made.at(-1)
    if (transport === undefined) throw new Error('No transport was made.')
    return transport
  }
}

/** Hands out what was put in, in that order, whatever is asked for. */
export class QueueingFactory implements TransportFactory {
  private readonly waiting: FakeTransport[]

  constructor(...transports: readonly FakeTransport[]) {
    this.waiting = [...transports]
  }

  get left(): number {
    return this.waiting.length
  }

  create(): FakeTransport {
    const next = this.waiting.shift()
    if (next === undefined) throw new Error('More transports were asked for than were put in.')
    return next
  }
}

/** Makes nothing: every wish ends in its error. */
export class FailingFactory implements TransportFactory {
  wishes = 0

  constructor(private readonly error: Error) {}

  create(): never {
    this.wishes += 1
    throw this.error
  }
}
