/** How calls and events travel between page and main: two fixed channels, both private to preload and `electron/ipc`. */
import type { Empty, EventName } from './contract'

/** Page to main, answered: `(name, input)` gives a `Result`. */
export const CALL_CHANNEL = 'muster:call'
/** Main to page, unanswered: one `EventMessage` carries all that is due. */
export const EVENT_CHANNEL = 'muster:event'

/** Chosen by the page's side, unique in the life of a window. */
export type SubscriptionId = number

export type EventMessage = readonly (readonly [subscription: SubscriptionId, payload: unknown])[]

/** Calls that the bridge makes for itself. They are guarded, sized and validated like every command. */
export interface BridgeCommands {
  'events:subscribe': {
    input: { readonly subscription: SubscriptionId; readonly name: EventName; readonly params: unknown }
    output: Empty
  }
  'events:unsubscribe': { input: { readonly subscription: SubscriptionId }; output: Empty }
}
