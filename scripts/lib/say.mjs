/** A failure that is told to the user as it stands, without a stack. */
export class PlainError extends Error {}

/**
 * Progress goes to standard error: standard output belongs to what a script was asked for.
 * @param {string} message
 */
export function say(message) {
  process.stderr.write(`muster: ${message}\n`)
}

/**
 * Runs a script's main function and ends the process; a failure ends it with a sentence and a non-zero code. It does
 * not only set the code: a library's own hook at the end (electron-builder has one) would set it back to 0.
 * @param {() => Promise<number | void>} main resolves with the exit code, 0 when it says nothing
 */
export async function runScript(main) {
  try {
    process.exit((await main()) ?? 0)
  } catch (error) {
    if (error instanceof PlainError) say(error.message)
    else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  }
}
