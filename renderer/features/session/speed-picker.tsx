import { ChevronDown, Gauge } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { COMMON_BAUD_RATES } from '../../../shared/limits'
import { usePort, useServices } from '../../stores/context'
import { addNotice } from '../../stores/notices-store'
import { useUsualBaudRate } from '../../stores/use-usual-baud-rate'
import { Button } from '../../ui/button'
import { formatCount } from '../../ui/format'

/** The speed that a port is opened with from now on. Boards with USB of their own do not care; bridges do. */
export function SpeedPicker({ port }: { readonly port: string }) {
  const { stores, commands } = useServices()
  const usual = useUsualBaudRate()
  const baudRate = usePort(port)?.settings.baudRate ?? usual
  const choose = async (chosen: number): Promise<void> => {
    const result = await commands.configurePort(port, { baudRate: chosen === usual ? null : chosen })
    if (!result.ok) addNotice(stores.notices, result.error)
  }
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button icon={Gauge} aria-label={`Speed, ${formatCount(baudRate)} baud`}>
          {formatCount(baudRate)} baud
          <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="start" sideOffset={2}>
          <DropdownMenu.Label className="menu-label">Open this port with</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={String(baudRate)} onValueChange={value => void choose(Number(value))}>
            {COMMON_BAUD_RATES.map(offered => (
              <DropdownMenu.RadioItem key={offered} className="menu-item" value={String(offered)}>
                {formatCount(offered)} baud
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
