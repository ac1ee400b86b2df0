import type { Bench } from './bench'
import type { Contender } from './contest'
import { BOARD_FILE, type Copy, kilobytes, written } from './copies'
import type { PythonPeers, PythonTool } from './python-peers'

export const MPREMOTE = 'mpremote'
export const MPREMOTE_PLAIN = 'mpremote without raw-paste'
/** What the API of mpremote can be told and its commands never tell it: published, as the most that it could do. */
const LARGE_CHUNK_BYTES = 4_096

/** Who is slower gets a smaller file, or a round would take minutes. */
export interface Copies {
  readonly best: Copy
  readonly inChunks: Copy
  readonly slow: Copy
  readonly slowest: Copy
}

/** One tool on one port, and the size of its chunks where it is to be told one. */
export interface FileTool {
  readonly python: PythonPeers
  readonly chunk: number | undefined
  /** For as long as `work` takes, the tool has the port. */
  using<T>(work: () => Promise<T>): Promise<T>
}

/** Muster, with a write of this copy a round. */
export function musterWriter({ muster, port }: Pick<Bench, 'muster' | 'port'>, copy: Copy): Contender {
  return {
    name: 'Muster',
    round: () =>
      written(port, copy, () => muster.withSession(port, async sessionId => await muster.writeFile(sessionId, BOARD_FILE, copy.bytes))),
  }
}

/** The Python tools that are installed; `round` is one copy by one of them, in kB/s. */
export function toolContenders(
  { python, port, otherName, peers }: Bench,
  { best, inChunks, slow, slowest }: Copies,
  round: (tool: FileTool, copy: Copy) => Promise<readonly number[]>,
): readonly Contender[] {
  if (python === null) return []
  const tool = (
    name: string,
    of: PythonTool,
    copy: Copy,
    { on = port, rawPaste = true, chunk }: { readonly on?: string; readonly rawPaste?: boolean; readonly chunk?: number } = {},
  ): readonly [PythonTool, Contender] => [
    of,
    {
      name,
      note: `with ${kilobytes(copy.bytes.length)}`,
      round: () => round({ python, chunk, using: work => python.with(of, on, { rawPaste }, work) }, copy),
    },
  ]
  const all = [
    tool(MPREMOTE, 'mpremote', best),
    tool(`mpremote in chunks of ${LARGE_CHUNK_BYTES}`, 'mpremote', inChunks, { chunk: LARGE_CHUNK_BYTES }),
    tool('mpremote off its pts path', 'mpremote', slow, { on: otherName }),
    tool(MPREMOTE_PLAIN, 'mpremote', slow, { rawPaste: false }),
    tool('belay', 'belay', slow),
    tool('rshell', 'rshell', slow),
    tool('ampy', 'ampy', slowest),
  ]
  return all.filter(([name]) => name in peers.versions).map(([, contender]) => contender)
}
