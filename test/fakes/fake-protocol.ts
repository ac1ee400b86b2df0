import { Emitter } from '../../electron/core/base/emitter'
import type { BoardHabits } from '../../electron/core/micropython/board-habits'
import {
  type BoardProtocol,
  type Departure,
  type ExecutionEnd,
  type OutputChunk,
  ProtocolError,
} from '../../electron/core/micropython/board-protocol'
import type { BoardTalk } from '../../electron/core/micropython/board-talk'
import type { InterruptLadder, InterruptSignal } from '../../electron/core/micropython/interrupt-ladder'
import type { Transport } from '../../electron/core/transport/transport'
import type { BoardIdentity } from '../../shared/model'

export const SOME_BOARD: BoardIdentity = {
  name: 'micropython',
  version: '1.27.0',
  machine: 'Fake board with FK1',
  uniqueId: '0011aabb',
  freeMemoryBytes: 180_000,
  platform: 'fake',
  build: 'FAKE',
  mpyVersion: '6.3',
  mpyArchitecture: null,
  frequencyHz: 125_000_000,
  resetCause: 'power-on',
  flashTotalBytes: 2_097_152,
  flashFreeBytes: 1_048_576,
  features: ['base64', 'deflate', 'sha256', 'crc32', 'binaryInput', 'binaryOutput', 'poll', 'rename', 'folders', 'stat', 'statvfs'],
}

interface Running {
  readonly code: string
  readonly resolve: (end: ExecutionEnd) => void
  readonly reject: (error: Error) => void
}

/** A conversation without a board, which counts what it is asked for: executions run until the test ends them. */
export class CountingClient implements BoardProtocol {
  enterAnswer: 'prompt' | 'hang' | Error = 'prompt'
  identifyAnswer: 'board' | 'hang' | Error = 'board'
  /** Who it says it is. */
  board = SOME_BOARD
  /** `climb`: the board heeds nothing, and every rung is climbed. */
  interruptAnswer: 'prompt' | 'no-prompt' | 'hang' | 'climb' = 'prompt'
  /** With `climb`: what the board heeds after all. */
  heeds: InterruptSignal | null = null
  /** Called when it heeds: what the program says at its end. */
  onHeeded: () => void = () => {}
  /** What the board makes of a reset; `hang` ends only when it is called off. */
  resetAnswer: 'done' | 'hang' | Error = 'done'
  /** What becomes of code that the board is to be gone by. */
  departure: Departure | 'hang' | Error = { became: 'silent' }
  /** Each thing that was done with the board besides running code. */
  readonly controls: string[] = []
  /** Each signal of every ladder that was climbed. */
  readonly signals: InterruptSignal[] = []
  isWatching = false
  /** Ends every execution at once, if it says anything. */
  answer: (code: string) => Partial<ExecutionEnd> | Error | null = () => null
  enterTimeoutMs = 0
  readonly codes: string[] = []
  /** The nonce of each identification. */
  readonly nonces: (string | undefined)[] = []
  interrupts = 0
  leaves = 0
  disposals = 0
  private running: Running | null = null
  private isControlled = false
  private readonly ends: (() => void)[] = []
  private readonly output = new Emitter<OutputChunk>()

  constructor(readonly transport: Transport) {}

  /** Whatever is asked is answered with what `answer` says, and no output. */
  get talk(): BoardTalk {
    return {
      port: this.transport.port,
      hasBackPressure: this.transport.hasBackPressure,
      ask: async code => {
        const { outcome, exception } = await this.execute(code)
        return { outcome, stdout: new Uint8Array(0), exception: new TextDecoder().decode(exception) }
      },
      converse: () => Promise.reject(new Error('There is no board to converse with.')),
    }
  }

  get onOutput(): BoardProtocol['onOutput'] {
    return this.output.event
  }

  get listenerCount(): number {
    return this.output.listenerCount
  }

  get isBusy(): boolean {
    return this.running !== null || this.isControlled
  }

  get isRunning(): boolean {
    return this.running !== null
  }

