import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/** What is installed of the tools that Muster is measured against. */
export interface InstalledPeers {
  /** Null: there is no Python, or nothing could be installed. */
  readonly python: string | null
  readonly driver: string
  /** Version of each tool that is there. */
  readonly versions: Readonly<Record<string, string>>
  /** Why each of the others is not. */
  readonly missing: Readonly<Record<string, string>>
}

export const NO_PEERS: InstalledPeers = { python: null, driver: '', versions: {}, missing: {} }

export type PythonTool = 'mpremote' | 'belay' | 'rshell' | 'ampy'

interface DriverAnswer {
  readonly seconds: readonly number[]
  readonly sha256?: string
}

const CALL_LIMIT_MS = 120_000

/** The Python tools in one process of theirs: what is told of them is the time around their own calls. */
export class PythonPeers {
  private readonly answers: AsyncIterator<string>

  private constructor(private readonly child: ChildProcess) {
    if (child.stdout === null) throw new Error('The driver has no output.')
    this.answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  static async start({ python, driver }: InstalledPeers): Promise<PythonPeers | null> {
    if (python === null) return null
    const child = spawn(python, ['-u', driver], { stdio: ['pipe', 'pipe', 'ignore'] })
    await once(child, 'spawn')
    return new PythonPeers(child)
  }

  /** For as long as `work` takes; the tool has left the port afterwards. */
  async with<T>(tool: PythonTool, port: string, { rawPaste = true }: { readonly rawPaste?: boolean }, work: () => Promise<T>): Promise<T> {
    await this.call({ do: 'open', tool, port, rawPaste })
    const result = await work().catch(async error => {
      // What went wrong first is what counts.
      await this.call({ do: 'close' }).catch(() => {})
      throw error
    })
    await this.call({ do: 'close' })
    return result
  }

  /** Milliseconds of each of so many `print(1)`. */
  async run(count: number): Promise<readonly number[]> {
    const { seconds } = await this.call({ do: 'run', count })
    return seconds.map(value => value * 1_000)
  }

  /** Seconds. */
  async write(path: string, source: string, chunk?: number): Promise<number> {
    const { seconds } = await this.call({ do: 'write', path, source, chunk })
    return seconds[0] ?? Number.NaN
  }

  async read(path: string, chunk?: number): Promise<{ readonly seconds: number; readonly sha256: string }> {
    const { seconds, sha256 = '' } = await this.call({ do: 'read', path, chunk })
    return { seconds: seconds[0] ?? Number.NaN, sha256 }
  }

  async end(): Promise<void> {
    const exited = once(this.child, 'exit')
    this.child.stdin?.end()
    await exited
  }

  private async call(command: object): Promise<DriverAnswer> {
    this.child.stdin?.write(`${JSON.stringify(command)}\n`)
    const timer = setTimeout(() => this.child.kill('SIGKILL'), CALL_LIMIT_MS)
    const { value, done } = await this.answers.next()
    clearTimeout(timer)
    if (done === true) throw new Error('the driver of the Python tools has ended')
    const reply = JSON.parse(value) as { readonly ok?: DriverAnswer; readonly error?: string }
    if (reply.ok === undefined) throw new Error(reply.error ?? 'the driver gave no answer')
    return reply.ok
  }
}

/** Milliseconds of one `print(1)` by a new mpremote process. */
export async function mpremoteProcess(python: string, port: string): Promise<number> {
  const startedMs = performance.now()
  const { stdout } = await promisify(execFile)(python, ['-m', 'mpremote', 'connect', port, 'resume', 'exec', 'print(1)'])
  const tookMs = performance.now() - startedMs
  if (stdout.trim() !== '1') throw new Error(`print(1) answered ${JSON.stringify(stdout)}`)
  return tookMs
}
