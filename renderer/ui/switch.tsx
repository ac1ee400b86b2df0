export interface SwitchProps {
  readonly id?: string
  readonly label: string
  readonly describedBy?: string
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
}

/** On or off, with the word beside the shape. */
export function Switch({ id, label, describedBy, checked, disabled = false, onChange }: SwitchProps) {
  return (
    <button
      id={id}
      type="button"
      role="switch"
      className="switch"
      aria-checked={checked}
      aria-label={label}
      aria-describedby={describedBy}
      disabled={disabled}
      onClick={() => onChange(!checked)}
    >
      <span className="switch-track" aria-hidden />
      <span aria-hidden>{checked ? 'On' : 'Off'}</span>
    </button>
  )
}
