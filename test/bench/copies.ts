import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { withBareRepl } from './bare-repl'
import type { Bench } from './bench'

export const BOARD_FILE = '/bench.dat'
const SEED = 20

/** A file to copy: what it is made of, and where it lies here. */
export interface Copy {
  readonly bytes: Buffer
  readonly local: string
  readonly sha256: string
}

export type Content = (bytes: number, seed: number) => Buffer

export async function copyOf({ folder }: Pick<Bench, 'folder'>, content: Content, length: number): Promise<Copy> {
  const bytes = content(length, SEED)
  const local = path.join(folder, `${content.name}-${length}`)
  await writeFile(local, bytes)
  return { bytes, local, sha256: sha256Of(bytes) }
}

/**
 * One copy to a board that has no such file; in kB/s, once the board itself has the right hash for it. `write` gives its
 * seconds; `port` is where the check is made, which need not be where the tool writes.
 */
export async function written(port: string, copy: Copy, write: () => Promise<number>): Promise<readonly number[]> {
  await withBareRepl(port, repl => repl.remove(BOARD_FILE))
  const seconds = await write()
  return [rate(copy, seconds, await withBareRepl(port, repl => repl.sha256(BOARD_FILE)))]
}

/** Rejects what arrived damaged: its speed is none. */
export function rate({ bytes, sha256 }: Pick<Copy, 'bytes' | 'sha256'>, seconds: number, found: string): number {
  if (found !== sha256) throw new Error('what arrived was not what was sent')
  return bytes.length / 1_000 / seconds
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function kilobytes(bytes: number): string {
  return `${bytes / 1_000} kB`
}
