import { Worker } from 'node:worker_threads'
import {
  SIMULATED_COLLECT_MS,
  SIMULATED_COLLECT_RETRY_MS,
  SIMULATED_COLLECT_TIME_SHARE,
  SIMULATED_POLL_MS,
  SIMULATED_START_TIMEOUT_MS,
} from '../../../../shared/limits'
import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import { Emitter } from '../../base/emitter'
import { BoardLink } from './board-link'
import { LinkWriter } from './link-writer'
import type { InterpreterAccess } from './memory-map'
import { interruptCode, readInterruptChar, requestCollection } from './reach-in'
import type { BoardMessage, BoardWorkerData } from './worker-messages'

export interface SimulatedBoardOptions {
  readonly workerPath: string
  readonly packageFolder: string
  readonly module: WebAssembly.Module
  /** What `machine.unique_id()` gives, as hexadecimal digits. */
  readonly uniqueId: string
  readonly clock: Clock
}

/** Who holds a board open. Neither is called after `release`. */
export interface BoardHolder {
  onData(bytes: Uint8Array): void
  /** The board has ended; `why` completes "the board is gone: …". Gives the error that waiting writes reject with. */
  onLost(why: string): Error
}

/** So many messages after a write are answered at once: what one execution brings. */
const EAGER_LOOKS = 8
/** JavaScript memory of one worker; the interpreter's own has its limit in `SIMULATED_MEMORY_MAX_BYTES`. */
const WORKER_HEAP_MB = 64

/**
 * The host's side of one simulated board: its worker, and the line to it. The board runs from construction until `stop`,
 * whether or not somebody holds it; what it says meanwhile is lost, as with a real one.
 */
export class SimulatedBoard {
  /** Resolves when the board has started. Rejects with a full sentence when it can't. */
  readonly ready: Promise<void>

  private readonly worker: Worker
  private readonly link = BoardLink.create()
  private readonly writer = new LinkWriter(this.link)
  private readonly ended = new Emitter<string>()
  private readonly startLimit: Disposable
  private resolveReady: () => void = () => {}
  private rejectReady: (error: Error) => void = () => {}
  private access: InterpreterAccess | null = null
  private endedBecause: string | null = null
  private holder: BoardHolder | null = null
  private polling: Disposable | null = null
  private collecting: Disposable | null = null
  private eagerLooks = 0
  private isPaused = false
  private collections = 0
  private collectAgainAt = 0

  /** Fires once, with the reason. */
  readonly onEnded = this.ended.event

  constructor(private readonly options: SimulatedBoardOptions) {
    const workerData: BoardWorkerData = {
      linkMemory: this.link.memory,
      module: options.module,
      packageFolder: options.packageFolder,
      uniqueId: options.uniqueId,
    }
    this.worker = new Worker(options.workerPath, {
      workerData,
      // Nothing that runs on a board writes to the app's own output.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
    })
    this.worker.on('message', (message: BoardMessage) => this.onMessage(message))
    this.worker.on('error', error => this.end(`it stopped with an error: ${error.message}`))
    this.worker.on('exit', () => this.end('it stopped by itself'))
    this.ready = new Promise((resolve, reject) => {
      this.resolveReady = resolve
      this.rejectReady = reject
    })
    // Whoever starts a board looks at this; a board that is stopped while it starts must not end the process.
    this.ready.catch(() => {})
    this.startLimit = options.clock.after(SIMULATED_START_TIMEOUT_MS, () =>
      this.end(`its interpreter was not loaded within ${SIMULATED_START_TIMEOUT_MS / 1000} seconds`),
    )
  }

  get isRunning(): boolean {
    return this.access !== null && this.endedBecause === null
  }

  get isHeld(): boolean {
    return this.holder !== null
  }

  get pendingWriteBytes(): number {
    return this.writer.pendingBytes
  }

  /** The board must run, and nobody else may hold it. */
  hold(holder: BoardHolder): void {
    if (!this.isRunning || this.isHeld) throw new Error('The simulated board is not free.')
    this.holder = holder
    this.isPaused = false
    this.link.setListening(true)
    this.wantOutput()
  }

  /** Ends the hold. Writes that the board has not taken reject with `reason`. */
  release(reason: Error): void {
    this.holder = null
    this.polling?.dispose()
    this.polling = null
    this.link.setListening(false)
    this.writer.abandon(reason)
  }

