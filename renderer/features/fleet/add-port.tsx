import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import { MAX_PORT_PATH_CHARS } from '../../../shared/limits'
import { hintText } from '../../bridge/error-texts'
import { useServices } from '../../stores/context'
import { Button } from '../../ui/button'

const EXAMPLES = { linux: '/dev/ttyACM0', darwin: '/dev/cu.usbmodem101', win32: 'COM3' } as const

/** Takes a path that the list does not find by itself. An error stands at the field until the text changes. */
export function AddPort({ onDone }: { readonly onDone: (added: boolean) => void }) {
  const { client, commands } = useServices()
  const [path, setPath] = useState('')
  const [error, setError] = useState<ErrorInfo | null>(null)
  const [isBusy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const typed = path.trim()
    if (typed === '' || isBusy) return
    setBusy(true)
    const result = await commands.addPort(typed)
    setBusy(false)
    if (result.ok) onDone(true)
    else setError(result.error)
  }

  return (
    <form
      className="add-port"
      aria-label="Add port"
      onSubmit={event => void submit(event)}
      onKeyDown={event => {
        if (event.key === 'Escape') onDone(false)
      }}
    >
      <label htmlFor="add-port-path">Path of the port</label>
      <input
        id="add-port-path"
        ref={field}
        value={path}
        maxLength={MAX_PORT_PATH_CHARS}
        placeholder={EXAMPLES[client.platform]}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : 'add-port-error'}
        onChange={event => {
          setPath(event.target.value)
          setError(null)
        }}
      />
      {error !== null && (
        <p id="add-port-error" role="alert">
          {error.message} {error.hint !== undefined && hintText(error.hint)}
        </p>
      )}
      <div className="add-port-buttons">
        <Button onClick={() => onDone(false)}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={path.trim() === '' || isBusy}>
          Add
        </Button>
      </div>
    </form>
  )
}
