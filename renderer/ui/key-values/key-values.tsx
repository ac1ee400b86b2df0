import { Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Result } from '../../../shared/contract'
import { ErrorNote } from '../error-note'
import { IconButton } from '../icon-button'
import { useAttempt } from '../use-attempt'
import './key-values.css'

/** A grid of keys and what they say. */
export function KeyValues({
  label,
  valueName,
  children,
}: {
  readonly label: string
  readonly valueName: string
  readonly children: ReactNode
}) {
  return (
    <table className="key-values" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">{valueName}</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  )
}

export interface KeyValueProps {
  readonly name: string
  readonly disabled?: boolean
  readonly onRemove: () => Promise<Result<unknown>>
  /** The value, where it is changed. */
  readonly children: ReactNode
}

export function KeyValue({ name, disabled = false, onRemove, children }: KeyValueProps) {
  const attempt = useAttempt()
  return (
    <tr>
      <th scope="row" className="mono" title={name}>
        {name}
      </th>
      <td>
        {children}
        {attempt.error !== null && <ErrorNote error={attempt.error} />}
      </td>
      <td>
        <IconButton
          icon={Trash2}
          label={`Remove ${name}`}
          disabled={disabled || attempt.isBusy}
          onClick={() => void attempt.run(onRemove)}
        />
      </td>
    </tr>
  )
}
