import type * as z from 'zod'
import type { CommandInput, CommandName, CommandOutput } from '../../../shared/contract'
import type { EventHub } from '../event-hub'
import type { Page } from '../page'
import { type Handlers, type Route, route } from '../routes'
import { commandSchemas } from '../schemas'
import type { Services } from '../services'
import { createAppHandlers } from './app'
import { createAttributeHandlers } from './attributes'
import { createConfigHandlers } from './config'
import { createEventRoutes } from './events'
import { createFileHandlers } from './files'
import { createFilterHandlers } from './filters'
import { createHistoryHandlers } from './history'
import { createLocalHandlers } from './local'
import { createManagerHandlers } from './manager'
import { createMetricsHandlers } from './metrics'
import { createNotifyHandlers } from './notify'
import { createOutputHandlers } from './output'
import { createPoolHandlers } from './pool'
import { createPortHandlers } from './ports'
import { createSamplerHandlers } from './sampler'
import { createSessionHandlers } from './sessions'
import { createWindowHandlers } from './windows'

/** Whom the handlers of one window serve, and with what. */
export interface HandlerContext {
  readonly services: Services
  readonly events: EventHub
  readonly page: Page
  readonly client: string
}

/** Everything that one window can call. */
export function createRoutes({ services, events, page, client }: HandlerContext): ReadonlyMap<string, Route> {
  const handlers: Handlers = {
    ...createAppHandlers(services),
    ...createPortHandlers(services),
    ...createSessionHandlers(services, page, client),
    ...createFileHandlers(services, page),
    ...createLocalHandlers(services),
    ...createFilterHandlers(services),
    ...createAttributeHandlers(services),
    ...createPoolHandlers(services, page, client),
    ...createNotifyHandlers(page),
    ...createSamplerHandlers(services),
    ...createHistoryHandlers(services),
    ...createMetricsHandlers(services),
    ...createConfigHandlers(services),
    ...createWindowHandlers(services),
    ...createOutputHandlers(services, events),
    ...createManagerHandlers(services),
  }
  const names = Object.keys(handlers) as CommandName[]
  return new Map([...names.map(name => [name, commandRoute(name, handlers)] as const), ...createEventRoutes(events)])
}

/** The same schemas, typed so that a name's schema and its handler are seen to belong together. */
const schemas: { readonly [N in CommandName]: z.ZodType<CommandInput<N>> } = commandSchemas

function commandRoute<N extends CommandName>(name: N, handlers: Handlers): Route {
  return route<CommandInput<N>, CommandOutput<N>>(schemas[name], handlers[name])
}
