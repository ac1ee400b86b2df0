import { useEffect, useRef, useState } from 'react'
import { useServices } from '../../stores/context'
import type { AppEvent } from '../../stores/notices-store'

/** A fleet can have a hundred events a second; a listener can follow one sentence in this time. */
const ANNOUNCE_INTERVAL_MS = 2_500

/** Tells a screen reader what happens, a sentence at a time: the first at once, then what has gathered meanwhile. */
export function LiveRegion() {
  const { stores } = useServices()
  const [text, setText] = useState('')
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => {
    let waiting: AppEvent[] = []
    const speak = (): void => {
      setText(announcement(waiting))
      waiting = []
      timer.current = setTimeout(() => {
        timer.current = null
        if (waiting.length > 0) speak()
      }, ANNOUNCE_INTERVAL_MS)
    }
    const unsubscribe = stores.notices.subscribe((state, before) => {
      if (state.lastEvent === null || state.lastEvent === before.lastEvent) return
      waiting.push(state.lastEvent)
      if (timer.current === null) speak()
    })
    return () => {
      unsubscribe()
      if (timer.current !== null) clearTimeout(timer.current)
      timer.current = null
    }
  }, [stores])
  return (
    <div className="visually-hidden" role="log" aria-live="polite" aria-label="Events">
      {text}
    </div>
  )
}

/** One event is said as it is; of many, the last bad one and how many there were. */
export function announcement(events: readonly AppEvent[]): string {
  const last = events.filter(event => event.tone === 'bad').at(-1) ?? events.filter(event => event.tone === 'warn').at(-1) ?? events.at(-1)
  if (last === undefined) return ''
  return events.length === 1 ? last.text : `${last.text}, and ${events.length - 1} more events`
}
