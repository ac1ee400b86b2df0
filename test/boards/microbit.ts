import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { BadLine } from './bad-line'

/** Debian's package `firmware-microbit-micropython`: MicroPython 1.9.2 of 2017, which knows no raw-paste mode. */
const FIRMWARE = '/usr/share/firmware-microbit-micropython/firmware.hex'
const START_LIMIT_MS = 20_000
/**
 * The emulator hands bytes over as fast as they come, where a real one has a line before it. The firmware keeps 64 of them: a few come at
 * a time, and the next ones when it has taken those.
 */
const TO_BOARD_BYTES_PER_SECOND = 6_000
/** A program that computes takes nothing; what is typed to it comes all the same, after this time. */
const BUSY_LIMIT_MS = 200
const LOOK_INTERVAL_MS = 1
const WANTED =
  'The tests of old firmware want an emulator and the firmware: sudo apt-get install -y --no-install-recommends qemu-system-arm firmware-microbit-micropython'

/** A micro:bit in an emulator, on a pseudo-terminal. Whoever starts it ends it with `unplug`. */
export interface Microbit {
  /** What the app opens. */
  readonly path: string
  /** Its reset button. */
  reset(): void
  /** The processor stops, and goes on: a board that hangs. */
  freeze(): void
  thaw(): void
  /** Idempotent. */
  unplug(): Promise<void>
}

export async function startMicrobit(): Promise<Microbit> {
  if (!existsSync(FIRMWARE)) throw new Error(WANTED)
  const args = ['-M', 'microbit', '-display', 'none', '-serial', 'pty', '-monitor', 'stdio', '-device', `loader,file=${FIRMWARE}`]
  const emulator = spawn('qemu-system-arm', args, { stdio: ['pipe', 'pipe', 'ignore'] })
  const { stdin, stdout } = emulator
  await once(emulator, 'spawn').catch(() => {
    throw new Error(WANTED)
  })
  try {
    const { pid = 0 } = emulator
    const toBoard = { bytesPerSecond: TO_BOARD_BYTES_PER_SECOND, untilTaken: () => untilIdle(pid) }
    const line = await BadLine.open({ board: await terminalOf(stdout), seed: 0, toBoard })
    return new RunningMicrobit(line, emulator, stdin)
  } catch (error) {
    emulator.kill('SIGKILL')
    throw error
  }
}

/** Waits until the emulator waits, too: then it has taken all that has come, and its firmware has nothing to do with it any more. */
async function untilIdle(pid: number): Promise<void> {
  for (const giveUpAt = performance.now() + BUSY_LIMIT_MS; !isIdle(pid) && performance.now() < giveUpAt; ) await sleep(LOOK_INTERVAL_MS)
}

/** Whether no thread runs, or would if the machine were not busy elsewhere. */
function isIdle(pid: number): boolean {
  const threads = `/proc/${pid}/task`
  try {
    // The name in parentheses may hold anything; after it comes the state (proc(5)).
    return readdirSync(threads).every(thread => !/\) R [^)]*$/.test(readFileSync(`${threads}/${thread}/stat`, 'utf8')))
  } catch {
    // It has ended, or one of its threads has.
    return true
  }
}

/** The emulator says which terminal it has taken. */
async function terminalOf(stdout: Readable): Promise<string> {
  let said = ''
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The emulator named no terminal. It said: ${said}`)), START_LIMIT_MS)
    stdout.on('data', text => {
      said += String(text)
      const path = /redirected to (\S+)/.exec(said)?.[1]
      if (path === undefined) return
      clearTimeout(timer)
      resolve(path)
    })
  })
}

class RunningMicrobit implements Microbit {
  private readonly exited: Promise<unknown>

  constructor(
    private readonly line: BadLine,
    private readonly emulator: ChildProcess,
    private readonly monitor: Writable,
  ) {
    this.exited = once(emulator, 'exit')
    monitor.on('error', () => {})
  }

  get path(): string {
    return this.line.path
  }

  reset(): void {
    this.monitor.write('system_reset\n')
  }

  freeze(): void {
    this.monitor.write('stop\n')
  }

  thaw(): void {
    this.monitor.write('cont\n')
  }

  async unplug(): Promise<void> {
    this.emulator.kill('SIGKILL')
    await this.exited
    await this.line.close()
  }
}
