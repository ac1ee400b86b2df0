import { type HistoryFormat, historyFile } from '../history-file'
import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createHistoryHandlers({ history, shell }: Services): HandlersOf<'history'> {
  return {
    'history:list': ({ sessionId }) => history.list(sessionId),
    async 'history:save'({ sessionId, format }) {
      const entries = history.list(sessionId)
      const file = await shell.saveFile(suggestedName(sessionId, format), historyFile(entries, format))
      return { saved: file !== null, file, entries: entries.length }
    },
  }
}

/** The id comes from the page: only what needs no quoting anywhere is taken of it. */
function suggestedName(sessionId: string | undefined, format: HistoryFormat): string {
  const whose = sessionId === undefined ? 'muster' : sessionId.replace(/[^A-Za-z0-9-]+/g, '').slice(0, 16) || 'session'
  return `${whose}-events.${format}`
}
