import { Repeat } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type FormEvent, useId, useState } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import { SAMPLER_INTERVAL_MAX_MS, SAMPLER_INTERVAL_MIN_MS } from '../../../shared/limits'
import type { SamplerInfo, SessionSnapshot } from '../../../shared/model'
import { useSamplerFeed } from '../../islands/chart/use-sampler-feed'
import { usePreference, useServices } from '../../stores/context'
import { runHindrance } from '../../stores/port-state'
import { Countdown } from '../../ui/age'
import { Button } from '../../ui/button'
import { ErrorLine } from '../../ui/error-line'
import { formatClock, formatCount } from '../../ui/format'
import { formatPeriod, parsePeriod } from '../../ui/periods'

export interface RepeatControlProps {
  readonly session: SessionSnapshot
  readonly codeOf: () => string
}

/** Runs the code again every so often; the numbers it returns become charts. */
export function RepeatControl({ session, codeOf }: RepeatControlProps) {
  const { client } = useServices()
  const { sampler } = useSamplerFeed(client, session.sessionId)
  const label = sampler === null ? 'off' : formatPeriod(sampler.intervalMs)
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className={sampler === null ? 'quiet-button' : 'quiet-button repeat-on'}
          aria-label={sampler === null ? 'Repeat, off' : `Repeat, every ${label}`}
          title="Run the code again every so often"
        >
          <Repeat size={14} strokeWidth={1.75} aria-hidden />
          Repeat {label}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="popover repeat"
          side="bottom"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Repeat the code"
        >
          {sampler !== null && <RepeatStatus sampler={sampler} />}
          <RepeatForm session={session} sampler={sampler} codeOf={codeOf} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function RepeatStatus({ sampler }: { readonly sampler: SamplerInfo }) {
  const { runs, failures, nextAt, startedAt, lastError, code } = sampler
  return (
    <section className="repeat-status" aria-label="What is repeated">
      <dl>
        <div>
          <dt>Code</dt>
          <dd>
            <code title={code}>{firstLine(code)}</code>
          </dd>
        </div>
        <div>
          <dt>Since</dt>
          <dd>{formatClock(startedAt)}</dd>
        </div>
        <div>
          <dt>Runs</dt>
          <dd>
            {formatCount(runs)}, {failures === 0 ? 'none' : formatCount(failures)} failed
          </dd>
        </div>
        <div>
          <dt>Next run</dt>
          <dd>{nextAt === null ? 'running now' : <NextRun at={nextAt} />}</dd>
        </div>
      </dl>
      {lastError !== null && (
        <p className="repeat-error">
          <b>Last failure.</b> {lastError}
        </p>
      )}
    </section>
  )
}

function NextRun({ at }: { readonly at: number }) {
  return (
    <>
      in <Countdown until={at} />
    </>
  )
}

function RepeatForm({ session, sampler, codeOf }: RepeatControlProps & { readonly sampler: SamplerInfo | null }) {
  const { commands } = useServices()
  const { sessionId } = session
  const id = useId()
  const [intervalMs, rememberInterval] = usePreference('repeatIntervalMs')
  const [retryMs, rememberRetry] = usePreference('repeatRetryMs')
  const [interval, setInterval] = useState(formatPeriod(sampler?.intervalMs ?? intervalMs))
  const [retry, setRetry] = useState(formatPeriod(sampler?.retryMs ?? retryMs))
  const [error, setError] = useState<ErrorInfo | null>(null)
  const asked = { interval: readPeriod(interval), retry: readPeriod(retry) }
  const canStart = runHindrance(session) === null && asked.interval !== null && asked.retry !== null

  const start = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!canStart || asked.interval === null || asked.retry === null) return
    rememberInterval(asked.interval)
    rememberRetry(asked.retry)
    const result = await commands.repeat(sessionId, codeOf(), asked.interval, asked.retry)
    setError(result.ok ? null : result.error)
  }

  return (
    <form className="repeat-form" onSubmit={event => void start(event)}>
      <PeriodInput id={`${id}-interval`} label="Run every" value={interval} isWrong={asked.interval === null} onChange={setInterval} />
      <PeriodInput id={`${id}-retry`} label="After a failure, wait" value={retry} isWrong={asked.retry === null} onChange={setRetry} />
      <p className="repeat-hint">
        {asked.interval === null || asked.retry === null
          ? `A length of time such as 500 ms, 10 s or 1 min; ${formatPeriod(SAMPLER_INTERVAL_MIN_MS)} to ${formatPeriod(SAMPLER_INTERVAL_MAX_MS)}.`
          : 'End the code with an expression such as {"volts": 1.2}: its numbers become charts.'}
      </p>
      {error !== null && (
        <p className="repeat-error" role="alert">
          <ErrorLine error={error} />
        </p>
      )}
      <div className="repeat-buttons">
        {sampler !== null && (
          <Button tone="danger" onClick={() => void commands.stopRepeating(sessionId)}>
            Stop repeating
          </Button>
        )}
        <Button type="submit" tone={sampler === null ? 'primary' : 'normal'} disabled={!canStart} title={whyNot(session)}>
          {sampler === null ? 'Start repeating' : 'Start anew with this code'}
        </Button>
      </div>
    </form>
  )
}

interface PeriodInputProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly isWrong: boolean
  readonly onChange: (value: string) => void
}

function PeriodInput({ id, label, value, isWrong, onChange }: PeriodInputProps) {
  return (
    <div className="repeat-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        value={value}
        aria-invalid={isWrong}
        spellCheck={false}
        autoComplete="off"
        onChange={event => onChange(event.target.value)}
      />
    </div>
  )
}

function readPeriod(text: string): number | null {
  const ms = parsePeriod(text)
  return ms !== null && ms >= SAMPLER_INTERVAL_MIN_MS && ms <= SAMPLER_INTERVAL_MAX_MS ? ms : null
}

function whyNot(session: SessionSnapshot): string | undefined {
  return runHindrance(session) ?? undefined
}

function firstLine(code: string): string {
  const lines = code.split('\n').filter(line => line.trim() !== '')
  return lines.length > 1 ? `${lines[0]} …` : (lines[0] ?? '')
}
