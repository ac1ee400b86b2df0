import { DEFAULT_BAUD_RATE } from '../../shared/limits'
import { useManagerState } from './context'

const KEY = 'transport.defaultBaudRate'

/** The speed of a port for which none is chosen: what the configuration says. */
export function useUsualBaudRate(): number {
  const value = useManagerState(state => state.config?.keys.find(({ key }) => key === KEY)?.value)
  return typeof value === 'number' ? value : DEFAULT_BAUD_RATE
}
