import { DataSources } from './data-sources-panel'
import { NoticeFeed } from './notice-feed'

/** What is followed, and what came of it. */
export function StreamsView() {
  return (
    <div className="streams">
      <DataSources />
      <NoticeFeed />
    </div>
  )
}
