import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Only for a program that hangs: on a busy machine it takes its time to start, and a port opened without it would reset a board at its close. */
const LIMIT_MS = 5_000

/**
 * Has the system leave DTR alone when the last program lets go of an open port. The binding can only ask for the
 * contrary, and the contrary is what Linux and macOS do by themselves. Resolves with false where it did not work.
 */
export async function clearHangUpFlag(fd: number): Promise<boolean> {
  // The port is given as the open file that it is: by its path, another program could not open it again.
  const program = spawn('stty', ['-hupcl'], { stdio: [fd, 'ignore', 'ignore'], timeout: LIMIT_MS })
  try {
    const [code] = await once(program, 'close')
    return code === 0
  } catch {
    return false
  }
}
