import { OUTPUT_BUFFER_BYTES } from '../../../shared/limits'
import type { SessionSnapshot } from '../../../shared/model'
import type { EventHub } from '../event-hub'
import type { HandlersOf } from '../routes'
import type { OutputSource, Services } from '../services'

export function createOutputHandlers({ sessions, shell }: Services, events: EventHub): HandlersOf<'output'> {
  return {
    'output:ack'({ sessionId, upTo }) {
      events.acknowledge(sessionId, upTo)
      return {}
    },
    'output:copy'({ sessionId }) {
      const kept = readAll(sessions.output(sessionId))
      shell.writeClipboard(new TextDecoder().decode(joined(kept.chunks, kept.bytes)))
      return { bytes: kept.bytes, droppedBytes: kept.droppedBytes }
    },
    async 'output:save'({ sessionId }) {
      const suggestedName = outputFileName(sessions.info(sessionId).snapshot)
      const kept = readAll(sessions.output(sessionId))
      const file = await shell.saveFile(suggestedName, kept.chunks)
      return { saved: file !== null, file, bytes: kept.bytes, droppedBytes: kept.droppedBytes }
    },
    'output:clear'({ sessionId }) {
      sessions.output(sessionId).clear()
      return {}
    },
  }
}

/** What the board said, as it stands in the buffer now; notes and marks are the window's own and are left out. */
function readAll(source: OutputSource): { readonly chunks: readonly Uint8Array[]; readonly bytes: number; readonly droppedBytes: number } {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (let position = source.start; position < source.end; ) {
    const { items, upTo } = source.read(position, OUTPUT_BUFFER_BYTES)
    for (const item of items) {
      if (item.type !== 'bytes') continue
      chunks.push(item.bytes)
      bytes += item.bytes.byteLength
    }
    if (upTo <= position) break
    position = upTo
  }
  return { chunks, bytes, droppedBytes: source.droppedBytes }
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const all = new Uint8Array(bytes)
  let offset = 0
  for (const chunk of chunks) {
    all.set(chunk, offset)
    offset += chunk.byteLength
  }
  return all
}

/** `ttyACM0-session-1a2b….log`: nothing of it comes from a board, and no character needs quoting anywhere. */
function outputFileName({ port, sessionId }: SessionSnapshot): string {
  const place = port
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(-40)
  return `${place || 'board'}-${sessionId.slice(0, 16)}.log`
}
