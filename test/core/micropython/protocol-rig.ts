import { silentLogger } from '../../../electron/core/base/logger'
import { MicroPythonProtocol } from '../../../electron/core/micropython/micropython-protocol'
import { FakeClock, settle } from '../../fakes/fake-clock'
import { type BoardScript, fromLatin1, ScriptedBoard } from '../../fakes/scripted-board'

/** A protocol over a scripted board, and what came out of it. */
export interface Rig {
  readonly board: ScriptedBoard
  readonly clock: FakeClock
  readonly protocol: MicroPythonProtocol
  readonly output: { stdout: string; exception: string; outside: string }
  /** Starts `enter` with a limit of 10 s. */
  enter(signal?: AbortSignal): Promise<void>
}

export function createRig(script: BoardScript = {}): Rig {
  const board = new ScriptedBoard(script)
  const clock = new FakeClock()
  const protocol = new MicroPythonProtocol(board, { clock, logger: silentLogger })
  const output = { stdout: '', exception: '', outside: '' }
  protocol.onOutput(({ channel, bytes }) => {
    output[channel] += fromLatin1(bytes)
  })
  const enter = (signal = new AbortController().signal): Promise<void> => protocol.enter({ timeoutMs: 10_000, signal })
  return { board, clock, protocol, output, enter }
}

/** A rig whose board waits at the proved raw prompt; what came before is forgotten. */
export async function createEnteredRig(script: BoardScript = {}): Promise<Rig> {
  const rig = createRig(script)
  await outcome(rig.clock, rig.enter())
  await settle()
  Object.assign(rig.output, { stdout: '', exception: '', outside: '' })
  rig.board.written = ''
  rig.board.writes.length = 0
  return rig
}

/** The value, or the error, and the time that passed until then. Fails when it takes longer than `limitMs`. */
export async function settlesIn<T>(
  clock: FakeClock,
  promise: Promise<T>,
  limitMs = 60_000,
): Promise<{ readonly value?: T; readonly error?: unknown; readonly tookMs: number }> {
  let result: { readonly value?: T; readonly error?: unknown } | null = null
  promise.then(
    value => {
      result = { value }
    },
    error => {
      result = { error }
    },
  )
  const startedMs = clock.monotonicMs()
  await settle()
  while (result === null) {
    if (clock.monotonicMs() - startedMs >= limitMs) throw new Error(`Still pending after ${limitMs} ms.`)
    await clock.advance(5)
  }
  return Object.assign({ tookMs: clock.monotonicMs() - startedMs }, result)
}

/** The value; throws what the promise rejects with. */
export async function outcome<T>(clock: FakeClock, promise: Promise<T>, limitMs?: number): Promise<T> {
  await settlesIn(clock, promise, limitMs)
  return promise
}

/** Text with its control characters written out: `<03>`. Line ends stay. */
export function visible(text: string): string {
  return Array.from(text, character => {
    const code = character.charCodeAt(0)
    return code < 0x20 && character !== '\r' && character !== '\n' ? `<${code.toString(16).padStart(2, '0')}>` : character
  }).join('')
}
