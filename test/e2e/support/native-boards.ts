import path from 'node:path'
import { type NativeBoard, type NativeBoardOptions, startNativeBoard } from '../../boards/native-board'
import type { MusterWindow } from './window'

/** `/dev/pts/3` is listed as `pts/3`. */
export function listedName(port: string): string {
  return path.relative('/dev', port)
}

/** Boards of one test. Made after the app: one that is there before has its terminal inherited by the app. */
export class NativeBoards {
  private readonly boards: NativeBoard[] = []

  async start(options?: NativeBoardOptions): Promise<NativeBoard> {
    const board = await startNativeBoard(options)
    this.boards.push(board)
    return board
  }

  /** A new board, in the list and open. Returns its name there. */
  async open(window: MusterWindow, options?: NativeBoardOptions): Promise<string> {
    const { path: port } = await this.start(options)
    await window.addPort(port)
    await window.open(listedName(port))
    return listedName(port)
  }

  async end(): Promise<void> {
    for (const board of this.boards.splice(0)) await board.unplug()
  }
}
