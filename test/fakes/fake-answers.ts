import type { CommandInput, CommandName, CommandOutput, Result } from '../../shared/contract'
import type { FilterInfo, JsonValue, SessionEventType, SessionSnapshot } from '../../shared/model'
import { aMetricsSnapshot, anAppInfo, aPort, aSampler, aSession, noSamples, someOptions, somePoolStats } from './bridge-shapes'
import type { FakeBridge } from './fake-bridge'
import { type ChainChange, fakeChain } from './fake-chain'

export type Answer<N extends CommandName> = (input: CommandInput<N>) => Result<CommandOutput<N>> | Promise<Result<CommandOutput<N>>>
/** What is missing is answered with an empty object. */
export type Answers = { readonly [N in CommandName]?: Answer<N> }

/** What the other side does as long as a test says nothing else: it keeps what it is given, and tells the page. */
export function plainAnswers(bridge: FakeBridge): Answers {
  const sessionOf = (sessionId: string): SessionSnapshot =>
    bridge.sessions.find(session => session.sessionId === sessionId) ?? aSession('', { sessionId })

  const change = (sessionId: string, over: Partial<SessionSnapshot>, type: SessionEventType): Result<SessionSnapshot> => {
    const snapshot = { ...sessionOf(sessionId), ...over }
    bridge.setSession(snapshot, type)
    return { ok: true, value: snapshot }
  }
  const changeMetadata = (sessionId: string, over: Partial<SessionSnapshot['metadata']>): Result<SessionSnapshot> =>
    change(sessionId, { metadata: { ...sessionOf(sessionId).metadata, ...over } }, 'infoUpdated')

  const changeChain = (sessionId: string, result: ChainChange): Result<readonly FilterInfo[]> => {
    if ('error' in result) return { ok: false, error: result.error }
    bridge.setFilters(sessionId, result.chain)
    return { ok: true, value: result.chain }
  }
  const attribute = (sessionId: string, key: string): JsonValue => bridge.attributesOf(sessionId).get(key) ?? null

  return {
    'app:info': () => ({ ok: true, value: anAppInfo() }),
    'ports:list': () => ({ ok: true, value: { ports: [], scannedAt: 0, stale: null } }),
    'ports:configure': ({ path, settings }) => {
      const ports = bridge.ports.ports.map(port => (port.path === path ? { ...port, settings: { ...port.settings, ...settings } } : port))
      bridge.setPorts(ports)
      return { ok: true, value: ports.find(port => port.path === path) ?? aPort(path) }
    },
    'simulated:start': () => ({ ok: true, value: { ports: [] } }),
    'sessions:list': () => ({ ok: true, value: bridge.sessions }),
    'sessions:info': ({ sessionId }) => {
      const known = bridge.infos.get(sessionId)
      const snapshot = sessionOf(sessionId)
      return {
        ok: true,
        value: {
          snapshot,
          options: known?.options ?? someOptions({ autoReconnect: snapshot.autoReconnect, idleTimeoutMs: snapshot.idleTimeoutMs }),
          history: known?.history ?? [{ at: snapshot.stateSince, state: snapshot.state, phase: snapshot.phase }],
          filters: bridge.filtersOf(sessionId),
        },
      }
    },
    'sessions:cancel': () => ({ ok: true, value: { cancelled: true } }),
    'sessions:interrupt': () => ({ ok: true, value: { changed: true } }),
    'sessions:reset': ({ sessionId, kind }) =>
      change(sessionId, kind === 'restart' ? { attachment: 'watching', running: null } : { running: null }, 'infoUpdated'),
    'sessions:takeOver': ({ sessionId }) => change(sessionId, { attachment: 'prompt' }, 'infoUpdated'),
    'sessions:watch': ({ sessionId }) => change(sessionId, { attachment: 'watching' }, 'infoUpdated'),
    'sessions:write': ({ data }) => ({ ok: true, value: { bytes: data.length } }),
    'sessions:reconnect': ({ sessionId }) =>
      change(sessionId, { state: 'Connecting', phase: 'starting', stateSince: Date.now() }, 'stateChanged'),
    'sessions:extendLease': ({ sessionId, expiresAt }) => change(sessionId, { lease: { expiresAt, isPending: false } }, 'leaseChanged'),
    'sessions:updateDetails': ({ sessionId, details }) => {
      const merged = { ...sessionOf(sessionId).metadata.details, ...details }
      const kept = Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null)
      return changeMetadata(sessionId, { details: Object.fromEntries(kept) })
    },
    'sessions:updateIdentifier': ({ sessionId, identifier }) => changeMetadata(sessionId, { identifier }),
    'sessions:associate': ({ sessionId, associateSessionKeys }) => changeMetadata(sessionId, { associateSessionKeys }),
    'sessions:configure': ({ sessionId, options }) => {
      const info = bridge.infos.get(sessionId)
      bridge.infos.set(sessionId, { ...info, options: { ...(info?.options ?? someOptions()), ...options } })
      const { autoReconnect, idleTimeoutMs } = options
      return change(
        sessionId,
        {
          ...(autoReconnect === undefined ? {} : { autoReconnect }),
          ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
        },
        'infoUpdated',
      )
    },
    'sessions:stats': ({ sessionId }) => ({ ok: true, value: sessionOf(sessionId).statistics }),
    // A computer on which no folder was opened, and boards without files; `FakeFiles` has more.
    'local:folders': () => ({ ok: true, value: [] }),
    'files:list': ({ path }) => ({ ok: true, value: { path, entries: [] } }),
    'files:df': ({ path = '/' }) => ({ ok: true, value: { path, totalBytes: 2_097_152, freeBytes: 1_048_576 } }),
    'filters:list': ({ sessionId }) => ({ ok: true, value: bridge.filtersOf(sessionId) }),
    'filters:add': ({ sessionId, filter, place }) => changeChain(sessionId, fakeChain.add(bridge.filtersOf(sessionId), filter, place)),
    'filters:remove': ({ sessionId, name }) => changeChain(sessionId, fakeChain.remove(bridge.filtersOf(sessionId), name)),
    'filters:replace': ({ sessionId, name, filter }) =>
      changeChain(sessionId, fakeChain.replace(bridge.filtersOf(sessionId), name, filter)),
    'filters:move': ({ sessionId, name, place }) => changeChain(sessionId, fakeChain.move(bridge.filtersOf(sessionId), name, place)),
    'filters:clear': ({ sessionId }) => changeChain(sessionId, { chain: [] }),
    'attributes:list': ({ sessionId }) => ({
      ok: true,
      value: [...bridge.attributesOf(sessionId)].map(([key, value]) => ({ key, value })),
    }),
    'attributes:keys': ({ sessionId }) => ({ ok: true, value: [...bridge.attributesOf(sessionId).keys()] }),
    'attributes:get': ({ sessionId, key, default: fallback }) => {
      const found = bridge.attributesOf(sessionId).has(key)
      return { ok: true, value: { value: found ? attribute(sessionId, key) : (fallback ?? null), found } }
    },
    'attributes:set': ({ sessionId, key, value }) => {
      const old = attribute(sessionId, key)
      bridge.setAttribute(sessionId, key, value)
      return { ok: true, value: { old } }
    },
    'attributes:setIfAbsent': ({ sessionId, key, value }) => {
      const stored = !bridge.attributesOf(sessionId).has(key)
      if (stored) bridge.setAttribute(sessionId, key, value)
      return { ok: true, value: { stored, value: attribute(sessionId, key) } }
    },
    'attributes:has': ({ sessionId, key }) => ({ ok: true, value: { found: bridge.attributesOf(sessionId).has(key) } }),
    'attributes:remove': ({ sessionId, key }) => {
      const old = attribute(sessionId, key)
      bridge.setAttribute(sessionId, key, undefined)
      return { ok: true, value: { old } }
    },
    'attributes:update': ({ sessionId, key, add, initial = 0 }) => {
      const old = attribute(sessionId, key)
      const value = (typeof old === 'number' ? old : initial) + add
      bridge.setAttribute(sessionId, key, value)
      return { ok: true, value: { value } }
    },
    'pool:acquire': ({ port = '' }) => ({ ok: true, value: { token: `token-${port}`, session: aSession(port, { pool: 'inUse' }) } }),
    'pool:release': () => ({ ok: true, value: { released: true } }),
    'pool:stats': () => ({ ok: true, value: somePoolStats() }),
    'notify:subscribe': ({ kind, dataSource }) => ({ ok: true, value: { subscriptionId: bridge.addNotification(kind, dataSource) } }),
    'notify:unsubscribe': ({ subscriptionId }) => ({ ok: true, value: { ended: bridge.notifications.delete(subscriptionId) } }),
    'sampler:start': ({ sessionId, ...asked }) => {
      const sampler = aSampler(sessionId, asked)
      bridge.setSamples(noSamples(sessionId, sampler))
      return { ok: true, value: sampler }
    },
    'sampler:stop': ({ sessionId }) => {
      const stopped = bridge.samples.get(sessionId)?.sampler != null
      bridge.setSamples(noSamples(sessionId))
      return { ok: true, value: { stopped } }
    },
    'history:list': ({ sessionId }) => ({ ok: true, value: bridge.historyOf(sessionId ?? null) }),
    'history:save': ({ sessionId, format }) => ({
      ok: true,
      value: { saved: true, file: `/home/user/events.${format}`, entries: bridge.historyOf(sessionId ?? null).length },
    }),
    'metrics:text': () => ({ ok: true, value: { contentType: 'text/plain; version=0.0.4', text: 'active_sessions 0\n' } }),
    'metrics:snapshot': () => ({ ok: true, value: aMetricsSnapshot() }),
    'config:get': () => ({ ok: true, value: bridge.config }),
    'config:set': ({ key, value, reset }) => {
      const keys = bridge.config.keys.map(known =>
        known.key !== key
          ? known
          : reset === true
            ? { ...known, value: known.default, source: 'default' as const }
            : { ...known, value: value ?? null, source: 'file' as const },
      )
      bridge.setConfig({ keys })
      return { ok: true, value: bridge.config }
    },
    'output:copy': () => ({ ok: true, value: { bytes: 38_200, droppedBytes: 0 } }),
    'output:save': () => ({ ok: true, value: { saved: true, file: 'output.log', bytes: 38_200, droppedBytes: 0 } }),
    'manager:state': () => ({ ok: true, value: { state: bridge.status.state } }),
    'manager:stats': () => ({ ok: true, value: bridge.status }),
    'manager:health': () => ({ ok: true, value: bridge.status.health }),
  }
}
