import type { KeyValueStorage } from './preferences-store'

/** The code a user last had for a board, by its board key. */
export interface SnippetMemory {
  read(board: string): string | null
  write(board: string, code: string): void
}

export function createSnippetMemory(storage: KeyValueStorage): SnippetMemory {
  const unsaved = new Map<string, string>()
  return {
    read(board) {
      try {
        return unsaved.get(board) ?? storage.getItem(keyOf(board))
      } catch {
        return null
      }
    },
    write(board, code) {
      try {
        storage.setItem(keyOf(board), code)
        unsaved.delete(board)
      } catch {
        unsaved.set(board, code)
      }
    },
  }
}

function keyOf(board: string): string {
  return `muster.snippet.${board}`
}
