import type {
  CommandInput,
  CommandName,
  CommandOutput,
  EventName,
  EventParams,
  EventPayload,
  MusterBridge,
  Result,
} from '../../shared/contract'

declare global {
  interface Window {
    /** Put there by the preload script. Only `bridgeOfWindow` reads it. */
    readonly muster: MusterBridge
  }
}

/** How the page talks to main: the bridge, with a rejected call turned into a result like any other. */
export interface Client {
  call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<Result<CommandOutput<N>>>
  /** Returns the function that ends the subscription. Calling it twice is harmless. */
  subscribe<N extends EventName>(name: N, params: EventParams<N>, listener: (payload: EventPayload<N>) => void): () => void
  readonly platform: MusterBridge['platform']
}

export function bridgeOfWindow(): MusterBridge {
  if (!('muster' in window)) throw new Error('This page runs inside Muster only: its bridge is missing.')
  return window.muster
}

export function createClient(bridge: MusterBridge): Client {
  return {
    platform: bridge.platform,
    async call(name, input) {
      try {
        return await bridge.call(name, input)
      } catch {
        // Electron rejects when main is gone or the message could not be cloned; neither carries more than a text.
        return {
          ok: false,
          error: { code: 'host-gone', message: `Muster's main process did not answer to ${name}.`, retry: true },
        }
      }
    },
    subscribe(name, params, listener) {
      const unsubscribe = bridge.subscribe(name, params, listener)
      let ended = false
      return () => {
        if (ended) return
        ended = true
        unsubscribe()
      }
    },
  }
}
