import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { PORT_HOLDER_TIMEOUT_MS } from '../../../../shared/limits'
import type { Clock } from '../../base/clock'

export interface PortHolder {
  readonly pid: number
  /** The program's short name as the kernel knows it. */
  readonly name: string
}

/**
 * Which other process has a port open; this one only when no other has. Null when nobody is found within
 * `PORT_HOLDER_TIMEOUT_MS`: the files of other users' processes can't be looked at, and only Linux tells at all.
 */
export async function findPortHolder(path: string, clock: Clock, procFolder = '/proc'): Promise<PortHolder | null> {
  try {
    const deadlineMs = clock.monotonicMs() + PORT_HOLDER_TIMEOUT_MS
    const port = await realpath(path)
    let own: number | null = null
    for (const entry of await readdir(procFolder)) {
      if (clock.monotonicMs() > deadlineMs) break
      const pid = Number(entry)
      if (!Number.isInteger(pid) || !(await hasOpen(`${procFolder}/${entry}/fd`, port))) continue
      if (pid === process.pid) own = pid
      else return await nameProcess(procFolder, pid)
    }
    return own === null ? null : await nameProcess(procFolder, own)
  } catch {
    return null
  }
}

async function hasOpen(folder: string, port: string): Promise<boolean> {
  try {
    const links = (await readdir(folder)).map(fd => readlink(`${folder}/${fd}`).catch(() => null))
    return (await Promise.all(links)).includes(port)
  } catch {
    return false
  }
}

async function nameProcess(procFolder: string, pid: number): Promise<PortHolder> {
  const name = await readFile(`${procFolder}/${pid}/comm`, 'utf8')
  return { pid, name: name.trim() }
}
