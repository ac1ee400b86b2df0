import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createLocalHandlers({ localFolders, droppedFiles, shell }: Services): HandlersOf<'local'> {
  return {
    'local:folders': () => localFolders.list(),
    async 'local:choose'() {
      const path = await shell.chooseFolder()
      return path === null ? null : await localFolders.grant(path)
    },
    async 'local:forget'({ folderId }) {
      if (!droppedFiles.forget(folderId)) await localFolders.forget(folderId)
      return {}
    },
    'local:list': ({ place }) => localFolders.entries(place),
    async 'local:mkdir'({ place }) {
      await localFolders.mkdir(place)
      return {}
    },
    async 'local:rename'({ place, name }) {
      await localFolders.rename(place, name)
      return {}
    },
    'local:trash': ({ place, names }) => localFolders.trash(place, names, file => shell.moveToTrash(file)),
    'local:beginDrop': () => droppedFiles.begin(),
    async 'local:addDropped'({ place, offset, data }) {
      await droppedFiles.add(place, offset, data)
      return {}
    },
  }
}
