import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createPortHandlers({ ports, simulated }: Services): HandlersOf<'ports' | 'simulated'> {
  return {
    'ports:list': ({ refresh }) => (refresh === true ? ports.refresh() : ports.current),
    'ports:add': ({ path }) => ports.add(path),
    async 'ports:remove'({ path }) {
      await ports.remove(path)
      return {}
    },
    'ports:configure': ({ path, settings }) => ports.configure(path, settings),
    'simulated:start': async ({ count }) => ({ ports: await simulated.start(count) }),
    async 'simulated:stop'({ path }) {
      await simulated.stop(path)
      return {}
    },
  }
}