  async enter(options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<void> {
    this.enterTimeoutMs = options.timeoutMs
    if (this.enterAnswer instanceof Error) throw this.enterAnswer
    if (this.enterAnswer === 'hang') await this.calledOff(options.signal)
    await this.transport.write(Uint8Array.of(3, 1))
    this.isWatching = false
  }

  watch(): void {
    this.controls.push('watch')
    this.isWatching = true
  }

  async leaveToWatch(): Promise<void> {
    this.controls.push('leave')
    await this.transport.write(Uint8Array.of(2))
    this.isWatching = true
  }

  async softReset({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    await this.control('soft', signal)
  }

  async restart({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    await this.control('restart', signal)
    this.isWatching = true
  }

  async runAway(code: string, { signal }: { readonly signal: AbortSignal }): Promise<Departure> {
    this.controls.push(code.includes('bootloader') ? 'bootloader' : 'hard')
    if (this.departure === 'hang') return await this.calledOff(signal)
    if (this.departure instanceof Error) throw this.departure
    return this.departure
  }

  private async control(what: string, signal: AbortSignal): Promise<void> {
    if (this.isBusy) throw new Error('Something is done with a board that is busy.')
    this.controls.push(what)
    if (this.resetAnswer instanceof Error) throw this.resetAnswer
    if (this.resetAnswer === 'hang') await this.calledOff(signal)
  }

  private async calledOff(signal: AbortSignal): Promise<never> {
    this.isControlled = true
    try {
      return await new Promise<never>((_, reject) => {
        const cancel = (): void => reject(new ProtocolError('cancelled', 'It was called off.'))
        if (signal.aborted) cancel()
        else signal.addEventListener('abort', cancel, { once: true })
      })
    } finally {
      this.isControlled = false
    }
  }

  async identify({ nonce }: { readonly timeoutMs: number; readonly nonce?: string }): Promise<BoardIdentity> {
    this.nonces.push(nonce)
    if (this.identifyAnswer instanceof Error) throw this.identifyAnswer
    if (this.identifyAnswer === 'hang') await new Promise<never>(() => {})
    return this.board
  }

  execute(code: string): Promise<ExecutionEnd> {
    if (this.running !== null) throw new Error('Two executions at once.')
    if (code.includes('\x04'))
      return Promise.reject(new ProtocolError('control-character', 'The code holds a control character.', 'Remove it.'))
    this.codes.push(code)
    const answer = this.answer(code)
    if (answer instanceof Error) return Promise.reject(answer)
    if (answer !== null) return Promise.resolve(endOf(answer))
    return new Promise((resolve, reject) => {
      this.running = { code, resolve, reject }
    })
  }

  async interrupt(limit: number | InterruptLadder): Promise<boolean> {
    this.interrupts += 1
    if (this.interruptAnswer === 'climb' && typeof limit !== 'number') return await this.climb(limit)
    if (this.interruptAnswer === 'hang') await new Promise<never>(() => {})
    if (this.interruptAnswer === 'no-prompt') return false
    if (this.running !== null) this.finish({ outcome: 'exception', exception: bytesOf('KeyboardInterrupt: \r\n') })
    return true
  }

  private async climb(ladder: InterruptLadder): Promise<boolean> {
    const work = new Promise<void>(resolve => this.ends.push(resolve))
    const isOver = await ladder.climb(work, signals => {
      this.signals.push(...signals)
      if (this.heeds === null || !signals.includes(this.heeds)) return
      this.onHeeded()
      this.finish({ outcome: 'exception' })
    })
    if (!isOver) this.fail(new ProtocolError('no-reply', 'The board did not come back to its prompt.'))
    return isOver
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.transport.write(bytes)
  }

  async leave(): Promise<void> {
    this.leaves += 1
  }

  dispose(): void {
    this.disposals += 1
    this.output.dispose()
    this.fail(new ProtocolError('disconnected', 'The connection was ended.'))
  }

  print(text: string | Uint8Array, channel: OutputChunk['channel'] = 'stdout'): void {
    this.output.fire({ channel, bytes: typeof text === 'string' ? bytesOf(text) : text })
  }

  /** The running execution ends on the board. */
  finish(end: Partial<ExecutionEnd> = {}): void {
    const running = this.running
    this.running = null
    running?.resolve(endOf(end))
    for (const ended of this.ends.splice(0)) ended()
  }

  fail(error: Error): void {
    const running = this.running
    this.running = null
    running?.reject(error)
    for (const ended of this.ends.splice(0)) ended()
  }
}

/** Remembers what it made; `prepare` sets each one up before it is handed out. */
export class CountingClients {
  readonly made: CountingClient[] = []
  prepare: (protocol: CountingClient) => void = () => {}

  /** What each was told of its board. */
  readonly habits: BoardHabits[] = []

  readonly create = (transport: Transport, habits: BoardHabits): CountingClient => {
    this.habits.push(habits)
    const protocol = new CountingClient(transport)
    this.made.push(protocol)
    this.prepare(protocol)
    return protocol
  }

  /** The one made last. */
  get latest(): CountingClient {
    const protocol = this.made.at(-1)
    if (protocol === undefined) throw new Error('No protocol was made.')
    return protocol
  }
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function endOf(end: Partial<ExecutionEnd>): ExecutionEnd {
  return { outcome: 'ok', exception: new Uint8Array(0), durationMs: 5, resynchronised: false, restarted: false, ...end }
}
