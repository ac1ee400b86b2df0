import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDownToLine, Play, Square } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Notice } from '../../../shared/model'
import { sessionName } from '../../stores/board-names'
import { useActivityState, usePortsState, useServices, useSessionsState } from '../../stores/context'
import { activateTab } from '../../stores/tabs-store'
import { formatPlural } from '../../ui/format'
import { formatMomentShort } from '../../ui/moments'

const ROW_HEIGHT = 26
/** Nearer to the end than this, the feed stays at it. */
const END_PX = 8

/** The notices as they come, the newest at the end. */
export function NoticeFeed() {
  const notices = useActivityState(state => state.notices)
  const followed = useActivityState(state => state.streams.size)
  const scroller = useRef<HTMLDivElement>(null)
  const [isAtEnd, setAtEnd] = useState(true)
  const virtualizer = useVirtualizer({
    count: notices.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
    initialRect: { width: 480, height: 600 },
  })
  useEffect(() => {
    if (isAtEnd && notices.length > 0) virtualizer.scrollToIndex(notices.length - 1)
  }, [notices, isAtEnd, virtualizer])

  return (
    <section className="feed" aria-label="Notices">
      <p className="feed-head" role="status">
        {followed === 0 ? 'Nothing is followed' : `${formatPlural(followed, 'stream')} · ${formatPlural(notices.length, 'notice')}`}
      </p>
      {notices.length === 0 ? (
        <p className="page-empty">
          {followed === 0
            ? 'Choose what to follow on the left. Starts and stops appear here from then on; earlier ones do not.'
            : 'No session has started or stopped since. Notices appear here the moment it happens.'}
        </p>
      ) : (
        <div
          ref={scroller}
          className="feed-list"
          role="log"
          aria-label="Notices as they come"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached from the keyboard.
          tabIndex={0}
          onScroll={({ currentTarget }) =>
            setAtEnd(currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < END_PX)
          }
        >
          <ol style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(item => {
              const notice = notices[item.index]
              return notice === undefined ? null : (
                <NoticeRow key={`${notice.subscriptionId} ${notice.seq}`} notice={notice} top={item.start} />
              )
            })}
          </ol>
          {!isAtEnd && (
            <button type="button" className="output-jump" onClick={() => setAtEnd(true)}>
              <ArrowDownToLine size={14} strokeWidth={1.75} aria-hidden />
              Jump to end
            </button>
          )}
        </div>
      )}
    </section>
  )
}

function NoticeRow({ notice, top }: { readonly notice: Notice; readonly top: number }) {
  const { stores } = useServices()
  const { kind, dataSource, sessionKey, at } = notice
  const ports = usePortsState(state => state.ports)
  const session = useSessionsState(state => state.listed.get(sessionKey))
  const Icon = kind === 'start' ? Play : Square
  return (
    <li className={`feed-row feed-${kind}`} style={{ transform: `translateY(${top}px)` }}>
      <time>{formatMomentShort(at)}</time>
      <span className="feed-kind">
        <Icon size={12} strokeWidth={1.75} aria-hidden />
        {kind === 'start' ? 'Start' : 'Stop'}
      </span>
      <span className="feed-source" title={dataSource}>
        {dataSource}
      </span>
      {session === undefined ? (
        <code className="feed-session" title={sessionKey}>
          {shortKey(sessionKey)}
        </code>
      ) : (
        <button type="button" className="link feed-session" title={sessionKey} onClick={() => activateTab(stores.tabs, sessionKey)}>
          {sessionName(session, ports)}
        </button>
      )}
    </li>
  )
}

/** `session-4be1…9a77`: the ends are what people compare. */
function shortKey(key: string): string {
  return key.length <= 20 ? key : `${key.slice(0, 12)}…${key.slice(-4)}`
}
