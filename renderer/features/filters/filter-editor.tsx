import { Check, X } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import { FILTER_NAME_MAX_CHARS } from '../../../shared/limits'
import type { FilterSpec } from '../../../shared/model'
import { Button } from '../../ui/button'
import { ErrorNote } from '../../ui/error-note'
import { checkSetting, FILTER_FORMS, type SettingField, settingTexts, specOf } from './filter-forms'

export interface FilterEditorProps {
  /** What the form begins with. */
  readonly filter: FilterSpec
  /** Names of the other filters. */
  readonly taken: readonly string[]
  readonly submitLabel: string
  readonly isBusy: boolean
  readonly error: ErrorInfo | null
  readonly onSubmit: (filter: FilterSpec) => void
  readonly onCancel: () => void
}

/** Name and settings of one filter, before it is put into the chain. */
export function FilterEditor({ filter, taken, submitLabel, isBusy, error, onSubmit, onCancel }: FilterEditorProps) {
  const form = FILTER_FORMS[filter.type]
  const [name, setName] = useState(filter.name)
  const [texts, setTexts] = useState(settingTexts(filter))
  const problems = [checkName(name, taken), ...form.fields.map(field => checkSetting(field, texts[field.key] ?? ''))].filter(
    problem => problem !== null,
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (problems.length === 0 && !isBusy) onSubmit(specOf(name.trim(), filter.type, texts))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onCancel()
  }
  return (
    <form className="filter-editor" aria-label={`${submitLabel}: ${form.label}`} onSubmit={submit} onKeyDown={onKeyDown}>
      <p className="fact-hint">
        {form.label} {form.does}.
      </p>
      <div className="filter-fields">
        <NameField name={name} onChange={setName} />
        {form.fields.map(field => (
          <SettingInput
            key={field.key}
            field={field}
            text={texts[field.key] ?? ''}
            onChange={text => setTexts(before => ({ ...before, [field.key]: text }))}
          />
        ))}
      </div>
      {problems.map(problem => (
        <p key={problem} className="field-problem" role="alert">
          {problem}
        </p>
      ))}
      {error !== null && <ErrorNote error={error} />}
      <div className="filter-buttons">
        <Button icon={Check} type="submit" tone="primary" disabled={problems.length > 0 || isBusy}>
          {submitLabel}
        </Button>
        <Button icon={X} onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

function NameField({ name, onChange }: { readonly name: string; readonly onChange: (name: string) => void }) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  // The form appears because it was asked for.
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  return (
    <>
      <label htmlFor={id}>Name</label>
      <input
        ref={field}
        id={id}
        type="text"
        className="field-input"
        spellCheck={false}
        value={name}
        onChange={event => onChange(event.target.value)}
      />
      <span className="fact-hint">unique in this chain</span>
    </>
  )
}

interface SettingInputProps {
  readonly field: SettingField
  readonly text: string
  readonly onChange: (text: string) => void
}

function SettingInput({ field, text, onChange }: SettingInputProps) {
  const id = useId()
  return (
    <>
      <label htmlFor={id}>{field.label}</label>
      {field.kind === 'choice' ? (
        <select id={id} className="field-input" value={text} onChange={event => onChange(event.target.value)}>
          <option value="">default</option>
          {field.choices.map(choice => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="text"
          inputMode={field.kind === 'integer' ? 'numeric' : undefined}
          className="field-input"
          placeholder="as configured"
          spellCheck={false}
          aria-invalid={checkSetting(field, text) !== null}
          value={text}
          onChange={event => onChange(event.target.value)}
        />
      )}
      <span className="fact-hint">{field.hint}</span>
    </>
  )
}

function checkName(name: string, taken: readonly string[]): string | null {
  const trimmed = name.trim()
  if (trimmed === '') return 'A filter needs a name.'
  if (taken.includes(trimmed)) return `There is already a filter called ${trimmed}.`
  return trimmed.length > FILTER_NAME_MAX_CHARS ? `A name has at most ${FILTER_NAME_MAX_CHARS} characters.` : null
}
