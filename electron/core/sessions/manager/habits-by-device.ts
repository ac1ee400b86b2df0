import { BOARDS_REMEMBERED } from '../../../../shared/limits'
import { type BoardHabits, newBoardHabits } from '../../micropython/board-habits'

/** A key that is a path says nothing of the board that hangs there next. */
const KEY_OF_A_PATH = 'path:'

/** What boards have shown of themselves, by the device they are: one that can't do something slows nobody else down. */
export class HabitsByDevice {
  private readonly known = new Map<string, BoardHabits>()

  of(deviceKey: string): BoardHabits {
    if (deviceKey === '' || deviceKey.startsWith(KEY_OF_A_PATH)) return newBoardHabits()
    const habits = this.known.get(deviceKey) ?? newBoardHabits()
    // The last used stands last: what is forgotten is what nobody has used for longest.
    this.known.delete(deviceKey)
    this.known.set(deviceKey, habits)
    for (const key of this.known.keys()) {
      if (this.known.size <= BOARDS_REMEMBERED) break
      this.known.delete(key)
    }
    return habits
  }
}
