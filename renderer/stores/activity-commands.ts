import type { Client } from '../bridge/client'
import { mergeSessions, readStreams, type Stream, setStream, streamKey, writeStreams } from './activity-store'
import type { AppStores } from './app-stores'

export interface ActivityCommands {
  /** Asks for the starts, or the stops, of a data source. Once is enough; a refusal is told in the store. */
  follow(stream: Stream): Promise<void>
  unfollow(stream: Stream): Promise<void>
  /** Follows again what this window followed before its page was loaded anew: main forgets with the page. */
  restoreStreams(): Promise<void>
}

export function createActivityCommands(client: Client, { activity, windowStorage }: AppStores): ActivityCommands {
  const remember = (): void => writeStreams(windowStorage, activity.getState().streams.values())

  /** A notice tells of changes only, so the list is taken before and after: who begins in between is in the second. */
  const list = async (dataSource: string): Promise<void> => {
    const result = await client.call('sessions:list', { dataSource })
    if (result.ok) mergeSessions(activity, result.value)
  }

  const follow = async (stream: Stream): Promise<void> => {
    const { kind, dataSource } = stream
    const key = streamKey(stream)
    if (activity.getState().streams.has(key)) return
    activity.setState({ error: null })
    setStream(activity, { kind, dataSource, subscriptionId: null, since: Date.now(), received: 0 }, key)
    await list(dataSource)
    const result = await client.call('notify:subscribe', { kind, dataSource })
    const asked = activity.getState().streams.get(key)
    if (!result.ok) {
      setStream(activity, null, key)
      activity.setState({ error: result.error })
      return
    }
    if (asked === undefined) {
      // Taken back before the answer came.
      await client.call('notify:unsubscribe', result.value)
      return
    }
    setStream(activity, { ...asked, subscriptionId: result.value.subscriptionId }, key)
    remember()
    await list(dataSource)
  }

  return {
    follow,
    async unfollow(stream) {
      const key = streamKey(stream)
      const subscriptionId = activity.getState().streams.get(key)?.subscriptionId
      setStream(activity, null, key)
      remember()
      if (subscriptionId != null) await client.call('notify:unsubscribe', { subscriptionId })
    },
    async restoreStreams() {
      await Promise.all(readStreams(windowStorage).map(follow))
    },
  }
}
