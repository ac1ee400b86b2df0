/** One thing that was dropped, with all that is in it. */
export interface DroppedThing {
  readonly name: string
  /** Rejects when something in it can't be read. */
  entries(): AsyncIterable<DroppedEntry>
}

/** `path`: from what was dropped on: `main.py`, `lib/umqtt/simple.py`. */
export interface DroppedEntry {
  readonly path: string
  /** Null for a folder. */
  readonly data: Pick<Blob, 'size' | 'slice'> | null
}

/** What was dropped from outside the window. Read now: the browser takes it away after the event. */
export function droppedThings({ items, files }: DataTransfer): readonly DroppedThing[] {
  const things = [...items].flatMap((item): readonly DroppedThing[] => {
    if (item.kind !== 'file') return []
    const entry = item.webkitGetAsEntry?.() ?? null
    if (entry?.isDirectory === true) return [{ name: entry.name, entries: () => below(entry as FileSystemDirectoryEntry, entry.name) }]
    const file = item.getAsFile()
    return file === null ? [] : [thingOf(file)]
  })
  return things.length > 0 ? things : [...files].map(thingOf)
}

function thingOf(file: File): DroppedThing {
  return {
    name: file.name,
    async *entries() {
      yield { path: file.name, data: file }
    },
  }
}

async function* below(folder: FileSystemDirectoryEntry, path: string): AsyncIterable<DroppedEntry> {
  yield { path, data: null }
  const reader = folder.createReader()
  const some = (): Promise<readonly FileSystemEntry[]> => new Promise((resolve, reject) => reader.readEntries(resolve, reject))
  // Each answer holds some of them; the last one none.
  for (let entries = await some(); entries.length > 0; entries = await some()) {
    for (const entry of entries) {
      const at = `${path}/${entry.name}`
      if (entry.isDirectory) yield* below(entry as FileSystemDirectoryEntry, at)
      else yield { path: at, data: await fileOf(entry as FileSystemFileEntry) }
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}
