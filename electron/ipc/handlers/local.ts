import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createLocalHandlers({ localFolders, shell }: Services): HandlersOf<'local'> {
  return {
    'local:folders': () => localFolders.list(),
    async 'local:choose'() {
      const path = await shell.chooseFolder()
      return path === null ? null : await localFolders.grant(path)
    },
    async 'local:forget'({ folderId }) {
      await localFolders.forget(folderId)
      return {}
    },
    'local:list': ({ place }) => localFolders.entries(place),
    async 'local:mkdir'({ place }) {
      await localFolders.mkdir(place)
      return {}
    },
  }
}
