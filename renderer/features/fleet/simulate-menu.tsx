import { Cpu, Plus } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { SIMULATED_START_MAX } from '../../../shared/limits'
import { useServices } from '../../stores/context'
import { useAction } from '../../ui/actions'
import { Button } from '../../ui/button'

/** The two ways to get more ports. */
export function SimulateMenu({ onAddPort }: { readonly onAddPort: () => void }) {
  const { commands } = useServices()
  useAction('simulate-one', () => void commands.simulate(1))
  useAction('simulate-sixteen', () => void commands.simulate(SIMULATED_START_MAX))
  return (
    <div className="fleet-buttons">
      <Button icon={Plus} onClick={onAddPort}>
        Add port
      </Button>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <Button icon={Cpu}>Simulate…</Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" side="top" align="start" sideOffset={4}>
            <DropdownMenu.Item className="menu-item" onSelect={() => void commands.simulate(1)}>
              Start 1 simulated board
            </DropdownMenu.Item>
            <DropdownMenu.Item className="menu-item" onSelect={() => void commands.simulate(SIMULATED_START_MAX)}>
              Start {SIMULATED_START_MAX} simulated boards
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </div>
  )
}
