import { Plus } from 'lucide-react'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import type { Result } from '../../../shared/contract'
import { Button } from '../button'
import { ErrorNote } from '../error-note'
import { useAttempt } from '../use-attempt'
import '../fields/fields.css'

export interface NewKeyValueProps {
  /** What is added: `detail`, `attribute`. */
  readonly what: string
  readonly valuePlaceholder: string
  /** What is wrong, as a sentence; null for nothing. */
  readonly checkKey: (key: string) => string | null
  readonly checkValue: (value: string) => string | null
  readonly isCode?: boolean
  readonly disabled?: boolean
  readonly onAdd: (key: string, value: string) => Promise<Result<unknown>>
}

/** The last row of a grid: what is not there yet. */
export function NewKeyValue({ what, valuePlaceholder, checkKey, checkValue, isCode = false, disabled = false, onAdd }: NewKeyValueProps) {
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const keyField = useRef<HTMLInputElement>(null)
  const attempt = useAttempt()
  const notes = useId()
  const keyProblem = key === '' ? null : checkKey(key)
  // An empty value is complained of once there is a key for it.
  const valueProblem = key === '' && value === '' ? null : checkValue(value)
  const isReady = key !== '' && keyProblem === null && valueProblem === null && !disabled && !attempt.isBusy
  const add = async (): Promise<void> => {
    if (!isReady) return
    const result = await attempt.run(() => onAdd(key, value))
    if (!result.ok) return
    setKey('')
    setValue('')
    keyField.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void add()
    }
  }
  return (
    <tr className="key-values-new">
      <td>
        <input
          ref={keyField}
          type="text"
          className="field-input mono"
          aria-label={`Key of the new ${what}`}
          aria-invalid={keyProblem !== null}
          aria-describedby={notes}
          placeholder="New key"
          spellCheck={false}
          disabled={disabled}
          value={key}
          onChange={event => setKey(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </td>
      <td>
        <textarea
          className={isCode ? 'field-input mono' : 'field-input'}
          aria-label={`Value of the new ${what}`}
          aria-invalid={valueProblem !== null}
          aria-describedby={notes}
          placeholder={valuePlaceholder}
          spellCheck={false}
          disabled={disabled}
          rows={Math.min(8, value.split('\n').length)}
          value={value}
          onChange={event => setValue(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div id={notes} className="field-notes">
          {[keyProblem, valueProblem].map(
            problem =>
              problem !== null && (
                <p key={problem} className="field-problem" role="alert">
                  {problem}
                </p>
              ),
          )}
          {attempt.error !== null && <ErrorNote error={attempt.error} />}
        </div>
      </td>
      <td>
        <Button icon={Plus} disabled={!isReady} onClick={() => void add()}>
          Add
        </Button>
      </td>
    </tr>
  )
}
