import type { KeyValueStorage } from './preferences-store'

/** The code a user last had for a port. */
export interface SnippetMemory {
  read(port: string): string | null
  write(port: string, code: string): void
}

export function createSnippetMemory(storage: KeyValueStorage): SnippetMemory {
  const unsaved = new Map<string, string>()
  return {
    read(port) {
      try {
        return unsaved.get(port) ?? storage.getItem(keyOf(port))
      } catch {
        return null
      }
    },
    write(port, code) {
      try {
        storage.setItem(keyOf(port), code)
        unsaved.delete(port)
      } catch {
        unsaved.set(port, code)
      }
    },
  }
}

function keyOf(port: string): string {
  return `muster.snippet.${port}`
}
