/** One at a time for each key, in the order of asking. */
export class Turns {
  private readonly lanes = new Map<string, (() => void)[]>()

  /** Resolves when it is the caller's turn, with what ends it. Rejects when the signal aborts first. */
  async take(key: string, signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw new Error('Nobody waits for this turn any more.')
    const lane = this.lanes.get(key)
    if (lane === undefined) this.lanes.set(key, [])
    else await this.wait(lane, signal)
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.next(key)
    }
  }

  private wait(lane: (() => void)[], signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = (): void => {
        lane.splice(lane.indexOf(begin), 1)
        reject(new Error('Nobody waits for this turn any more.'))
      }
      lane.push(begin)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  private next(key: string): void {
    const begin = this.lanes.get(key)?.shift()
    if (begin === undefined) this.lanes.delete(key)
    else begin()
  }
}
