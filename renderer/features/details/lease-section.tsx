import { CalendarClock, TimerReset, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { LEASE_EXTENSION_MS } from '../../../shared/limits'
import type { SessionOptions, SessionSnapshot } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { Countdown } from '../../ui/age'
import { Button } from '../../ui/button'
import { ErrorNote } from '../../ui/error-note'
import { Fact, FactRows, FactSection } from '../../ui/facts/facts'
import { formatDuration } from '../../ui/format'
import { formatMoment } from '../../ui/moments'
import { formatPeriod } from '../../ui/periods'
import { useAttempt } from '../../ui/use-attempt'
import { parseEnd } from './lease-end'

export interface LeaseSectionProps {
  readonly session: SessionSnapshot
  /** Null until they are known. */
  readonly options: SessionOptions | null
}

/** The end that was set to a session, if any: put off, set, or taken away. */
export function LeaseSection({ session, options }: LeaseSectionProps) {
  const { client } = useServices()
  const attempt = useAttempt()
  const { expiresAt, isPending } = session.lease
  const setEnd = (at: number | null) =>
    attempt.run(() => client.call('sessions:extendLease', { sessionId: session.sessionId, expiresAt: at }))
  return (
    <FactSection
      title="Lease"
      action={
        <Button
          icon={TimerReset}
          disabled={attempt.isBusy}
          title="Puts the end off; without one, sets it that far from now"
          onClick={() => void setEnd(Math.max(expiresAt ?? 0, Date.now()) + LEASE_EXTENSION_MS)}
        >
          Extend {formatPeriod(LEASE_EXTENSION_MS)}
        </Button>
      }
    >
      <FactRows>
        <Fact label="Expires">
          <span className="fact-line">
            {expiresAt === null ? (
              'never: the session stays until it is closed'
            ) : (
              <>
                <span>
                  {formatMoment(expiresAt)}, {isPending ? 'over' : <Left until={expiresAt} />}
                </span>
                <Button
                  icon={X}
                  className="small-button"
                  aria-label="Remove the lease"
                  disabled={attempt.isBusy}
                  onClick={() => void setEnd(null)}
                >
                  Remove
                </Button>
              </>
            )}
          </span>
          {isPending && <p className="lease-pending">Closes as soon as the running code has ended. An extension prevents it.</p>}
        </Fact>
        {options !== null && (
          <Fact label="Policy">
            {options.leaseDurationMs === null ? 'stays as it is set' : `renewed to ${formatPeriod(options.leaseDurationMs)} by each use`}
          </Fact>
        )}
        <Fact label="End at">
          <EndForm isBusy={attempt.isBusy} onSet={setEnd} />
        </Fact>
      </FactRows>
      {attempt.error !== null && <ErrorNote error={attempt.error} />}
    </FactSection>
  )
}

function Left({ until }: { readonly until: number }) {
  return (
    <>
      in <Countdown until={until} format={formatDurationLeft} />
    </>
  )
}

/** Whole seconds: the last one is shown until it is over. */
function formatDurationLeft(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1_000)
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1_000)
}

function EndForm({ isBusy, onSet }: { readonly isBusy: boolean; readonly onSet: (at: number) => Promise<unknown> }) {
  const [text, setText] = useState('')
  const at = parseEnd(text, Date.now())
  const isReady = at !== null && !isBusy
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isReady) void onSet(at)
  }
  return (
    <form className="fact-line" onSubmit={submit}>
      <input
        type="text"
        className="field-input lease-end"
        aria-label="End of the lease"
        placeholder="20 min, or 14:30"
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <Button icon={CalendarClock} type="submit" className="small-button" disabled={!isReady}>
        Set end
      </Button>
      {text !== '' && <span className="fact-hint">{endHint(at)}</span>}
    </form>
  )
}

function endHint(at: number | null): string {
  if (at === null) return 'A length of time, a time of day, or 2026-08-11 14:30.'
  return at <= Date.now() ? 'This is over: the session will close.' : formatMoment(at)
}
