import { Copy, FileWarning } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ConfigReport, JsonValue } from '../../../shared/model'
import { useManagerState, useServices } from '../../stores/context'
import { addNotice } from '../../stores/notices-store'
import { formatPlural } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'
import { SearchField } from '../../ui/search-field/search-field'
import { problemSentence, withoutKey } from './problem-text'
import { SettingRow } from './setting-row'
import { findKeys, groupKeys, isChanged } from './settings-search'
import './settings.css'

/** Every key of the configuration file. What is set here is written to the file, and nothing else in it is touched. */
export function SettingsView() {
  const report = useManagerState(state => state.config)
  return (
    <section className="settings" aria-label="Settings">
      {report === null ? <p className="page-loading">The settings have not come yet.</p> : <Settings report={report} />}
    </section>
  )
}

function Settings({ report }: { readonly report: ConfigReport }) {
  const { stores, client } = useServices()
  const [query, setQuery] = useState('')
  const [onlyChanged, setOnlyChanged] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  useEffect(() => search.current?.focus(), [])

  const found = useMemo(() => findKeys(report.keys, query, onlyChanged), [report, query, onlyChanged])
  const groups = useMemo(() => groupKeys(found), [found])
  const changedCount = report.keys.filter(isChanged).length

  const change = useCallback(
    async (input: { readonly key: string; readonly value?: JsonValue; readonly reset?: boolean }): Promise<string | null> => {
      const result = await client.call('config:set', input)
      if (result.ok) {
        stores.manager.setState({ config: result.value })
        return null
      }
      if (result.error.code !== 'ConfigInvalid') addNotice(stores.notices, result.error)
      const message = problemSentence({ key: input.key, message: result.error.message })
      return [message, result.error.hint].filter(Boolean).join(' ')
    },
    [client, stores],
  )
  const onSet = useCallback((key: string, value: JsonValue) => change({ key, value }), [change])
  const onReset = useCallback((key: string) => change({ key, reset: true }), [change])

  return (
    <>
      <header className="page-bar">
        <h2>Settings</h2>
        <SearchField
          ref={search}
          className="page-search"
          label="Search the settings"
          placeholder="Search name, text, value"
          value={query}
          onChange={setQuery}
        />
        <button type="button" className="chip" aria-pressed={onlyChanged} onClick={() => setOnlyChanged(!onlyChanged)}>
          Changed <b>{changedCount}</b>
        </button>
        <span className="page-count" role="status">
          {found.length === report.keys.length ? formatPlural(found.length, 'setting') : `${found.length} of ${report.keys.length}`}
        </span>
      </header>
      <div className="settings-body">
        <FileLine report={report} />
        <Problems report={report} />
        {groups.length === 0 && (
          <p className="page-empty" role="status">
            0 of {report.keys.length} match,{' '}
            <button
              type="button"
              className="link"
              onClick={() => {
                setQuery('')
                setOnlyChanged(false)
              }}
            >
              clear filter
            </button>
          </p>
        )}
        {groups.map(group => (
          <section key={group.name} aria-label={group.name}>
            <h3 className="settings-group">{group.name}</h3>
            {group.keys.map(setting => (
              <SettingRow
                key={setting.key}
                setting={setting}
                isReadOnly={report.isReadOnly}
                problem={report.problems.find(problem => problem.key === setting.key)}
                onSet={onSet}
                onReset={onReset}
              />
            ))}
          </section>
        ))}
      </div>
    </>
  )
}

function FileLine({ report }: { readonly report: ConfigReport }) {
  return (
    <p className="settings-file">
      <span>Kept in</span>
      <code>{report.file}</code>
      <IconButton icon={Copy} label="Copy the path of the file" onClick={() => void navigator.clipboard.writeText(report.file)} />
    </p>
  )
}

/** What is wrong with the file as a whole, or with keys that no row stands for; the rest is said at its row. */
function Problems({ report }: { readonly report: ConfigReport }) {
  const { problems, isReadOnly } = report
  if (problems.length === 0 && !isReadOnly) return null
  return (
    <div className={isReadOnly ? 'settings-problems settings-broken' : 'settings-problems'} role="alert">
      <FileWarning size={14} strokeWidth={1.75} aria-hidden />
      <div>
        <p>
          <b>
            {isReadOnly
              ? 'The file can’t be read, so nothing here can be changed.'
              : `${formatPlural(problems.length, 'thing')} in the file ${problems.length === 1 ? 'needs' : 'need'} a look.`}
          </b>{' '}
          {isReadOnly && 'Muster leaves it as it is and runs on the defaults. Mend it in a text editor; it is read again when it is saved.'}
        </p>
        <ul>
          {problems.map(problem => (
            <li key={`${problem.key} ${problem.message}`}>
              {problem.key !== null && <code>{problem.key}</code>} {withoutKey(problem)}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
