import { RotateCcw } from 'lucide-react'
import { memo, useId, useState } from 'react'
import type { ConfigKey, ConfigProblem, JsonValue } from '../../../shared/model'
import { IconButton } from '../../ui/icon-button'
import { problemSentence } from './problem-text'
import { SettingEditor } from './setting-editor'
import { valueInWords } from './setting-value'
import { isChanged, titleOf } from './settings-search'

export interface SettingRowProps {
  readonly setting: ConfigKey
  readonly isReadOnly: boolean
  /** What the file says wrongly about this key. */
  readonly problem: ConfigProblem | undefined
  /** Answers with the reason why not, or null. */
  readonly onSet: (key: string, value: JsonValue) => Promise<string | null>
  readonly onReset: (key: string) => Promise<string | null>
}

/** One key: what it does, its value, its default, and what it says about a value that was refused. */
export const SettingRow = memo(function SettingRow({ setting, isReadOnly, problem, onSet, onReset }: SettingRowProps) {
  const id = useId()
  const [error, setError] = useState<string | null>(null)
  const title = titleOf(setting)
  const changed = isChanged(setting)
  const complaint = error ?? (problem === undefined ? null : problemSentence(problem))
  const set = async (value: JsonValue): Promise<void> => setError(await onSet(setting.key, value))
  const inWords = valueInWords(setting, setting.value)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would want a legend of its own in each row.
    <div className={changed ? 'setting setting-changed' : 'setting'} role="group" aria-labelledby={`${id}-title`}>
      <div className="setting-text">
        <h4 id={`${id}-title`}>
          {title}
          <span
            className="tag"
            title={setting.live ? 'Takes effect at once, in open sessions as well' : 'Takes effect in sessions opened from now on'}
          >
            {setting.live ? 'at once' : 'new sessions'}
          </span>
        </h4>
        <p id={`${id}-text`}>{setting.description}</p>
        <code>{setting.key}</code>
      </div>
      <div className="setting-value">
        <div className="setting-control">
          <SettingEditor
            id={id}
            setting={setting}
            label={title}
            disabled={isReadOnly}
            describedBy={`${id}-text ${id}-rule`}
            isInvalid={error !== null}
            onSet={value => void set(value)}
            onError={setError}
          />
          {setting.kind === 'duration' && setting.value !== null && <span className="setting-words">{inWords}</span>}
        </div>
        {complaint !== null && (
          <p className={error === null && problem?.severity === 'warning' ? 'setting-error setting-warning' : 'setting-error'} role="alert">
            {complaint}
          </p>
        )}
        <p id={`${id}-rule`} className="setting-rule">
          {complaint?.includes(setting.rule) === true ? '' : ruleText(setting)}
        </p>
      </div>
      <div className="setting-default">
        <span>
          Default <b>{valueInWords(setting, setting.default)}</b>
        </span>
        {changed && (
          <span className="setting-mark">
            changed
            <IconButton
              icon={RotateCcw}
              label={`Reset ${title}`}
              disabled={isReadOnly}
              onClick={() => void onReset(setting.key).then(setError)}
            />
          </span>
        )}
      </div>
    </div>
  )
})

/** In the words of the editor: a switch and a choice show what is allowed, and nothing is an empty field. */
function ruleText({ kind, rule }: ConfigKey): string {
  return kind === 'boolean' || kind === 'choice' ? '' : rule.replace('null for', 'empty for')
}
