import { FILTERS, type FilterId } from './fleet-rows'

export interface FleetFiltersProps {
  readonly counts: ReadonlyMap<FilterId, number>
  readonly active: FilterId
  readonly onChange: (filter: FilterId) => void
}

/** Always the same chips, so that nothing moves when a state comes or goes. Choosing one again goes back to all. */
export function FleetFilters({ counts, active, onChange }: FleetFiltersProps) {
  return (
    <fieldset className="fleet-filters">
      <legend className="visually-hidden">Filter by state</legend>
      {FILTERS.map(({ id, label }) => (
        <button
          key={id}
          type="button"
          className={counts.get(id) === 0 ? 'chip chip-none' : 'chip'}
          aria-pressed={id === active}
          onClick={() => onChange(id === active ? 'all' : id)}
        >
          {label} <b>{counts.get(id)}</b>
        </button>
      ))}
    </fieldset>
  )
}
