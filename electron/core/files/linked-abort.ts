import type { Disposable } from '../base/disposable'

/** Aborts by itself, or with another signal. Leaves no listener with that one once it is disposed. */
export class LinkedAbort implements Disposable {
  private readonly controller = new AbortController()

  constructor(private readonly parent: AbortSignal) {
    if (parent.aborted) this.abort()
    parent.addEventListener('abort', this.abort, { once: true })
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  readonly abort = (): void => this.controller.abort()

  dispose(): void {
    this.parent.removeEventListener('abort', this.abort)
  }
}
