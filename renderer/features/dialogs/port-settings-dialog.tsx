import type { PortInfo } from '../../../shared/model'
import { portName } from '../../stores/board-names'
import { useServices } from '../../stores/context'
import { useUsualBaudRate } from '../../stores/use-usual-baud-rate'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { PortSettingsFields } from '../../ui/port-settings/port-settings-fields'

/** How a port is opened, before it is. */
export function PortSettingsDialog({ port, onClose }: { readonly port: PortInfo; readonly onClose: () => void }) {
  const { commands } = useServices()
  const usualBaudRate = useUsualBaudRate()
  return (
    <Dialog
      title={`Settings of the port ${portName(port.path, port)}`}
      onClose={onClose}
      onSubmit={onClose}
      buttons={
        <Button type="submit" tone="primary">
          Done
        </Button>
      }
    >
      <p className="dialog-hint mono">{port.path}</p>
      <PortSettingsFields
        settings={port.settings}
        usualBaudRate={usualBaudRate}
        onChange={settings => commands.configurePort(port.path, settings)}
      />
    </Dialog>
  )
}
