/** What of Electron's `IpcMainInvokeEvent` decides who is calling. */
export interface CallEvent {
  readonly sender: unknown
  readonly senderFrame: CallingFrame | null
}

export interface CallingFrame {
  /** `scheme://host` of the document, or `null` as text for an opaque one. */
  readonly origin: string
  /** Newer than the oldest supported runtime. */
  readonly detached?: boolean
}

export interface GuardedContents {
  readonly mainFrame: unknown
  isDestroyed(): boolean
}

/**
 * Only the window's own main frame may call, and only while it shows our own page. Identity is compared, never text
 * that only looks alike: a sub-frame, another window, a frame that is gone and a foreign origin are all refused.
 */
export function isTrustedSender(event: CallEvent, contents: GuardedContents, origin: string): boolean {
  try {
    if (contents.isDestroyed() || event.sender !== contents) return false
    const frame = event.senderFrame
    return frame !== null && frame !== undefined && frame === contents.mainFrame && frame.detached !== true && frame.origin === origin
  } catch {
    // Reading a frame that has been disposed throws: nobody is there to answer.
    return false
  }
}
