import { FILTER_QUEUE_BYTES } from '../../../../shared/limits'
import type { FlowType } from '../../../../shared/model'
import type { Disposable } from '../../base/disposable'
import { toDisposable } from '../../base/disposable'
import { buildWays, type ChainWays } from './chain-ways'
import type { Filter, Message, Next } from './filter'
import { MessageLane } from './message-lane'
import { Sending } from './sending'

/** Where a chain ends. */
export interface ChainEnds {
  /** Bytes that have come through the bytes part: what the MicroPython protocol reads. */
  toProtocol(bytes: Uint8Array): void
  /** What has come out at the tail: bytes, or lines as text where a codec makes them. */
  toReaders(message: Message): void
  /** Called in the order of what is sent. Resolves when the system has taken the bytes. */
  toPort(bytes: Uint8Array): Promise<void>
  /** The chain holds as much as it may, or a filter holds the port. */
  setPaused(paused: boolean): void
  /** A filter failed. The message it failed on is gone, the chain goes on. */
  onException?(error: unknown): void
}

/** Bytes from the port, or what a filter that leaves hands on to those behind it. */
type Incoming = Uint8Array | { readonly message: Message; readonly way: Next }

export interface MessageFlowOptions {
  readonly ends: ChainEnds
  /** A filter failed on a message. Gives the error that its sender is told. */
  failed(filter: Filter, error: unknown): unknown
  /** One of the ends threw. */
  endFailed(error: unknown): void
}

/** The messages of one chain on their ways through whatever filters there are at the moment. */
export class MessageFlow {
  private filters: readonly Filter[] = []
  private inbound = this.newInbound()
  private outbound = this.newOutbound()
  private ways: ChainWays
  private isHeld = false
  private readonly portHolds = new Set<Disposable>()
  private queueHold: Disposable | null = null

  constructor(private readonly options: MessageFlowOptions) {
    this.ways = this.build()
  }

  receive(bytes: Uint8Array): void {
    this.inbound.push(bytes)
    if (this.inbound.waitingBytes >= FILTER_QUEUE_BYTES) this.queueHold ??= this.holdPort()
  }

  send(message: Message, from: 'protocol' | 'tail'): Promise<void> {
    const sending = new Sending(message, from)
    this.outbound.push(sending)
    return sending.outcome()
  }

  get pendingWrites(): number {
    return this.outbound.waitingCount + (this.outbound.current === null ? 0 : 1)
  }

  get pendingWriteBytes(): number {
    return this.outbound.waitingBytes + (this.outbound.current?.bytesLeft ?? 0)
  }

  /** What comes out at the tail. */
  get tailFlow(): FlowType {
    return this.ways.tailFlow
  }

  get isPaused(): boolean {
    return this.portHolds.size > 0
  }

  /** The port rests until nobody holds it any more. */
  holdPort(): Disposable {
    const hold: Disposable = toDisposable(() => {
      if (this.portHolds.delete(hold) && this.portHolds.size === 0) this.options.ends.setPaused(false)
    })
    this.portHolds.add(hold)
    if (this.portHolds.size === 1) this.options.ends.setPaused(true)
    return hold
  }

  /** From the next message on. */
  setFilters(filters: readonly Filter[]): void {
    this.filters = filters
    this.ways = this.build()
  }

  /** Keeps new messages waiting; resolves when none is on its way any more. */
  async hold(): Promise<void> {
    this.isHeld = true
    await Promise.all([this.inbound.quiet(), this.outbound.quiet()])
  }

  release(): void {
    this.isHeld = false
    this.inbound.pump()
    this.outbound.pump()
  }

  /** How a filter that leaves hands on what it holds: to those behind it, before anything that has not begun its way. */
  flushFor(filter: Filter): Next {
    const way = this.ways.after(filter)
    return message => {
      if (this.isHeld) return way(message)
      this.inbound.pushFirst({ message, way })
    }
  }

  /** What is on its way goes no further. Gives what has not been sent; it is the caller's to reject. */
  drop(): readonly Sending[] {
    this.inbound.end()
    this.queueHold?.dispose()
    this.queueHold = null
    const unsent = this.outbound.end()
    this.inbound = this.newInbound()
    this.outbound = this.newOutbound()
    this.ways = this.build()
    return unsent
  }

  private newInbound(): MessageLane<Incoming> {
    return new MessageLane<Incoming>({
      isHeld: () => this.isHeld,
      bytesOf: item => ('way' in item ? item.message.length : item.length),
      begin: item => {
        this.resumePort()
        void ('way' in item ? item.way(item.message) : this.ways.receive(item))
      },
    })
  }

  private newOutbound(): MessageLane<Sending> {
    return new MessageLane<Sending>({
      isHeld: () => this.isHeld,
      bytesOf: sending => sending.bytesLeft,
      begin: sending => void (sending.from === 'protocol' ? this.ways.sendBytes : this.ways.send)(sending.message),
      finish: sending => sending.finish(),
    })
  }

  private resumePort(): void {
    if (this.queueHold === null || this.inbound.waitingBytes >= FILTER_QUEUE_BYTES / 2) return
    this.queueHold.dispose()
    this.queueHold = null
  }

  private build(): ChainWays {
    const { inbound, outbound } = this
    const { ends, failed } = this.options
    return buildWays(
      this.filters,
      {
        toProtocol: bytes => this.guard(() => ends.toProtocol(bytes)),
        toReaders: message => this.guard(() => ends.toReaders(message)),
        toPort: bytes => {
          const written = ends.toPort(bytes)
          // A filter may hand on what its message was long done with: then nobody waits for it.
          if (outbound.current === null) written.catch(() => {})
          else outbound.current.add(written, bytes.length)
        },
      },
      { lane: inbound, failed },
      {
        lane: outbound,
        failed: (filter, error) => {
          const failure = failed(filter, error)
          outbound.current?.fail(failure)
        },
      },
    )
  }

  private guard(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.options.endFailed(error)
    }
  }
}
