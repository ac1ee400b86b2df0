import { useId } from 'react'
import type { Result } from '../../../shared/contract'
import { COMMON_BAUD_RATES } from '../../../shared/limits'
import type { LinePolicy, PortSettings } from '../../../shared/model'
import { ErrorNote } from '../error-note'
import { formatCount } from '../format'
import { useAttempt } from '../use-attempt'
import './port-settings.css'

const POLICIES: readonly { readonly policy: LinePolicy; readonly label: string; readonly meaning: string }[] = [
  { policy: 'raise', label: 'Raise both', meaning: 'Right for nearly every board: with native USB, DTR says that somebody listens.' },
  { policy: 'lower', label: 'Lower both', meaning: 'For boards that reset, or stay in reset, while a line is raised.' },
  { policy: 'leave', label: 'Leave alone', meaning: 'For wiring of your own that no opening or closing may move.' },
]
const USUAL = ''

export interface PortSettingsFieldsProps {
  readonly settings: PortSettings
  /** Of the configuration: what holds where no other is chosen. */
  readonly usualBaudRate: number
  readonly onChange: (settings: Partial<PortSettings>) => Promise<Result<unknown>>
}

/** How a port is opened: its lines and its speed. Each choice is kept at once. */
export function PortSettingsFields({ settings, usualBaudRate, onChange }: PortSettingsFieldsProps) {
  const id = useId()
  const attempt = useAttempt()
  const change = (changed: Partial<PortSettings>): void => void attempt.run(() => onChange(changed))
  const { lines, baudRate } = settings
  const offered = baudRate === null || COMMON_BAUD_RATES.includes(baudRate) ? COMMON_BAUD_RATES : [...COMMON_BAUD_RATES, baudRate]
  return (
    <div className="port-settings">
      <fieldset className="port-lines">
        <legend>DTR and RTS</legend>
        {POLICIES.map(({ policy, label, meaning }) => (
          <label key={policy} className="port-line" htmlFor={`${id}-${policy}`}>
            <input
              id={`${id}-${policy}`}
              type="radio"
              name={`${id}-lines`}
              checked={lines === policy}
              disabled={attempt.isBusy}
              onChange={() => change({ lines: policy })}
            />
            <span>
              <b>{label}</b>
              <span className="port-line-meaning">{meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="port-speed">
        <label htmlFor={`${id}-speed`}>Speed</label>
        <select
          id={`${id}-speed`}
          className="input"
          value={baudRate === null ? USUAL : String(baudRate)}
          disabled={attempt.isBusy}
          onChange={event => change({ baudRate: event.target.value === USUAL ? null : Number(event.target.value) })}
        >
          <option value={USUAL}>{formatCount(usualBaudRate)} baud, as configured</option>
          {offered.map(rate => (
            <option key={rate} value={String(rate)}>
              {formatCount(rate)} baud
            </option>
          ))}
        </select>
      </div>
      <p className="port-settings-hint">Kept for this board. Takes effect at the next open.</p>
      {attempt.error !== null && <ErrorNote error={attempt.error} />}
    </div>
  )
}
