import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startNativeBoard } from '../boards/native-board'
import { Muster } from './muster'
import { type InstalledPeers, PythonPeers } from './python-peers'
import type { Sizes } from './sizes'

/** Room for a file of 1 MB, its successor beside it, and what a file system needs. */
const FLASH_KB = 8 * 1024

export interface BenchOptions {
  readonly sizes: Sizes
  readonly peers: InstalledPeers
}

/** What all contenders share: one board, and what is needed to talk to it. */
export interface Bench extends BenchOptions {
  readonly muster: Muster
  /** Null: not installed. */
  readonly python: PythonPeers | null
  /** The board's terminal. */
  readonly port: string
  /** The same under another name, by which no tool can tell that it is a pseudo-terminal. */
  readonly otherName: string
  /** A folder for whatever; goes afterwards. */
  readonly folder: string
}

/** Sets everything up for as long as `work` takes. */
export async function withBench<T>(options: BenchOptions, work: (bench: Bench) => Promise<T>): Promise<T> {
  const board = await startNativeBoard({ flashKb: FLASH_KB })
  const folder = await mkdtemp(path.join(tmpdir(), 'muster-bench-'))
  const muster = new Muster()
  const python = await PythonPeers.start(options.peers)
  const otherName = path.join(folder, 'ttyBOARD')
  try {
    await symlink(board.path, otherName)
    return await work({ ...options, muster, python, port: board.path, otherName, folder })
  } finally {
    await python?.end()
    await muster.end()
    await board.unplug()
    await rm(folder, { recursive: true, force: true })
  }
}
