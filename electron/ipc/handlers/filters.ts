import type { FilterInfo } from '../../../shared/model'
import type { HandlersOf } from '../routes'
import type { FilterService, Services } from '../services'

export function createFilterHandlers({ sessions }: Services): HandlersOf<'filters'> {
  const change = async (sessionId: string, work: (filters: FilterService) => Promise<void>): Promise<readonly FilterInfo[]> => {
    const filters = sessions.filters(sessionId)
    await work(filters)
    return filters.list()
  }
  return {
    'filters:list': ({ sessionId }) => sessions.filters(sessionId).list(),
    'filters:add': ({ sessionId, filter, place = { at: 'last' } }) => change(sessionId, filters => filters.add(filter, place)),
    'filters:remove': ({ sessionId, name }) => change(sessionId, filters => filters.remove(name)),
    'filters:replace': ({ sessionId, name, filter }) => change(sessionId, filters => filters.replace(name, filter)),
    'filters:move': ({ sessionId, name, place }) => change(sessionId, filters => filters.move(name, place)),
    'filters:clear': ({ sessionId }) => change(sessionId, filters => filters.clear()),
  }
}
