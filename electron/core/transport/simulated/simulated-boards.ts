import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MusterError } from '../../../../shared/errors'
import { SIMULATED_BOARDS_MAX, SIMULATED_MEMORY_MAX_BYTES, SIMULATED_START_MAX } from '../../../../shared/limits'
import type { PortInfo } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import { Emitter } from '../../base/emitter'
import type { Logger } from '../../base/logger'
import { withSharedMemory } from './shared-memory-section'
import { SimulatedBoard } from './simulated-board'
import { SimulatedTransport } from './simulated-transport'

export interface SimulatedBoardsOptions {
  /** The bundled `worker.ts`, as a file that Node can run. */
  readonly workerPath: string
  /** Where `@micropython/micropython-webassembly-pyscript` lies, as a real folder outside of any archive. */
  readonly packageFolder: string
  readonly clock: Clock
  readonly logger: Logger
  /** Boards that may run at the same time. */
  readonly limit?: number
}

const WASM_PAGE_BYTES = 64 * 1024
const UNIQUE_ID_PREFIX = Buffer.from('muster').toString('hex')

/** Starts, lists and stops the simulated boards, and makes the transports to them. */
export class SimulatedBoards {
  private readonly boards = new Map<string, SimulatedBoard>()
  private readonly changed = new Emitter<void>()
  private interpreter: Promise<WebAssembly.Module> | null = null
  private isDisposed = false

  /** The list is another one. */
  readonly onChanged = this.changed.event

  constructor(private readonly options: SimulatedBoardsOptions) {}

  /** The boards that run. */
  list(): readonly PortInfo[] {
    return [...this.boards].filter(([, board]) => board.isRunning).map(([path]) => describeBoard(path))
  }

  /**
   * Starts so many boards with the lowest free numbers and resolves when all run. Rejects with `InvalidArgument` for a
   * count that is not allowed, and with `OperationFailed` when a board can't be started; those that can stay.
   */
  async start(count: number): Promise<readonly PortInfo[]> {
    if (!Number.isInteger(count) || count < 1 || count > SIMULATED_START_MAX) {
      throw new MusterError({
        code: 'InvalidArgument',
        message: `Between 1 and ${SIMULATED_START_MAX} simulated boards can be started at once, not ${count}.`,
      })
    }
    const module = await this.loadInterpreter()
    if (this.isDisposed)
      throw new MusterError({ code: 'ManagerDisposed', message: 'No simulated board can be started while the app quits.' })
    const { limit = SIMULATED_BOARDS_MAX } = this.options
    if (this.boards.size + count > limit) {
      throw new MusterError({
        code: 'InvalidArgument',
        reason: 'too-many-simulated',
        message: `${count} more simulated boards would be too many: ${this.boards.size} of ${limit} run already.`,
        hint: 'Stop some of them first.',
      })
    }
    const started = Array.from({ length: count }, () => this.startBoard(module))
    const results = await Promise.allSettled(started.map(({ board }) => board.ready))
    this.changed.fire()
    const failures = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
    if (failures.length > 0) {
      throw new MusterError(
        {
          code: 'OperationFailed',
          message: `${failures.length} of ${count} simulated boards did not start. ${messageOf(failures[0])}`,
          retry: true,
        },
        { cause: failures[0] },
      )
    }
    return started.map(({ path }) => describeBoard(path))
  }

  /** An unplug: a session on the board is lost, and the board's files are gone. Rejects with `InvalidArgument` for an unknown path. */
  async stop(path: string): Promise<void> {
    const board = this.boards.get(path)
    if (board === undefined) {
      throw new MusterError({ code: 'InvalidArgument', reason: 'not-found', message: `There is no simulated board ${path} to stop.` })
    }
    await board.stop()
  }

  create({ port }: { readonly port: string }): SimulatedTransport {
    return new SimulatedTransport(port, path => {
      const board = this.boards.get(path)
      return board?.isRunning ? board : undefined
    })
  }

  /** Ends every board; resolves when no worker is left. Nothing can be started afterwards. */
  async dispose(): Promise<void> {
    this.isDisposed = true
    await Promise.all([...this.boards.values()].map(board => board.stop()))
    this.changed.dispose()
  }

  private startBoard(module: WebAssembly.Module): { readonly path: string; readonly board: SimulatedBoard } {
    const { workerPath, packageFolder, clock, logger } = this.options
    const number = this.lowestFreeNumber()
    const path = pathOf(number)
    const uniqueId = UNIQUE_ID_PREFIX + number.toString(16).padStart(4, '0')
    const board = new SimulatedBoard({ workerPath, packageFolder, module, uniqueId, clock })
    this.boards.set(path, board)
    board.onEnded(why => {
      logger.info('A simulated board has ended', { port: path, why })
      this.boards.delete(path)
      this.changed.fire()
    })
    return { path, board }
  }

  private lowestFreeNumber(): number {
    let number = 1
    while (this.boards.has(pathOf(number))) number++
    return number
  }

  /** Read and compiled once for all boards; a failure is tried again by the next start. */
  private loadInterpreter(): Promise<WebAssembly.Module> {
    this.interpreter ??= compileInterpreter(this.options.packageFolder).catch((error: unknown) => {
      this.interpreter = null
      throw new MusterError(
        {
          code: 'OperationFailed',
          message: `The interpreter of the simulated boards could not be loaded: ${messageOf(error)}`,
          retry: true,
        },
        { cause: error },
      )
    })
    return this.interpreter
  }
}

async function compileInterpreter(packageFolder: string): Promise<WebAssembly.Module> {
  const binary = await readFile(join(packageFolder, 'micropython.wasm'))
  return WebAssembly.compile(withSharedMemory(binary, SIMULATED_MEMORY_MAX_BYTES / WASM_PAGE_BYTES))
}

function pathOf(number: number): string {
  return `simulated:${number}`
}

function describeBoard(path: string): PortInfo {
  const number = path.slice(path.indexOf(':') + 1)
  return {
    path,
    backend: 'simulated',
    source: 'simulated',
    present: true,
    deviceKey: `path:${path}`,
    label: `sim-${number.padStart(2, '0')}`,
    boardHint: null,
    usb: null,
    settings: { lines: 'raise', baudRate: null },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
