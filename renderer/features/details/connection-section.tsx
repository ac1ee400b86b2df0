import { RotateCw } from 'lucide-react'
import type { SessionSnapshot } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { describeSession, isReady } from '../../stores/port-state'
import { Button } from '../../ui/button'
import { ErrorNote } from '../../ui/error-note'
import { Fact, FactRows, FactSection } from '../../ui/facts/facts'
import { StateDot } from '../../ui/state-dot'
import { StateText } from '../../ui/state-text'
import { Switch } from '../../ui/switch'
import { useAttempt } from '../../ui/use-attempt'

/** Where the connection stands, and what happens when it breaks. */
export function ConnectionSection({ session }: { readonly session: SessionSnapshot }) {
  const { client } = useServices()
  const attempt = useAttempt()
  const state = describeSession(session)
  const { sessionId, fault, autoReconnect } = session
  const reconnect = (): void => void attempt.run(() => client.call('sessions:reconnect', { sessionId }))
  const setAuto = (value: boolean): void =>
    void attempt.run(() => client.call('sessions:configure', { sessionId, options: { autoReconnect: value } }))
  return (
    <FactSection
      title="Connection"
      action={
        <Button
          icon={RotateCw}
          disabled={attempt.isBusy || fault?.final === true || session.state === 'Connecting' || session.state === 'Disconnecting'}
          title={isReady(session) ? 'Drops the connection and makes it anew; running code ends' : 'Tries now'}
          onClick={reconnect}
        >
          Reconnect
        </Button>
      }
    >
      <FactRows>
        <Fact label="Now">
          <span className="fact-line">
            <StateDot kind={state.kind} />
            <StateText state={state} separator=" " />
          </span>
        </Fact>
        <Fact label="When it is lost">
          <span className="fact-line">
            <Switch label="Connect again by itself" checked={autoReconnect} disabled={attempt.isBusy} onChange={setAuto} />
            <span className="fact-hint">{autoReconnect ? 'connects again by itself' : 'waits for Reconnect'}</span>
          </span>
        </Fact>
      </FactRows>
      {attempt.error !== null && <ErrorNote error={attempt.error} />}
    </FactSection>
  )
}
