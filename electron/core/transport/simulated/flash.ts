import type { EmscriptenFiles, EmscriptenNode, EmscriptenStream, FileSystemSpace } from './interpreter-module'

const BLOCK_BYTES = 4_096

/**
 * A bound on what the files of a simulated board take. Growth is counted as it happens; the tree is only walked when the
 * count says that it may be full, because deleting a file is not counted.
 */
export class Flash {
  private chargedBytes = 0

  constructor(
    private readonly files: EmscriptenFiles,
    private readonly capacityBytes: number,
  ) {
    files.root.node_ops.statfs = () => this.space
  }

  /** What `os.statvfs` of a folder tells. */
  private get space(): FileSystemSpace {
    const free = Math.floor(Math.max(0, this.capacityBytes - usedBytes(this.files.root)) / BLOCK_BYTES)
    return { bsize: BLOCK_BYTES, blocks: Math.floor(this.capacityBytes / BLOCK_BYTES), bfree: free, bavail: free }
  }

  /** Whether so many bytes may be written to the stream at its position. */
  hasRoom(stream: EmscriptenStream, bytes: number): boolean {
    const size = stream.node.usedBytes ?? 0
    const growth = stream.isAppend ? bytes : Math.max(0, stream.position + bytes - size)
    if (this.chargedBytes + growth > this.capacityBytes) this.chargedBytes = usedBytes(this.files.root)
    if (this.chargedBytes + growth > this.capacityBytes) return false
    this.chargedBytes += growth
    return true
  }
}

function usedBytes(node: EmscriptenNode): number {
  if (typeof node.usedBytes === 'number') return node.usedBytes
  const children = isFolder(node.contents) ? Object.values(node.contents) : []
  return children.reduce((sum, child) => sum + usedBytes(child), 0)
}

function isFolder(contents: unknown): contents is Record<string, EmscriptenNode> {
  return typeof contents === 'object' && contents !== null && !ArrayBuffer.isView(contents)
}
