import '@xterm/xterm/css/xterm.css'
import './output-view.css'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import type { Client } from '../../bridge/client'
import { cspNonce } from '../../theme/strict-styles'
import { onThemeChanged } from '../../theme/theme'
import { OutputFeed } from './output-feed'
import { OutputFormatter, type OutputTotals } from './output-formatter'
import { OutputTerminal } from './output-terminal'

export interface OutputViewHandle {
  find(text: string, direction: 'next' | 'previous'): boolean
  scrollToEnd(): void
  focus(): void
}

export interface OutputViewProps {
  readonly client: Client
  readonly sessionId: string
  readonly label: string
  readonly timestamps: boolean
  readonly paused: boolean
  readonly onTotals: (totals: OutputTotals) => void
  readonly onAtEnd: (atEnd: boolean) => void
  /** A line of a run's own code was chosen in its traceback. Both count from 1. */
  readonly onTracebackLine: (number: number, line: number) => void
  readonly ref?: Ref<OutputViewHandle>
}

/** A session's output. React makes and ends it; what it shows comes from the bridge directly. */
export function OutputView({ client, sessionId, label, timestamps, paused, onTotals, onAtEnd, onTracebackLine, ref }: OutputViewProps) {
  const host = useRef<HTMLDivElement>(null)
  const terminal = useRef<OutputTerminal>(null)
  const feed = useRef<OutputFeed>(null)
  const latest = useRef({ onTotals, onAtEnd, onTracebackLine, label, paused })
  latest.current = { onTotals, onAtEnd, onTracebackLine, label, paused }

  useEffect(() => {
    if (host.current === null) return
    const view = new OutputTerminal(host.current, {
      label: latest.current.label,
      nonce: cspNonce(),
      onAtEnd: atEnd => latest.current.onAtEnd(atEnd),
      onTracebackLine: (number, line) => latest.current.onTracebackLine(number, line),
    })
    const carrier = new OutputFeed({
      sink: view,
      formatter: new OutputFormatter({ timestamps }),
      acknowledge: upTo => void client.call('output:ack', { sessionId, upTo }),
      onTotals: totals => latest.current.onTotals(totals),
      nextFrame,
    })
    carrier.setPaused(latest.current.paused)
    terminal.current = view
    feed.current = carrier
    const unsubscribe = client.subscribe('output:batch', { sessionId, after: 0, visible: true }, batch => carrier.push(batch))
    const endTheme = onThemeChanged(() => view.applyTheme())
    return () => {
      unsubscribe()
      endTheme()
      carrier.dispose()
      view.dispose()
      terminal.current = null
      feed.current = null
    }
  }, [client, sessionId, timestamps])

  useEffect(() => feed.current?.setPaused(paused), [paused])

  useImperativeHandle(ref, () => ({
    find: (text, direction) => terminal.current?.find(text, direction) ?? false,
    scrollToEnd: () => terminal.current?.scrollToEnd(),
    focus: () => terminal.current?.focus(),
  }))

  return <div className="output-view" ref={host} />
}

function nextFrame(callback: (atMs: number) => void): () => void {
  const frame = requestAnimationFrame(callback)
  return () => cancelAnimationFrame(frame)
}
