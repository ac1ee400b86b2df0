import type { MetricRangeMinutes } from '../../stores/preferences-store'

const RANGES: readonly MetricRangeMinutes[] = [1, 5, 15]

export interface RangePickerProps {
  readonly range: MetricRangeMinutes
  readonly onChange: (range: MetricRangeMinutes) => void
  /** With the unit on every choice. */
  readonly long?: boolean
}

export function RangePicker({ range, onChange, long = false }: RangePickerProps) {
  return (
    <fieldset className="segmented">
      <legend className="visually-hidden">Time span of the charts</legend>
      {RANGES.map((minutes, index) => (
        <button
          key={minutes}
          type="button"
          aria-pressed={minutes === range}
          aria-label={`${minutes} min`}
          onClick={() => onChange(minutes)}
        >
          {long || index === 0 ? `${minutes} min` : minutes}
        </button>
      ))}
    </fieldset>
  )
}
