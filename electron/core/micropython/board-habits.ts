/** What a board has shown of itself by trying: it is not asked again, also not over the next connection. */
export interface BoardHabits {
  /** False once the board did not take code in raw-paste mode. */
  canRawPaste: boolean
}

export function newBoardHabits(): BoardHabits {
  return { canRawPaste: true }
}
