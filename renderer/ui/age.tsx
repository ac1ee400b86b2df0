import { useCallback, useEffect, useRef } from 'react'
import { formatAge } from './format'

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
  return <Ticking text={useCallback((now: number) => format(now - since), [since, format])} />
}

/** Time left until a moment: `4 s`, at the least `0 s`. Where a screen reader is told of changes, not of each second. */
export function Countdown({ until, format = formatLeft }: { readonly until: number; readonly format?: (leftMs: number) => string }) {
  return <Ticking isQuiet text={useCallback((now: number) => format(Math.max(0, until - now)), [until, format])} />
}

/** A second that has begun is not over: what is 3.2 s away is `4 s` away. */
function formatLeft(leftMs: number): string {
  return formatAge(Math.ceil(leftMs / 1_000) * 1_000)
}

function Ticking({ text, isQuiet = false }: { readonly text: (now: number) => string; readonly isQuiet?: boolean }) {
  const element = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    let shown = ''
    const show = (): void => {
      const next = text(Date.now())
      if (next === shown || element.current === null) return
      shown = next
      element.current.textContent = next
    }
    show()
    return onTick(show)
  }, [text])
  return <span className="age" ref={element} aria-live={isQuiet ? 'off' : undefined} />
}
