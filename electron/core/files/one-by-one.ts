/** Work on one thing, each after the one before, until it is ended: whoever comes later is turned away. */
export class OneByOne {
  private last: Promise<unknown> = Promise.resolve()
  private ending: Promise<void> | null = null

  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.ending !== null) return Promise.reject(new Error('The file is closed already.'))
    const mine = this.last.then(work)
    this.last = mine.catch(() => undefined)
    return mine
  }

  /** When all before has settled. A second call joins the first. Never rejects. */
  end(work: () => Promise<unknown>): Promise<void> {
    this.ending ??= this.last.then(work).then(
      () => undefined,
      () => undefined,
    )
    return this.ending
  }
}