  /** Leaves what the board says where it is: once the line is full, a board that goes on talking waits. Only for the holder. */
  setPaused(paused: boolean): void {
    this.isPaused = paused
    this.polling?.dispose()
    this.polling = null
    this.wantOutput()
  }

  /** Resolves when the board's input has taken the bytes; only for the holder. They must not be changed before. */
  write(bytes: Uint8Array): Promise<void> {
    const { access } = this
    if (access === null) return Promise.reject(new Error('The simulated board has not started.'))
    this.eagerLooks = EAGER_LOOKS
    // As a board's receive interrupt does: the byte is acted on and never becomes input.
    const interruptChar = readInterruptChar(access)
    if (interruptChar === null || !bytes.includes(interruptChar)) return this.writer.write(bytes)
    interruptCode(access)
    this.link.kick()
    return this.writer.write(bytes.filter(byte => byte !== interruptChar))
  }

  /** The plug is pulled. Resolves when the worker is gone. */
  async stop(): Promise<void> {
    this.end('it was stopped')
    await this.worker.terminate()
  }

  private onMessage(message: BoardMessage): void {
    if (this.endedBecause !== null) return
    switch (message.type) {
      case 'ready':
        this.onReady(message.access)
        break
      case 'look':
        this.writer.pump()
        this.onLook()
        break
      case 'failed':
        this.end(`its interpreter failed: ${message.message.replace(/\.$/, '')}`)
        break
    }
  }

  private onReady(access: InterpreterAccess): void {
    this.access = access
    this.startLimit.dispose()
    this.watchGarbage(access)
    this.resolveReady()
  }

  private watchGarbage(access: InterpreterAccess): void {
    const delayMs = this.link.isRunning ? SIMULATED_COLLECT_RETRY_MS : SIMULATED_COLLECT_MS
    this.collecting = this.options.clock.after(delayMs, () => {
      this.collectGarbage(access)
      this.watchGarbage(access)
    })
  }

  private collectGarbage(access: InterpreterAccess): void {
    const now = this.options.clock.monotonicMs()
    if (this.collections !== this.link.collections) {
      this.collections = this.link.collections
      this.collectAgainAt = now + Math.max(SIMULATED_COLLECT_MS, this.link.lastCollectionMs / SIMULATED_COLLECT_TIME_SHARE)
    }
    if (this.link.isRunning && now >= this.collectAgainAt) requestCollection(access)
  }

  /** The answers to a write are fetched as they come; all else at intervals, so that no board can fill the event loop. */
  private onLook(): void {
    if (this.polling !== null || this.isPaused) return
    this.fetch()
    if (this.eagerLooks > 0) {
      this.eagerLooks--
      this.wantOutput()
    } else this.poll()
  }

  private poll(): void {
    // Whoever was told of the last bytes may have let go of the board or paused it, or somebody else may hold it now.
    if (this.holder === null || this.polling !== null || this.isPaused) return
    this.polling = this.options.clock.after(SIMULATED_POLL_MS, () => {
      this.polling = null
      if (this.fetch()) this.poll()
      else this.wantOutput()
    })
  }

  /** Asks for a message, unless there is something to fetch already. */
  private wantOutput(): void {
    if (this.holder === null || this.isPaused) return
    this.link.wantOutput()
    if (this.link.output.used > 0 && this.link.takeOutputWanted()) this.onLook()
  }

  /** Hands on what the board has said; false when there was nothing. */
  private fetch(): boolean {
    if (this.holder === null) return false
    const bytes = this.link.output.read(Number.MAX_SAFE_INTEGER)
    if (bytes.length === 0) return false
    this.link.kick()
    this.holder.onData(bytes)
    return true
  }

  private end(why: string): void {
    if (this.endedBecause !== null) return
    this.endedBecause = why
    const { holder } = this
    this.startLimit.dispose()
    this.collecting?.dispose()
    this.rejectReady(new Error(`The simulated board could not start: ${why}.`))
    this.polling?.dispose()
    this.polling = null
    this.holder = null
    void this.worker.terminate()
    if (holder !== null) this.writer.abandon(holder.onLost(why))
    this.ended.fire(why)
    this.ended.dispose()
  }
}
