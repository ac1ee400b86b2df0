import { contextBridge, ipcRenderer } from 'electron'
import type { CommandName, CommandOutput, EventName, EventPayload, MusterBridge, Result } from '../../shared/contract'
import { CALL_CHANNEL, EVENT_CHANNEL, type EventMessage, type SubscriptionId } from '../../shared/wire'

/**
 * All that the page sees of the outside. Nothing is decided here: main checks every call. No Electron object crosses:
 * a listener gets the payload and nothing else.
 */
const listeners = new Map<SubscriptionId, (payload: never) => void>()

// Starts anywhere, so that a delivery to the page before a reload never meets a subscription of the page after it.
let nextSubscription: SubscriptionId = Math.floor(Math.random() * 2 ** 48)

async function send(name: string, input: unknown): Promise<Result<unknown>> {
  try {
    return await ipcRenderer.invoke(CALL_CHANNEL, name, input)
  } catch {
    return { ok: false, error: { code: 'host-gone', message: 'The call could not be handed over to the app.', hint: 'Restart Muster.' } }
  }
}

ipcRenderer.on(EVENT_CHANNEL, (_event, message: EventMessage) => {
  for (const [subscription, payload] of message) {
    try {
      listeners.get(subscription)?.(payload as never)
    } catch (error) {
      // One listener's defect is its own: it is reported, and the others still hear.
      console.error(error)
    }
  }
})

const bridge: MusterBridge = {
  call: <N extends CommandName>(name: N, input: unknown) => send(name, input) as Promise<Result<CommandOutput<N>>>,
  subscribe<N extends EventName>(name: N, params: unknown, listener: (payload: EventPayload<N>) => void) {
    const subscription = nextSubscription++
    listeners.set(subscription, listener)
    void send('events:subscribe', { subscription, name, params }).then(reply => {
      if (!reply.ok) listeners.delete(subscription)
    })
    return () => {
      if (listeners.delete(subscription)) void send('events:unsubscribe', { subscription })
    }
  },
  platform: process.platform as MusterBridge['platform'],
}

contextBridge.exposeInMainWorld('muster', bridge)
