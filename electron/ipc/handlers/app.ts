import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createAppHandlers({ shell }: Services): HandlersOf<'app'> {
  return { 'app:info': () => shell.info }
}
