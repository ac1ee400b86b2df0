import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createWindowHandlers({ shell }: Services): HandlersOf<'windows'> {
  return {
    'windows:open'() {
      shell.openWindow()
      return {}
    },
  }
}
