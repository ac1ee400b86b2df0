import type { SessionSnapshot } from '../../../shared/model'
import { usePort, useServices } from '../../stores/context'
import { useUsualBaudRate } from '../../stores/use-usual-baud-rate'
import { Fact, FactRows, FactSection } from '../../ui/facts/facts'
import { formatCount } from '../../ui/format'
import { PortSettingsFields } from '../../ui/port-settings/port-settings-fields'

/** How the port is open now, and how it is opened the next time. */
export function LineSection({ session }: { readonly session: SessionSnapshot }) {
  const { commands } = useServices()
  const port = usePort(session.sessionId)
  const usualBaudRate = useUsualBaudRate()
  const { port: path, baudRate } = session
  return (
    <FactSection title="Line">
      <FactRows>
        <Fact label="Port">
          <span className="mono">{path}</span>
          {baudRate !== null && ` · ${formatCount(baudRate)} baud`}
        </Fact>
      </FactRows>
      {port === undefined ? (
        <p className="facts-hint">The port has gone; its settings can be changed when it is back.</p>
      ) : (
        <div className="line-settings">
          <PortSettingsFields
            settings={port.settings}
            usualBaudRate={usualBaudRate}
            onChange={settings => commands.configurePort(port.path, settings)}
          />
        </div>
      )}
    </FactSection>
  )
}
