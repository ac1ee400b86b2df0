import { chown } from 'node:fs/promises'
import { type BoardScript, ScriptedBoard } from '../fakes/scripted-board'
import { Pty } from './pty'
import type { PtyNode, PtyOptions } from './pty-board'

/** A scripted board on a pseudo-terminal: as light as a board can be, for tests that need many of them. */
export async function startScriptedPty({ script, ownerUserId }: PtyOptions & { readonly script?: BoardScript } = {}): Promise<PtyNode> {
  const pty = Pty.open()
  if (ownerUserId !== undefined) await chown(pty.path, ownerUserId, -1)
  const board = new ScriptedBoard(script)
  const pieces: Buffer[] = []
  let sending: Promise<unknown> = Promise.resolve()
  board.onData(bytes => {
    sending = sending.then(() => pty.write(bytes))
  })
  pty.onData(bytes => {
    pieces.push(Buffer.from(bytes))
    void board.write(bytes)
  })
  const unplug = async (): Promise<void> => {
    board.kill()
    await pty.hangUp()
  }
  return {
    path: pty.path,
    get received() {
      return Buffer.concat(pieces)
    },
    unplug,
    stop: unplug,
  }
}
