import { stat } from 'node:fs/promises'
import { PORT_WATCH_INTERVAL_MS } from '../../../../shared/limits'
import type { Clock } from '../../base/clock'
import { type Disposable, toDisposable } from '../../base/disposable'

/** What tells one node from another that takes its place under the same name; null when there is none. Rejects when it can't be told. */
export type NodeIdentity = (path: string) => Promise<string | null>

/** A single miss may be a device manager at work on the node; two are an unplug. */
const MISSES_UNTIL_GONE = 2

interface Watched {
  readonly path: string
  readonly onGone: () => void
  misses: number
  identity: string | null
}

/**
 * Notices that the node of an open port is gone, for the case that the port itself does not say so.
 * One round for all open ports, never two at once, and none while no port is open.
 */
export class PathWatch {
  private readonly watched = new Set<Watched>()
  private next: Disposable | null = null
  private checking = false

  constructor(
    private readonly clock: Clock,
    private readonly identify: NodeIdentity = identifyNode,
  ) {}

  /** Calls back once, when the node is missing twice in a row or is not the same any more. */
  watch(path: string, onGone: () => void): Disposable {
    const entry: Watched = { path, onGone, misses: 0, identity: null }
    this.watched.add(entry)
    this.schedule()
    return toDisposable(() => {
      this.watched.delete(entry)
      if (this.watched.size > 0) return
      this.next?.dispose()
      this.next = null
    })
  }

  private schedule(): void {
    if (this.checking || this.next !== null || this.watched.size === 0) return
    this.next = this.clock.after(PORT_WATCH_INTERVAL_MS, () => {
      this.next = null
      this.checking = true
      void Promise.all([...this.watched].map(entry => this.check(entry))).then(() => {
        this.checking = false
        this.schedule()
      })
    })
  }

  private async check(entry: Watched): Promise<void> {
    const identity = await this.identify(entry.path).catch(() => entry.identity)
    if (!this.watched.has(entry)) return
    entry.misses = identity === null ? entry.misses + 1 : 0
    const replaced = identity !== null && entry.identity !== null && identity !== entry.identity
    entry.identity ??= identity
    if (entry.misses < MISSES_UNTIL_GONE && !replaced) return
    this.watched.delete(entry)
    entry.onGone()
  }
}

/** Rejects where the node can't be looked at. */
export async function identifyNode(path: string): Promise<string | null> {
  try {
    const { dev, ino, rdev } = await stat(path)
    return `${dev}:${ino}:${rdev}`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
