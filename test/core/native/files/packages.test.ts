import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failureOf } from '../../sessions/session-bench'
import { ProjectBench } from '../project/project-bench'

const LIMIT_MS = 60_000

/** Says and does what the true one does, with a network of two packages. It never raises for a package that it can't get. */
const MIP = `import os


def install(package, index=None, target=None, version=None, mpy=True):
    print('Installing', package, 'from', index or 'micropython.org', 'to', target or '/lib')
    if package == 'broken':
        raise OSError('no network')
    if package == 'slow':
        input()
    if package not in ('greeting', 'slow', 'it\\'s'):
        print('Package not found')
        print('Package may be partially installed')
        return
    folder = target or '/lib'
    try:
        os.mkdir(folder)
    except OSError:
        pass
    with open(folder + '/' + package + '.py', 'w') as file:
        file.write('VERSION = %r\\n' % (version or 'latest'))
    print('Done')
`

let bench: ProjectBench
beforeEach(async () => {
  bench = await ProjectBench.start()
})
afterEach(() => bench.end())

const never = new AbortController().signal

/** What the board can is asked when it is connected. */
async function giveMip(): Promise<void> {
  const { files, sessions } = bench.core.services
  await files.mkdir(bench.sessionId, '/lib/mip', { parents: true }, never)
  await files.write(bench.sessionId, '/lib/mip/__init__.py', Buffer.from(MIP), { ifSha256: null }, never)
  await sessions.reconnect(bench.sessionId)
  await bench.until(() => features().includes('mip'))
  // Most firmware looks there by itself.
  await sessions.execute(bench.sessionId, "import sys\nsys.path.append('/lib')", {})
}

function features(): readonly string[] {
  return bench.core.services.sessions.info(bench.sessionId).snapshot.board?.features ?? []
}

/** In the console, so far. */
function shown(): string {
  const { items } = bench.core.services.sessions.output(bench.sessionId).read(0, Number.MAX_SAFE_INTEGER)
  return items.map(item => (item.type === 'bytes' ? Buffer.from(item.bytes).toString('latin1') : '')).join('')
}

const install = (request: { readonly name: string; readonly version?: string; readonly target?: string }) =>
  bench.core.services.files.installPackage(bench.sessionId, request, never)

describe('packages of a native board', () => {
  it(
    'are offered only where mip is there, and refused before anything runs elsewhere',
    async () => {
      await bench.until(() => features().length > 0)
      expect(features()).not.toContain('mip')
      expect(await failureOf(install({ name: 'greeting' }))).toMatchObject({ code: 'FileFailed', reason: 'not-supported' })
      await giveMip()
      expect(features()).toContain('mip')
    },
    LIMIT_MS,
  )

  it(
    'are there when it says so: what it was told, what it printed meanwhile, and a module that can be imported',
    async () => {
      await giveMip()
      const done = await install({ name: ' greeting ' })
      expect(done).toMatchObject({ outcome: 'ok', stdout: 'Installing greeting from micropython.org to /lib\nDone\n' })
      expect(await bench.read('/lib/greeting.py')).toBe("VERSION = 'latest'\n")
      expect(await install({ name: "it's", version: '1.0', target: '/own place/' })).toMatchObject({ outcome: 'ok' })
      expect(await bench.read("/own place/it's.py")).toBe("VERSION = '1.0'\n")
      const { sessions } = bench.core.services
      expect(await sessions.execute(bench.sessionId, 'import greeting\nprint(greeting.VERSION)', {})).toMatchObject({ stdout: 'latest\n' })
    },
    LIMIT_MS,
  )

  it(
    'are fetched while the console shows what it prints',
    async () => {
      await giveMip()
      const { sessions } = bench.core.services
      let isOver = false
      const installed = install({ name: 'slow' }).finally(() => {
        isOver = true
      })
      await bench.until(() => shown().includes('Installing slow'))
      expect([isOver, shown().includes('Done')]).toEqual([false, false])
      await sessions.write(bench.sessionId, '\r')
      expect(await installed).toMatchObject({ outcome: 'ok' })
      expect(await bench.read('/lib/slow.py')).toBe("VERSION = 'latest'\n")
    },
    LIMIT_MS,
  )

  it(
    'that could not be had are told in its own words, and as its exception',
    async () => {
      await giveMip()
      const missing = await install({ name: 'nowhere' })
      expect(missing.stdout.trim().split('\n').at(-1)).toBe('Package may be partially installed')
      const broken = await install({ name: 'broken' })
      expect(broken).toMatchObject({ outcome: 'exception' })
      expect(broken.traceback).toContain('OSError: no network')
      expect(await bench.onBoard('/lib')).toEqual(['mip/__init__.py'])
    },
    LIMIT_MS,
  )
})
