import type { SessionOptions } from '../../../shared/model'
import { Fact, FactRows, FactSection } from '../../ui/facts/facts'
import { formatBytes, formatCount, formatPlural } from '../../ui/format'
import { formatPeriod } from '../../ui/periods'

/** What this session was opened with. */
export function LimitsSection({ options }: { readonly options: SessionOptions }) {
  const { maxReconnectAttempts, initSnippet } = options
  return (
    <FactSection title="Limits" note="set when it was opened">
      <FactRows>
        <Fact label="Connecting">{formatPeriod(options.connectionTimeoutMs)}</Fact>
        <Fact label="Execution">{formatPeriod(options.operationTimeoutMs)}, where a run says no other</Fact>
        <Fact label="Write">{formatPeriod(options.writeTimeoutMs)}</Fact>
        <Fact label="Closing">{formatPeriod(options.shutdownTimeoutMs)}</Fact>
        <Fact label="Reconnecting">
          {maxReconnectAttempts === 0
            ? 'no attempts'
            : `${formatPlural(maxReconnectAttempts, 'attempt')}, each after ${formatPeriod(options.reconnectDelayMs)}`}
        </Fact>
        <Fact label="Waiting runs">{formatCount(options.maxPendingOperations)}</Fact>
        <Fact label="Output of one run">{formatBytes(options.maxMessageBytes)}</Fact>
        <Fact label="Reader’s queue">{formatPlural(options.eventQueueCapacity, 'entry', 'entries')}</Fact>
        <Fact label="Throughput">measured every {formatPeriod(options.throughputIntervalMs)}</Fact>
        <Fact label="Profile">{options.profile === 'longRunning' ? 'long-running' : 'standard'}</Fact>
        <Fact label="After connecting" isCode={initSnippet !== ''} title={initSnippet}>
          {initSnippet === '' ? 'nothing is run' : firstLine(initSnippet)}
        </Fact>
      </FactRows>
    </FactSection>
  )
}

function firstLine(code: string): string {
  const end = code.indexOf('\n')
  return end < 0 ? code : `${code.slice(0, end)} …`
}
