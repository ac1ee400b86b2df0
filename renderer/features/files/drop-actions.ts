import type { Result } from '../../../shared/contract'
import type { ErrorInfo } from '../../../shared/errors'
import { DROP_PIECE_BYTES } from '../../../shared/limits'
import type { LocalPlace, Transfer } from '../../../shared/model'
import type { Client } from '../../bridge/client'
import type { DroppedEntry, DroppedThing } from './dropped-files'

export interface DropOptions {
  readonly client: Client
  readonly sessionId: string
  /** Of the board. */
  readonly folder: string
}

/**
 * Copies to the board what was dropped from outside. The page has bytes and no path: they are given to main piece by piece, and are
 * copied from there by an ordinary transfer. All of the drop or nothing.
 */
export async function copyDropped(things: readonly DroppedThing[], { client, sessionId, folder }: DropOptions): Promise<Result<Transfer>> {
  const twice = things.find(({ name }, index) => things.findIndex(other => other.name === name) < index)
  if (twice !== undefined) return { ok: false, error: problem(`There are two of the name ${twice.name} in what was dropped.`) }
  const begun = await client.call('local:beginDrop', {})
  if (!begun.ok) return begun
  const { folderId } = begun.value
  const error = await takeAll(things, begun.value, client)
  const copied =
    error === null
      ? await client.call('files:copy', {
          sessionId,
          direction: 'toBoard',
          names: things.map(({ name }) => name),
          local: begun.value,
          boardFolder: folder,
          conflict: 'ask',
        })
      : { ok: false as const, error }
  if (!copied.ok) void client.call('local:forget', { folderId })
  return copied
}

/** The first thing that went wrong. */
async function takeAll(things: readonly DroppedThing[], drop: LocalPlace, client: Client): Promise<ErrorInfo | null> {
  for (const thing of things) {
    try {
      for await (const entry of thing.entries()) {
        const error = await takeOne(entry, drop, client)
        if (error !== null) return error
      }
    } catch {
      return problem(`${thing.name} could not be read.`)
    }
  }
  return null
}

async function takeOne({ path, data }: DroppedEntry, drop: LocalPlace, client: Client): Promise<ErrorInfo | null> {
  const place = { ...drop, path }
  const bytes = data?.size ?? 0
  let offset = 0
  // An empty file is a piece too.
  do {
    const piece = data === null ? null : new Uint8Array(await data.slice(offset, offset + DROP_PIECE_BYTES).arrayBuffer())
    const added = await client.call('local:addDropped', { place, offset, data: piece })
    if (!added.ok) return added.error
    if (piece !== null && piece.length === 0 && offset < bytes) throw new Error('The file has become shorter while it was read.')
    offset += piece?.length ?? 0
  } while (offset < bytes)
  return null
}

function problem(message: string): ErrorInfo {
  return { code: 'FileFailed', reason: 'local-file', message: `${message} Nothing was copied.` }
}
