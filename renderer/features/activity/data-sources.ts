import type { FollowedSession, StreamState } from '../../stores/activity-store'

/** One line of the list of data sources. */
export interface DataSourceRow {
  readonly dataSource: string
  readonly start: StreamState | undefined
  readonly stop: StreamState | undefined
  /** Sessions known to be open: of a followed source from its list and its notices, else from this window's own. */
  readonly open: number
}

export interface DataSourceFacts {
  /** Of the sessions that are open now, one each. */
  readonly open: readonly string[]
  /** Typed by the user, or seen before. */
  readonly added: readonly string[]
  readonly streams: ReadonlyMap<string, StreamState>
  readonly sessions: ReadonlyMap<string, FollowedSession>
}

/** All known data sources by name: of sessions, of streams, and those that were typed. */
export function dataSourceRows({ open, added, streams, sessions }: DataSourceFacts): readonly DataSourceRow[] {
  const followed = [...streams.values()]
  const names = new Set([...open, ...added, ...followed.map(stream => stream.dataSource)])
  return [...names].sort(naturalOrder.compare).map(dataSource => {
    const of = (kind: StreamState['kind']) => followed.find(stream => stream.dataSource === dataSource && stream.kind === kind)
    const hasStops = of('stop') !== undefined
    const known = [...sessions.values()].filter(session => session.dataSource === dataSource && session.stoppedAt === null)
    return {
      dataSource,
      start: of('start'),
      stop: of('stop'),
      // Without the stops, nobody says when one of the followed has ended.
      open: hasStops ? known.length : open.filter(other => other === dataSource).length,
    }
  })
}

const naturalOrder = new Intl.Collator('en', { numeric: true })
