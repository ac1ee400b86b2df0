import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ReadStream } from 'node:tty'
import { promisify } from 'node:util'

export interface NativeBoardOptions {
  /** Eight bytes as hexadecimal digits: `machine.unique_id()`. */
  readonly uniqueId?: string
  readonly flashKb?: number
  readonly heapKb?: number
  /** Silent for so long after power-on. */
  readonly muteMs?: number
}

/** A MicroPython board as a child process on a pseudo-terminal. Whoever starts it ends it with `unplug`. */
export interface NativeBoard {
  /** What the app opens. */
  readonly path: string
  readonly processId: number
  /** The process stops where it is, and goes on: a board that hangs. */
  freeze(): void
  thaw(): void
  /** The process ends, and the terminal with it, as when the plug is pulled. Idempotent. */
  unplug(): Promise<void>
}

interface NativePty {
  open(columns: number, rows: number): { readonly master: number; readonly slave: number; readonly pty: string }
}

const buildScript = path.resolve(__dirname, '..', '..', 'scripts', 'boards-build.mjs')
let building: Promise<string> | undefined

/** The board's executable, built first if nobody has done so; a caller that has it says so in the environment. */
function executable(): Promise<string> {
  const { MUSTER_NATIVE_BOARD: built } = process.env
  if (built !== undefined) return Promise.resolve(built)
  building ??= promisify(execFile)(process.execPath, [buildScript]).then(({ stdout }) => stdout.trim())
  return building
}

export async function startNativeBoard(options: NativeBoardOptions = {}): Promise<NativeBoard> {
  const file = await executable()
  const native = createRequire(__filename)(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`) as NativePty
  const { master, slave, pty } = native.open(80, 24)
  // Raw before the board says anything: what it prints would come back to it as input otherwise. The stream opens the
  // terminal anew by its path, and stays as long as the board: its end brings the terminal's first mode back.
  const keeper = new ReadStream(slave)
  keeper.setRawMode(true)
  keeper.pause()
  const board = spawn(file, [], { stdio: [master, master, 'inherit', slave], env: environmentOf(options) })
  await once(board, 'spawn')
  closeSync(master)
  closeSync(slave)
  keeper.on('error', () => {})
  return new RunningBoard(pty, board, keeper)
}

function environmentOf({ uniqueId, flashKb, heapKb, muteMs }: NativeBoardOptions): NodeJS.ProcessEnv {
  return {
    BOARD_ID: uniqueId ?? '0102030405060708',
    ...(flashKb !== undefined && { BOARD_FLASH_KB: String(flashKb) }),
    ...(heapKb !== undefined && { BOARD_HEAP_KB: String(heapKb) }),
    ...(muteMs !== undefined && { BOARD_MUTE_MS: String(muteMs) }),
  }
}

class RunningBoard implements NativeBoard {
  private readonly exited: Promise<unknown>

  constructor(
    readonly path: string,
    private readonly process: ChildProcess,
    private readonly keeper: ReadStream,
  ) {
    this.exited = once(process, 'exit')
  }

  get processId(): number {
    return this.process.pid ?? 0
  }

  freeze(): void {
    this.process.kill('SIGSTOP')
  }

  thaw(): void {
    this.process.kill('SIGCONT')
  }

  async unplug(): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
    this.keeper.destroy()
  }
}
