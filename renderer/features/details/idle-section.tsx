import { IDLE_PERIOD_MIN_MS } from '../../../shared/limits'
import type { IdleKind, LiveSessionOptions, SessionOptions, SessionSnapshot } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { isReady } from '../../stores/port-state'
import { Age } from '../../ui/age'
import { Fact, FactRows, FactSection } from '../../ui/facts/facts'
import { PeriodField } from '../../ui/fields/period-field'
import { formatAge } from '../../ui/format'

const KINDS: readonly IdleKind[] = ['read', 'write', 'both']

const PERIODS: Readonly<Record<IdleKind, keyof Pick<SessionOptions, 'readerIdleMs' | 'writerIdleMs' | 'bothIdleMs'>>> = {
  read: 'readerIdleMs',
  write: 'writerIdleMs',
  both: 'bothIdleMs',
}

const MEANINGS: Readonly<Record<IdleKind, string>> = {
  read: 'nothing read',
  write: 'nothing written',
  both: 'neither read nor written',
}

export interface IdleSectionProps {
  readonly session: SessionSnapshot
  /** Null until they are known. */
  readonly options: SessionOptions | null
}

/** Three lamps for a silent line, and the clock that closes a session nobody uses. */
export function IdleSection({ session, options }: IdleSectionProps) {
  const { client } = useServices()
  const configure = (changed: Partial<LiveSessionOptions>) =>
    client.call('sessions:configure', { sessionId: session.sessionId, options: changed })
  const isOff = options !== null && KINDS.every(kind => options[PERIODS[kind]] === 0)
  return (
    <FactSection title="Idle">
      <FactRows>
        <Fact label="Lamps">
          <div className="lamps">
            {KINDS.map(kind => (
              <div key={kind}>
                <Lamp kind={kind} session={session} periodMs={options?.[PERIODS[kind]] ?? null} />
                {options !== null && (
                  <PeriodField
                    label={`Idle period, ${MEANINGS[kind]}`}
                    valueMs={options[PERIODS[kind]] === 0 ? null : options[PERIODS[kind]]}
                    noneWord="off"
                    minMs={IDLE_PERIOD_MIN_MS}
                    onSave={valueMs => configure({ [PERIODS[kind]]: valueMs ?? 0 })}
                  />
                )}
              </div>
            ))}
          </div>
          <p className="fact-hint">
            {isOff ? 'Give a lamp a period, and it lights when the line has been silent for so long.' : 'Lit after so much silence.'}
          </p>
        </Fact>
        <Fact label="Closes when idle">
          <span className="fact-line">
            <PeriodField
              label="Idle time-out"
              valueMs={session.idleTimeoutMs}
              noneWord="never"
              minMs={IDLE_PERIOD_MIN_MS}
              onSave={idleTimeoutMs => configure({ idleTimeoutMs })}
            />
            <span className="fact-hint">
              without use, last used <Age since={session.lastUsedAt} format={formatAge} /> ago
            </span>
          </span>
        </Fact>
      </FactRows>
    </FactSection>
  )
}

interface LampProps {
  readonly kind: IdleKind
  readonly session: SessionSnapshot
  /** 0 for off; null while it is not known. */
  readonly periodMs: number | null
}

function Lamp({ kind, session, periodMs }: LampProps) {
  const { count } = session.statistics.idle[kind]
  const since = lastIoAt(kind, session)
  const isOff = periodMs === 0
  const isLit = !isOff && count > 0 && isReady(session)
  const word = isOff ? 'off' : isLit ? 'idle' : 'awake'
  return (
    <span className={isOff ? 'lamp lamp-off' : isLit ? 'lamp lamp-lit' : 'lamp'} title={`${MEANINGS[kind]}: ${word}`}>
      <span className="lamp-light" aria-hidden />
      <span>
        {kind}
        {isOff && ' off'}
        {isLit && since !== null && (
          <>
            {' '}
            <Age since={since} format={formatAge} />
          </>
        )}
      </span>
      {!isOff && <span className="visually-hidden"> {word}</span>}
    </span>
  )
}

function lastIoAt(kind: IdleKind, { statistics, connectedAt }: SessionSnapshot): number | null {
  const last = { read: statistics.lastReadAt, write: statistics.lastWriteAt, both: statistics.lastIoAt }[kind]
  return last ?? connectedAt
}
