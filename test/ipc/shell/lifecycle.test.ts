import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../electron/core/base/logger'
import { followLastWindow, isOnlyInstance, type LifecycleApp, quitInOrder } from '../../../electron/shell/lifecycle'
import { QUIT_FORCE_MS } from '../../../shared/limits'
import { FakeClock } from '../../fakes/fake-clock'

class FakeApp extends EventEmitter implements LifecycleApp {
  hasLock = true
  readonly steps: string[] = []

  requestSingleInstanceLock(): boolean {
    return this.hasLock
  }

  /** As Electron does it: asks, and quits if nobody objects. */
  quit(): void {
    const event = {
      prevented: false,
      preventDefault() {
        this.prevented = true
      },
    }
    this.emit('before-quit', event)
    if (!event.prevented) this.steps.push('gone')
  }

  exit(code: number): void {
    this.steps.push(`exit ${code}`)
  }
}

const LIMIT_MS = 12_000
const GRACE_MS = LIMIT_MS - QUIT_FORCE_MS
let app: FakeApp
let clock: FakeClock
let endSessions: () => void

beforeEach(() => {
  app = new FakeApp()
  clock = new FakeClock()
})

function arrange(overrides: { shutDown?: () => Promise<void>; flush?: () => Promise<void>; exitCode?: number } = {}): void {
  const step = (name: string): void => void app.steps.push(name)
  const sessionsEndingOnDemand = (): Promise<void> =>
    new Promise(resolve => {
      endSessions = () => {
        step('sessions ended')
        resolve()
      }
    })
  quitInOrder({
    app,
    clock,
    logger: silentLogger,
    limitMs: () => LIMIT_MS,
    shutDown: overrides.shutDown ?? sessionsEndingOnDemand,
    abandon: () => step('abandoned'),
    flush: overrides.flush ?? (async () => step('flushed')),
    exitCode: () => overrides.exitCode ?? 0,
  })
}

describe('quitting', () => {
  it('ends sessions, then writes what is left, then goes', async () => {
    arrange()
    app.quit()
    await clock.advance(500)
    expect(app.steps).toEqual([])
    endSessions()
    await clock.advance(0)
    expect(app.steps).toEqual(['sessions ended', 'flushed', 'gone'])
  })

  it('does not wait for sessions beyond the grace (E-42)', async () => {
    arrange()
    app.quit()
    await clock.advance(GRACE_MS - 1)
    expect(app.steps).toEqual([])
    await clock.advance(1)
    expect(app.steps).toEqual(['abandoned', 'flushed', 'gone'])
  })

  it('skips the grace when it is asked for again (E-42)', async () => {
    arrange()
    app.quit()
    await clock.advance(100)
    app.quit()
    await clock.advance(0)
    expect(app.steps).toEqual(['abandoned', 'flushed', 'gone'])
  })

  it('goes on when sessions can not be ended in order, or nothing can be written', async () => {
    arrange({ shutDown: () => Promise.reject(new Error('no')), flush: () => Promise.reject(new Error('no')) })
    app.quit()
    await clock.advance(0)
    expect(app.steps).toEqual(['abandoned', 'gone'])
  })

  it('is over within its limit whatever hangs (E-42)', async () => {
    arrange({ flush: () => new Promise(() => undefined) })
    app.quit()
    await clock.advance(GRACE_MS)
    await clock.advance(QUIT_FORCE_MS)
    expect(app.steps).toEqual(['abandoned', 'exit 0'])
  })

  it('ends with the code that it was given', async () => {
    arrange({ shutDown: async () => undefined, exitCode: 1 })
    app.quit()
    await clock.advance(0)
    expect(app.steps).toEqual(['flushed', 'exit 1'])
  })
})

describe('the end of the last window', () => {
  const noWindows = { count: 0, open: () => app.steps.push('opened') }

  it.each(['linux', 'win32'] as const)('is a wish to quit on %s', async platform => {
    arrange({ shutDown: async () => undefined })
    followLastWindow(app, platform, noWindows)
    app.emit('window-all-closed')
    await clock.advance(0)
    expect(app.steps).toEqual(['flushed', 'gone'])
    expect(app.listenerCount('activate')).toBe(0)
  })

  it('leaves the app running on macOS, until a click in the Dock opens another', async () => {
    arrange({ shutDown: async () => undefined })
    followLastWindow(app, 'darwin', noWindows)
    app.emit('window-all-closed')
    await clock.advance(10_000)
    expect(app.steps).toEqual([])
    app.emit('activate')
    expect(app.steps).toEqual(['opened'])
  })

  it('is not there while a window is', () => {
    followLastWindow(app, 'darwin', { ...noWindows, count: 1 })
    app.emit('activate')
    expect(app.steps).toEqual([])
  })
})

describe('the only instance (security row 24)', () => {
  it('is the one that got the lock', () => {
    app.hasLock = false
    expect(isOnlyInstance(app, silentLogger, () => undefined)).toBe(false)
    expect(app.listenerCount('second-instance')).toBe(0)
  })

  it.each([[['--demo']], [['--screenshot', 'x']], [[null, 7]], [[]]])(
    'comes to the front, and carries out nothing, when a second one says %j',
    argumentList => {
      let shown = 0
      expect(isOnlyInstance(app, silentLogger, () => shown++)).toBe(true)
      app.emit('second-instance', {}, argumentList)
      expect(shown).toBe(1)
      expect(app.steps).toEqual([])
    },
  )
})
