import type { Disposable } from '../../base/disposable'

/** Keeps a reader waiting while it is shut. Once disposed it is open for good, so that nobody waits for ever. */
export class ReadGate implements Disposable {
  private isShut = false
  private ended = false
  private readonly letPass: (() => void)[] = []

  setShut(shut: boolean): void {
    this.isShut = shut && !this.ended
    if (this.isShut) return
    for (const pass of this.letPass.splice(0)) pass()
  }

  /** Resolves when the gate is open. */
  async pass(): Promise<void> {
    while (this.isShut) {
      await new Promise<void>(resolve => {
        this.letPass.push(resolve)
      })
    }
  }

  dispose(): void {
    this.ended = true
    this.setShut(false)
  }
}
