import { MusterError } from '../../../shared/errors'
import type { EventHub } from '../event-hub'
import { type Route, route } from '../routes'
import { bridgeSchemas, eventSchemas } from '../schemas'

/** Calls that the bridge makes for itself: the page sees them as `subscribe` and the function it returns. */
export function createEventRoutes(events: EventHub): readonly (readonly [string, Route])[] {
  return [
    [
      'events:subscribe',
      route(bridgeSchemas['events:subscribe'], ({ subscription, name, params }) => {
        const parsed = eventSchemas[name].safeParse(params)
        if (!parsed.success)
          throw new MusterError({ code: 'bad-request', message: `The parameters of the event "${name}" were not understood.` })
        events.subscribe(subscription, name, parsed.data)
        return {}
      }),
    ],
    [
      'events:unsubscribe',
      route(bridgeSchemas['events:unsubscribe'], ({ subscription }) => {
        events.unsubscribe(subscription)
        return {}
      }),
    ],
  ]
}
