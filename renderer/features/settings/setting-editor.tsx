import { type KeyboardEvent, useEffect, useState } from 'react'
import type { ConfigKey, JsonValue } from '../../../shared/model'
import { Switch } from '../../ui/switch'
import { escaped, fieldText, fieldValue, unescaped } from './setting-value'

/** Text in which line breaks are lines, not signs. */
const MULTILINE_KEYS: ReadonlySet<string> = new Set(['deviceSessions.initSnippet'])
const LINES_MAX = 8

export interface SettingEditorProps {
  readonly id: string
  readonly setting: ConfigKey
  readonly label: string
  readonly disabled: boolean
  readonly describedBy: string
  readonly isInvalid: boolean
  readonly onSet: (value: JsonValue) => void
  readonly onError: (error: string | null) => void
}

/** What a key is edited with: by its kind. */
export function SettingEditor(props: SettingEditorProps) {
  const { id, setting, label, disabled, onSet } = props
  switch (setting.kind) {
    case 'boolean':
      return (
        <Switch
          id={id}
          label={label}
          describedBy={props.describedBy}
          checked={setting.value === true}
          disabled={disabled}
          onChange={onSet}
        />
      )
    case 'choice':
      return (
        <select
          id={id}
          className="input setting-choice"
          value={String(setting.value)}
          disabled={disabled}
          aria-label={label}
          aria-describedby={props.describedBy}
          onChange={event => onSet(setting.choices.includes(event.target.value) ? choiceValue(setting, event.target.value) : null)}
        >
          {setting.choices.map(choice => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      )
    default:
      return <Field {...props} />
  }
}

/** A choice among numbers is told as a number. */
function choiceValue({ default: usual }: ConfigKey, chosen: string): JsonValue {
  return typeof usual === 'number' ? Number(chosen) : chosen
}

/** Enter or leaving the field sets it, Escape takes it back. */
function Field({ id, setting, label, disabled, describedBy, isInvalid, onSet, onError }: SettingEditorProps) {
  const isLines = setting.kind === 'list' || MULTILINE_KEYS.has(setting.key)
  const isEscaped = setting.kind === 'text' && !isLines
  const shown = isEscaped ? escaped(fieldText(setting, setting.value)) : fieldText(setting, setting.value)
  const [draft, setDraft] = useState(shown)
  useEffect(() => setDraft(shown), [shown])

  const revert = (): void => {
    setDraft(shown)
    onError(null)
  }
  const commit = (): void => {
    if (draft === shown) {
      onError(null)
      return
    }
    const result = fieldValue(setting, isEscaped ? unescaped(draft) : draft)
    if ('error' in result) onError(result.error)
    else onSet(result.value)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') revert()
    if (event.key !== 'Enter' || (isLines && !event.ctrlKey && !event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    commit()
  }
  const shared = {
    id,
    value: draft,
    disabled,
    spellCheck: false,
    autoComplete: 'off',
    'aria-label': label,
    'aria-describedby': describedBy,
    'aria-invalid': isInvalid,
    onBlur: commit,
    onKeyDown,
  }
  if (isLines) {
    return (
      <textarea
        {...shared}
        className="input input-code setting-lines"
        rows={Math.min(LINES_MAX, Math.max(2, draft.split('\n').length))}
        placeholder={setting.kind === 'list' ? 'One a line' : ''}
        onChange={event => setDraft(event.target.value)}
      />
    )
  }
  return (
    <input
      {...shared}
      className={`input input-code setting-${setting.kind}`}
      inputMode={setting.kind === 'integer' || setting.kind === 'number' ? 'decimal' : 'text'}
      placeholder={setting.nullable ? 'none' : ''}
      onChange={event => setDraft(event.target.value)}
    />
  )
}
