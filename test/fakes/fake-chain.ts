import type { ErrorInfo } from '../../shared/errors'
import type { FilterInfo, FilterPlace, FilterSpec, FilterType, FlowType } from '../../shared/model'

/** What a filter takes in and hands on, seen from the port. */
export function filterFlow(type: FilterType): { readonly accepts: FlowType; readonly produces: FlowType } {
  return type === 'textCodec' ? { accepts: 'bytes', produces: 'text' } : { accepts: 'message', produces: 'message' }
}

export type ChainChange = { readonly chain: readonly FilterInfo[] } | { readonly error: ErrorInfo }

/** A session's filters as the page sees them: unique names, and no second codec; nothing flows. */
export const fakeChain = {
  add(chain: readonly FilterInfo[], filter: FilterSpec, place: FilterPlace = { at: 'last' }): ChainChange {
    if (chain.some(({ name }) => name === filter.name)) return refuse('duplicate-name', `There is already a filter called ${filter.name}.`)
    return put(chain, { ...filter, ...filterFlow(filter.type), report: [] }, place)
  },
  remove(chain: readonly FilterInfo[], name: string): ChainChange {
    return { chain: chain.filter(filter => filter.name !== name) }
  },
  replace(chain: readonly FilterInfo[], name: string, filter: FilterSpec): ChainChange {
    return { chain: chain.map(other => (other.name === name ? { ...filter, ...filterFlow(filter.type), report: [] } : other)) }
  },
  move(chain: readonly FilterInfo[], name: string, place: FilterPlace): ChainChange {
    const moved = chain.find(filter => filter.name === name)
    if (moved === undefined) return refuse('unknown-filter', `There is no filter called ${name}.`)
    return put(
      chain.filter(filter => filter !== moved),
      moved,
      place,
    )
  },
}

function put(chain: readonly FilterInfo[], filter: FilterInfo, place: FilterPlace): ChainChange {
  const index = indexOf(chain, place)
  const next = [...chain.slice(0, index), filter, ...chain.slice(index)]
  if (next.filter(({ type }) => type === 'textCodec').length > 1) {
    return refuse('type-mismatch', 'A text codec needs bytes, and text arrives there.')
  }
  return { chain: next }
}

function indexOf(chain: readonly FilterInfo[], place: FilterPlace): number {
  if ('before' in place) return chain.findIndex(({ name }) => name === place.before)
  if ('after' in place) return chain.findIndex(({ name }) => name === place.after) + 1
  return place.at === 'first' ? 0 : chain.length
}

function refuse(reason: NonNullable<ErrorInfo['reason']>, message: string): ChainChange {
  return { error: { code: 'FilterError', reason, message } }
}
