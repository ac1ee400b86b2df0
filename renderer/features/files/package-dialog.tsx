import { useId, useState } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import type { ExecutionResult } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { showView } from '../../stores/tabs-store'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { ErrorNote } from '../../ui/error-note'
import { formatDuration } from '../../ui/format'

export interface PackageDialogProps {
  readonly sessionId: string
  readonly boardName: string
  /** The folders here may have changed. */
  readonly onInstalled: () => void
  readonly onClose: () => void
}

/** Has the board fetch a package over its own network. What it prints stands in the console. */
export function PackageDialog({ sessionId, boardName, onInstalled, onClose }: PackageDialogProps) {
  const { client, stores } = useServices()
  const id = useId()
  const [name, setName] = useState('')
  const [version, setVersion] = useState('')
  const [target, setTarget] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<ErrorInfo | null>(null)
  const [result, setResult] = useState<ExecutionResult | null>(null)
  const canInstall = name.trim() !== '' && !isBusy
  const install = async (): Promise<void> => {
    if (!canInstall) return
    setIsBusy(true)
    setError(null)
    setResult(null)
    const answer = await client.call('packages:install', {
      sessionId,
      name: name.trim(),
      ...(version.trim() === '' ? {} : { version: version.trim() }),
      ...(target.trim() === '' ? {} : { target: target.trim() }),
    })
    setIsBusy(false)
    if (answer.ok) {
      setResult(answer.value)
      onInstalled()
    } else setError(answer.error)
  }
  const showConsole = (): void => {
    onClose()
    showView(stores.tabs, stores.tabs.getState().active ?? sessionId, 'console')
  }
  return (
    <Dialog
      title={`Install a package on ${boardName}`}
      onClose={onClose}
      onSubmit={() => void install()}
      buttons={
        <>
          {(isBusy || result !== null || error !== null) && <Button onClick={showConsole}>Show the console</Button>}
          <span className="spacer" />
          <Button onClick={onClose}>{result?.outcome === 'ok' ? 'Close' : 'Cancel'}</Button>
          <Button type="submit" tone="primary" disabled={!canInstall}>
            {isBusy ? 'Installing…' : 'Install'}
          </Button>
        </>
      }
    >
      <p>The board fetches it with mip, over its own network. What it prints stands in the console.</p>
      <div className="dialog-field">
        <label htmlFor={`${id}-name`}>Package</label>
        <input
          id={`${id}-name`}
          className="input"
          value={name}
          placeholder="umqtt.simple, github:org/repo, https://…"
          spellCheck={false}
          autoComplete="off"
          autoFocus
          onChange={event => setName(event.target.value)}
        />
      </div>
      <div className="dialog-field">
        <label htmlFor={`${id}-version`}>Version</label>
        <input
          id={`${id}-version`}
          className="input"
          value={version}
          placeholder="The latest"
          spellCheck={false}
          autoComplete="off"
          onChange={event => setVersion(event.target.value)}
        />
      </div>
      <div className="dialog-field">
        <label htmlFor={`${id}-target`}>Folder</label>
        <input
          id={`${id}-target`}
          className="input"
          value={target}
          placeholder="/lib, as mip chooses it"
          spellCheck={false}
          autoComplete="off"
          onChange={event => setTarget(event.target.value)}
        />
      </div>
      {error !== null && <ErrorNote error={error} />}
      {result !== null && <Outcome result={result} />}
    </Dialog>
  )
}

/** `mip` prints that it could not get a package and then ends well: its own words decide. */
function Outcome({ result: { outcome, stdout, traceback, durationMs } }: { readonly result: ExecutionResult }) {
  const last = (outcome === 'ok' ? stdout : (traceback ?? '')).trim().split('\n').at(-1) ?? ''
  const isDone = outcome === 'ok' && /^Done/.test(last)
  return (
    <p role="status" className={isDone ? 'package-ok' : 'package-bad'}>
      {isDone ? `Installed in ${formatDuration(durationMs)}. ` : 'Not installed. '}
      <span className="mono">{last}</span>
    </p>
  )
}
