import type * as z from 'zod'
import type { CommandInput, CommandName, CommandOutput } from '../../../shared/contract'
import type { EventHub } from '../event-hub'
import { type Handlers, type Route, route } from '../routes'
import { commandSchemas } from '../schemas'
import type { Services } from '../services'
import { createAppHandlers } from './app'
import { createEventRoutes } from './events'
import { createOutputHandlers } from './output'
import { createPortHandlers } from './ports'
import { createSessionHandlers } from './sessions'

/** Everything that one window can call. */
export function createRoutes(services: Services, events: EventHub): ReadonlyMap<string, Route> {
  const handlers: Handlers = {
    ...createAppHandlers(services),
    ...createPortHandlers(services),
    ...createSessionHandlers(services),
    ...createOutputHandlers(services, events),
  }
  const names = Object.keys(handlers) as CommandName[]
  return new Map([...names.map(name => [name, commandRoute(name, handlers)] as const), ...createEventRoutes(events)])
}

/** The same schemas, typed so that a name's schema and its handler are seen to belong together. */
const schemas: { readonly [N in CommandName]: z.ZodType<CommandInput<N>> } = commandSchemas

function commandRoute<N extends CommandName>(name: N, handlers: Handlers): Route {
  return route<CommandInput<N>, CommandOutput<N>>(schemas[name], handlers[name])
}
