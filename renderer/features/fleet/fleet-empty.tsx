import { Cpu, Usb } from 'lucide-react'
import { useServices } from '../../stores/context'
import { Button } from '../../ui/button'

export function FleetEmpty() {
  const { commands } = useServices()
  return (
    <div className="fleet-empty">
      <Usb size={28} strokeWidth={1.25} aria-hidden />
      <p className="fleet-empty-title">Boards and their ports appear here</p>
      <p>Plug a board in with a USB cable that carries data. Some cables only charge.</p>
      <p>No board at hand? A simulated one runs the real MicroPython interpreter.</p>
      <Button icon={Cpu} tone="primary" onClick={() => void commands.simulate(1, { open: true })}>
        Start simulated board
      </Button>
    </div>
  )
}
