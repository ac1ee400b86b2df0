import { useEffect, useRef } from 'react'

/** Short enough for tenths of a second to look alive, long enough to cost nothing. */
const TICK_MS = 200

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | null = null

/** One timer for all ages on the page, and none when there is no age. Returns the function that ends it. */
export function onTick(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const tick of listeners) tick()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
}

/** Time since a moment, kept current past React: only the text node changes. */
export function Age({ since, format }: { readonly since: number; readonly format: (ageMs: number) => string }) {
  const element = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    let shown = ''
    const show = (): void => {
      const text = format(Date.now() - since)
      if (text === shown || element.current === null) return
      shown = text
      element.current.textContent = text
    }
    show()
    return onTick(show)
  }, [since, format])
  return <span className="age" ref={element} />
}
