import { MusterError } from '../../../../shared/errors'
import { FILTER_NAME_MAX_CHARS, FILTERS_MAX } from '../../../../shared/limits'
import type { FilterPlace, FlowType } from '../../../../shared/model'
import type { Filter } from './filter'
import { type ChainSubject, duplicateName, noSuchFilter, tooManyFilters, typeMismatch } from './filter-errors'

/** Throws where a list can't be a chain: too long, a name twice, or neighbours that don't fit. */
export function checkFilters(filters: readonly Filter[], subject: ChainSubject): void {
  if (filters.length > FILTERS_MAX) throw tooManyFilters(subject)
  const names = new Set<string>()
  for (const { spec } of filters) {
    if (spec.name === '' || spec.name.length > FILTER_NAME_MAX_CHARS) {
      throw new MusterError({ code: 'InvalidArgument', message: `A filter's name has 1 to ${FILTER_NAME_MAX_CHARS} characters.` })
    }
    if (names.has(spec.name)) throw duplicateName(subject, spec.name)
    names.add(spec.name)
  }
  const problem = flowProblem(filters)
  if (problem !== null) throw typeMismatch(subject, problem)
}

interface Link {
  readonly spec: { readonly name: string }
  readonly accepts: FlowType
  readonly produces: FlowType
}

/** What does not fit in a list, as a sentence; null when all of it does. A `message` is whatever comes. */
export function flowProblem(links: readonly Link[]): string | null {
  let flow: FlowType = 'bytes'
  let from = 'the port'
  for (const { spec, accepts, produces } of links) {
    if (accepts !== 'message' && accepts !== flow) return `'${spec.name}' takes ${accepts}, but ${flow} come from ${from}.`
    if (produces === 'message') continue
    flow = produces
    from = `'${spec.name}'`
  }
  return null
}

export function indexOfFilter(filters: readonly Filter[], name: string, subject: ChainSubject): number {
  const index = filters.findIndex(({ spec }) => spec.name === name)
  if (index === -1) throw noSuchFilter(subject, name)
  return index
}

export function inserted(filters: readonly Filter[], filter: Filter, place: FilterPlace, subject: ChainSubject): readonly Filter[] {
  const index = indexOfPlace(filters, place, subject)
  return [...filters.slice(0, index), filter, ...filters.slice(index)]
}

function indexOfPlace(filters: readonly Filter[], place: FilterPlace, subject: ChainSubject): number {
  if ('before' in place) return indexOfFilter(filters, place.before, subject)
  if ('after' in place) return indexOfFilter(filters, place.after, subject) + 1
  return place.at === 'first' ? 0 : filters.length
}
