import { Copy } from 'lucide-react'
import type { SessionSnapshot, StateChange } from '../../../shared/model'
import { gatewayView, minaView } from '../../../shared/session-views'
import { describePhase } from '../../stores/port-state'
import { Age } from '../../ui/age'
import { Fact, FactRows, FactSection } from '../../ui/facts/facts'
import { formatAge, formatBytes, formatClock, formatCount, formatDuration } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'
import { formatMoment } from '../../ui/moments'
import { StateChips } from './state-chips'
import { lastReconnect } from './state-history'

const TOLD_OWNERS: Readonly<Record<string, string>> = { '': 'Muster itself', pool: 'the pool' }

export interface SessionSectionProps {
  readonly session: SessionSnapshot
  readonly history: readonly StateChange[]
}

export function SessionSection({ session, history }: SessionSectionProps) {
  const { sessionId, state, phase, stateSince, statistics, metadata } = session
  const reconnect = lastReconnect(history)
  const ok = statistics.operations - statistics.errors
  return (
    <FactSection title="Session">
      <FactRows>
        <Fact label="Session" title={sessionId}>
          <span className="fact-line">
            <span className="mono">{shortId(sessionId)}</span>
            <IconButton icon={Copy} label="Copy the session id" onClick={() => void navigator.clipboard.writeText(sessionId)} />
          </span>
        </Fact>
        <Fact label="State">
          {state}
          {phase !== null && `: ${lowered(describePhase(phase))}`} since {formatClock(stateSince)}
        </Fact>
        <Fact label="History">
          <StateChips history={history} />
        </Fact>
        <Fact label="Seen as" title="The same state in the words of a gateway, and of an I/O session">
          gateway {gatewayView(session)} · I/O session {ioSessionText(session)}
        </Fact>
        <Fact label="Owner">{TOLD_OWNERS[session.clientIdentity] ?? session.clientIdentity}</Fact>
        {session.clientSessionName !== '' && <Fact label="Name">{session.clientSessionName}</Fact>}
        {session.clientCorrelationId !== '' && (
          <Fact label="Correlation id" isCode>
            {session.clientCorrelationId}
          </Fact>
        )}
        {session.deviceKey !== '' && (
          <Fact label="Device key" isCode>
            {session.deviceKey}
          </Fact>
        )}
        <Fact label="Data source" isCode>
          {metadata.dataSource}
        </Fact>
        <Fact label="Opened">
          {formatMoment(session.openedAt)}, <Age since={session.openedAt} format={formatAge} /> ago
        </Fact>
        {session.backend !== 'none' && (
          <>
            <Fact label="Executions">
              {formatCount(ok)} ok · {formatCount(statistics.errors)} failed
              {statistics.pendingOperations > 0 && ` · ${formatCount(statistics.pendingOperations)} waiting`}
            </Fact>
            <Fact label="In / out">
              {formatBytes(statistics.bytesIn)} / {formatBytes(statistics.bytesOut)}
              {statistics.pendingWrites > 0 && ` · ${formatBytes(statistics.pendingWriteBytes)} waiting to be written`}
            </Fact>
            <Fact label="Messages">
              {formatCount(statistics.messagesIn)} / {formatCount(statistics.messagesOut)}
            </Fact>
            <Fact label="Reconnects">
              {formatCount(statistics.reconnects)}
              {reconnect !== null && `, last ${formatClock(reconnect.at)} after ${formatDuration(reconnect.afterMs)}`}
            </Fact>
          </>
        )}
      </FactRows>
    </FactSection>
  )
}

/** `Connected`, `Idle for write, both`. */
function ioSessionText(session: SessionSnapshot): string {
  const { state, isIdleForRead, isIdleForWrite, isIdleForBoth } = minaView(session)
  const kinds = [isIdleForRead && 'read', isIdleForWrite && 'write', isIdleForBoth && 'both'].filter(kind => kind !== false)
  return kinds.length === 0 ? (state ?? 'not connected') : `${state} for ${kinds.join(', ')}`
}

/** `session-4be1c0…9a77`: enough to tell two apart. */
function shortId(sessionId: string): string {
  return sessionId.length > 24 ? `${sessionId.slice(0, 14)}…${sessionId.slice(-4)}` : sessionId
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
