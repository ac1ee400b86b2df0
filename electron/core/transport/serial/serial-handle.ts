/**
 * An open serial port as the transport uses it. One read and one write may be under way at a time. A rejected read or
 * write means that the port is of no more use.
 */
export interface SerialHandle {
  /** Fills the start of the buffer and resolves with the number of bytes; 0 says that the port was hung up. */
  read(buffer: Buffer): Promise<number>
  /** Resolves with how many of the bytes the system has taken: at least one, not always all. */
  write(bytes: Uint8Array): Promise<number>
  /** Sets DTR and RTS together. False where there are no such lines, as on a pseudo-terminal. */
  setLines(lines: ModemLines): Promise<boolean>
  /** Ends the read and the write under way (they reject) and gives the port back to the system. */
  close(options: CloseOptions): Promise<void>
}

/** What all of the binding's ports can do. `set` sets every item; what is left out gets a value of its own choice. */
interface ControlledPort {
  set(items: Readonly<Record<'dtr' | 'rts' | 'brk' | 'cts' | 'dsr' | 'lowLatency', boolean>>): Promise<void>
  flush(): Promise<void>
}

/** Low latency makes an FTDI bridge hand over bytes after 1 ms instead of 16 ms; where there is no such thing, Linux says nothing. */
const OTHER_ITEMS = { brk: false, cts: false, dsr: false, lowLatency: true }

export interface ModemLines {
  readonly dtr: boolean
  readonly rts: boolean
}

export interface CloseOptions {
  /** Throw away what the system has taken but not sent, so that a board that does not read can't hold up the close. */
  readonly discard: boolean
  readonly lowerLines: boolean
}

export async function setLines(port: ControlledPort, { dtr, rts }: ModemLines): Promise<boolean> {
  try {
    // Both at once: with DTR alone, which is what Windows starts with, the reset button of an ESP board leads into its loader.
    await port.set({ dtr, rts, ...OTHER_ITEMS })
    return true
  } catch {
    return false
  }
}

/** What is done to a port right before its close. None of it may keep the close from happening. */
export async function prepareClose(port: ControlledPort, options: CloseOptions): Promise<void> {
  try {
    if (options.discard) await port.flush()
    if (options.lowerLines) {
      // RTS first: RTS alone is a reset on boards with an auto-reset circuit (micropython#9659).
      await port.set({ dtr: true, rts: false, ...OTHER_ITEMS })
      await port.set({ dtr: false, rts: false, ...OTHER_ITEMS })
    }
  } catch {
    // The port is gone already, and with it what was to be prepared.
  }
}
