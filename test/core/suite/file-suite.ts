import { describe } from 'vitest'
import type { Suite } from './board-suite'
export function describeFiles(_suite: Suite): void {
  describe.skip('files', () => {})
}
