import type { Page } from '../page'
import type { HandlersOf } from '../routes'

export function createNotifyHandlers(page: Page): HandlersOf<'notify'> {
  return {
    'notify:subscribe': ({ kind, dataSource }) => ({ subscriptionId: page.openStream(kind, dataSource) }),
    'notify:unsubscribe': ({ subscriptionId }) => ({ ended: page.closeStream(subscriptionId) }),
  }
}
