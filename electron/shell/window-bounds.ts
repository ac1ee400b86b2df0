import type { Rectangle } from 'electron'

export const WINDOW_MIN_WIDTH = 800
export const WINDOW_MIN_HEIGHT = 560
const WINDOW_WIDTH = 1_440
const WINDOW_HEIGHT = 900
/** So much of the title bar must be on a screen that it can be grabbed. */
const GRIP_WIDTH = 120
const GRIP_HEIGHT = 32
/** A further window stands so far from the one beside it that both title bars can be seen. */
const CASCADE_STEP = 32

export interface WindowPlace {
  readonly bounds: Rectangle
  readonly maximized: boolean
}

/** Bounds for a new window; without `x` and `y` the system chooses the place. */
export type InitialBounds = Pick<Rectangle, 'width' | 'height'> & Partial<Pick<Rectangle, 'x' | 'y'>>

/**
 * Where the window was, if it can still be seen and moved there on today's screens; else a size that fits the first of
 * them, at a place that the system chooses.
 */
export function initialBounds(remembered: Rectangle | null, workAreas: readonly Rectangle[]): InitialBounds {
  if (remembered !== null) {
    const bounds = {
      ...remembered,
      width: Math.max(WINDOW_MIN_WIDTH, remembered.width),
      height: Math.max(WINDOW_MIN_HEIGHT, remembered.height),
    }
    if (workAreas.some(area => canBeGrabbed(bounds, area))) return bounds
  }
  const [area] = workAreas
  return {
    width: Math.max(WINDOW_MIN_WIDTH, Math.min(WINDOW_WIDTH, area?.width ?? WINDOW_WIDTH)),
    height: Math.max(WINDOW_MIN_HEIGHT, Math.min(WINDOW_HEIGHT, area?.height ?? WINDOW_HEIGHT)),
  }
}

/** A little below and to the right of the window beside it; from the corner of the screen again where that would not fit. */
export function cascadedBounds(beside: Rectangle, workAreas: readonly Rectangle[]): InitialBounds {
  const area = workAreas.find(candidate => canBeGrabbed(beside, candidate))
  if (area === undefined) return initialBounds(null, workAreas)
  const width = Math.min(beside.width, area.width)
  const height = Math.min(beside.height, area.height)
  const x = beside.x + CASCADE_STEP
  const y = beside.y + CASCADE_STEP
  const fits = x + width <= area.x + area.width && y + height <= area.y + area.height
  return fits ? { x, y, width, height } : { x: area.x, y: area.y, width, height }
}

function canBeGrabbed(window: Rectangle, area: Rectangle): boolean {
  const visibleWidth = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)
  const isTopOnScreen = window.y >= area.y && window.y + GRIP_HEIGHT <= area.y + area.height
  return visibleWidth >= GRIP_WIDTH && isTopOnScreen
}
