import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createManagerHandlers({ sessions, shell }: Services): HandlersOf<'manager'> {
  return {
    'manager:state': () => ({ state: sessions.status.state }),
    'manager:stats': () => sessions.status,
    'manager:health': () => sessions.health,
    async 'manager:shutdown'() {
      await sessions.shutdown()
      shell.quit()
      return {}
    },
  }
}
