import type { Page } from '../page'
import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createFileHandlers({ files, transfers }: Services, page: Page): HandlersOf<'files' | 'packages'> {
  return {
    'files:list': ({ sessionId, path }) => page.run(signal => files.list(sessionId, path, signal)),
    'files:stat': ({ sessionId, path }) => page.run(signal => files.stat(sessionId, path, signal)),
    'files:df': ({ sessionId, path = '/' }) => page.run(signal => files.df(sessionId, path, signal)),
    'files:tree': ({ sessionId, path }) => page.run(signal => files.tree(sessionId, path, signal)),
    'files:hash': ({ sessionId, path }) => page.run(signal => files.hash(sessionId, path, signal)),
    async 'files:mkdir'({ sessionId, path, parents = false }) {
      await page.run(signal => files.mkdir(sessionId, path, { parents }, signal))
      return {}
    },
    'files:remove': ({ sessionId, paths, recursive = false }) => page.run(signal => files.remove(sessionId, paths, { recursive }, signal)),
    async 'files:rename'({ sessionId, from, to, replace = false }) {
      await page.run(signal => files.rename(sessionId, from, to, { replace }, signal))
      return {}
    },
    'files:read': ({ sessionId, path }) => page.run(signal => files.read(sessionId, path, signal)),
    'files:write'({ sessionId, path, data, ifSha256 }) {
      const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
      return page.run(signal => files.write(sessionId, path, bytes, { ifSha256 }, signal))
    },
    'files:copy': request => transfers.copy(request),
    'files:sync': request => transfers.sync(request),
    'files:compare': request => page.run(signal => transfers.compare(request, signal)),
    'files:resolve': ({ transferId, decision, indices }) => transfers.resolve(transferId, decision, indices),
    'files:cancel': ({ transferId, index }) => transfers.cancel(transferId, index),
    'files:retry': ({ transferId }) => transfers.retry(transferId),
    'files:dismiss'({ transferId }) {
      transfers.dismiss(transferId)
      return {}
    },
    'packages:install': ({ sessionId, ...request }) => page.run(signal => files.installPackage(sessionId, request, signal)),
  }
}
