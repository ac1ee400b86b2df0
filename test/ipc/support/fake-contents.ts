import { EventEmitter } from 'node:events'
import type { BridgeContents } from '../../../electron/ipc/bridge'
import type { CallEvent, CallingFrame } from '../../../electron/ipc/sender-guard'
import type { Result } from '../../../shared/contract'
import type { EventMessage } from '../../../shared/wire'

export const ORIGIN = 'muster://app'

type CallListener = (event: CallEvent, name: unknown, input: unknown) => Promise<Result<unknown>>

/** Stands in for a window's `webContents`: calls go in through `call`, messages come out in `messages`. */
export class FakeContents extends EventEmitter implements BridgeContents {
  readonly mainFrame: CallingFrame = { origin: ORIGIN, detached: false }
  readonly messages: EventMessage[] = []
  readonly handlers = new Map<string, CallListener>()
  private destroyed = false

  readonly ipc = {
    handle: (channel: string, listener: CallListener): void => {
      this.handlers.set(channel, listener)
    },
    removeHandler: (channel: string): void => {
      this.handlers.delete(channel)
    },
  }

  isDestroyed(): boolean {
    return this.destroyed
  }

  send(_channel: string, message: unknown): void {
    if (this.destroyed) throw new Error('Object has been destroyed')
    this.messages.push(message as EventMessage)
  }

  destroy(): void {
    this.destroyed = true
    this.emit('destroyed')
  }

  /** A call as the preload makes it. */
  call(name: unknown, input: unknown, event: CallEvent = { sender: this, senderFrame: this.mainFrame }): Promise<Result<unknown>> {
    const [listener] = this.handlers.values()
    if (listener === undefined) throw new Error('Nobody handles calls')
    return listener(event, name, input)
  }

  /** Everything that was delivered to a subscription, oldest first. */
  delivered(subscription: number): unknown[] {
    return this.messages.flat().flatMap(([id, payload]) => (id === subscription ? [payload] : []))
  }
}
