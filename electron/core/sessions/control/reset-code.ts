/**
 * Code that a board does not come back from. The pause lets the answer to it out (mpremote does the same); the name that it
 * leaves is gone when the board has really started anew.
 */
function codeFor(name: 'reset' | 'bootloader'): string {
  return `import machine
_muster_reset = machine.${name}
try:
 import time
 time.sleep_ms(100)
except Exception:
 pass
_muster_reset()
`
}

export const RESET_CODE = codeFor('reset')
export const BOOTLOADER_CODE = codeFor('bootloader')
/** Prints `True` on a board that has not started anew since. */
export const HAS_NOT_RESET_CODE = "print('_muster_reset' in globals())"

/** Whether the text of an exception says that the board has not got what was called. */
export function saysNotThere(exception: string): boolean {
  return /^(?:ImportError|AttributeError|NameError|NotImplementedError)\b/m.test(exception)
}
