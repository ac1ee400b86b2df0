const PAGE_BYTES = 4096
const PAGE_WORDS = PAGE_BYTES / 4

/**
 * The interpreter's memory as it was, to begin anew from. Only pages that held something are kept (about 0.4 MB), and only
 * pages that hold something are touched when they are put back.
 */
export class MemorySnapshot {
  private readonly pages = new Map<number, Int32Array>()

  constructor(memory: SharedArrayBuffer) {
    const words = new Int32Array(memory)
    for (let start = 0; start < words.length; start += PAGE_WORDS) {
      if (!isEmpty(words, start)) this.pages.set(start, words.slice(start, start + PAGE_WORDS))
    }
  }

  /** `memory` may have grown since; what is beyond is zeroed, as fresh memory is. */
  restore(memory: SharedArrayBuffer): void {
    const words = new Int32Array(memory)
    for (let start = 0; start < words.length; start += PAGE_WORDS) {
      const page = this.pages.get(start)
      if (page !== undefined) words.set(page, start)
      else if (!isEmpty(words, start)) words.fill(0, start, start + PAGE_WORDS)
    }
  }
}

function isEmpty(words: Int32Array, start: number): boolean {
  for (let index = start; index < start + PAGE_WORDS; index++) if (words[index] !== 0) return false
  return true
}
