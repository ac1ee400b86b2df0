/** Something with an end. `dispose` may be called twice; the second call does nothing. */
export interface Disposable {
  dispose(): void
}

export function toDisposable(end: () => void): Disposable {
  let ended = false
  return {
    dispose() {
      if (ended) return
      ended = true
      end()
    },
  }
}

/** Owns other disposables and ends them in reverse order. Adding to an ended store ends the newcomer at once. */
export class DisposableStore implements Disposable {
  private readonly items: Disposable[] = []
  private ended = false

  add<T extends Disposable>(item: T): T {
    if (this.ended) item.dispose()
    else this.items.push(item)
    return item
  }

  get isDisposed(): boolean {
    return this.ended
  }

  dispose(): void {
    if (this.ended) return
    this.ended = true
    for (let item = this.items.pop(); item !== undefined; item = this.items.pop()) item.dispose()
  }
}
