/** What was sent to each board, oldest first, for the field's history. Lives as long as the window. */
export interface SentLines {
  read(board: string): readonly string[]
  /** The same line twice in a row is kept once. */
  add(board: string, line: string): void
}

const LINES_KEPT = 100

export function createSentLines(): SentLines {
  const byBoard = new Map<string, readonly string[]>()
  return {
    read: board => byBoard.get(board) ?? [],
    add(board, line) {
      const lines = byBoard.get(board) ?? []
      if (line !== '' && lines.at(-1) !== line) byBoard.set(board, [...lines, line].slice(-LINES_KEPT))
    },
  }
}
