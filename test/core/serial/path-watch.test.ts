import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { identifyNode, PathWatch } from '../../../electron/core/transport/serial/path-watch'
import { PORT_WATCH_INTERVAL_MS } from '../../../shared/limits'
import { FakeClock, settle } from '../../fakes/fake-clock'

describe('the look-out for vanished ports', () => {
  function rig() {
    const clock = new FakeClock()
    const nodes = new Map<string, string>([
      ['/dev/a', 'node 1'],
      ['/dev/b', 'node 2'],
    ])
    let looks = 0
    const gone: string[] = []
    const watch = new PathWatch(clock, async path => {
      looks++
      return nodes.get(path) ?? null
    })
    const start = (path: string) => watch.watch(path, () => gone.push(path))
    return { clock, nodes, gone, start, looks: () => looks }
  }

  it('says once that a port is gone, after the second miss', async () => {
    const { clock, nodes, gone, start } = rig()
    start('/dev/a')
    start('/dev/b')
    await clock.advance(PORT_WATCH_INTERVAL_MS)
    nodes.delete('/dev/a')
    await clock.advance(PORT_WATCH_INTERVAL_MS)
    expect(gone).toEqual([])
    await clock.advance(PORT_WATCH_INTERVAL_MS)
    expect(gone).toEqual(['/dev/a'])
    await clock.advance(PORT_WATCH_INTERVAL_MS * 4)
    expect(gone).toEqual(['/dev/a'])
  })

  it('forgives a single miss', async () => {
    const { clock, nodes, gone, start } = rig()
    start('/dev/a')
    for (let round = 0; round < 3; round++) {
      nodes.delete('/dev/a')
      await clock.advance(PORT_WATCH_INTERVAL_MS)
      nodes.set('/dev/a', 'node 1')
      await clock.advance(PORT_WATCH_INTERVAL_MS)
    }
    expect(gone).toEqual([])
  })

  it('is not deceived by another port that has taken the name', async () => {
    const { clock, nodes, gone, start } = rig()
    start('/dev/a')
    await clock.advance(PORT_WATCH_INTERVAL_MS)
    nodes.set('/dev/a', 'node 3')
    await clock.advance(PORT_WATCH_INTERVAL_MS)
    expect(gone).toEqual(['/dev/a'])
  })

  it('looks only while there is something to look for, with one timer for all', async () => {
    const { clock, start, looks } = rig()
    const [a, b] = [start('/dev/a'), start('/dev/b')]
    expect(clock.pendingTimers).toBe(1)
    a.dispose()
    expect(clock.pendingTimers).toBe(1)
    b.dispose()
    expect(clock.pendingTimers).toBe(0)
    start('/dev/a').dispose()
    await clock.advance(PORT_WATCH_INTERVAL_MS * 2)
    expect(looks()).toBe(0)
  })

  it('never looks twice at once, and draws no conclusion from a look that failed', async () => {
    const clock = new FakeClock()
    const answers: ((error: Error) => void)[] = []
    const gone: string[] = []
    const watch = new PathWatch(clock, () => new Promise((_, reject) => answers.push(reject)))
    watch.watch('/dev/a', () => gone.push('a'))
    await clock.advance(PORT_WATCH_INTERVAL_MS * 10)
    watch.watch('/dev/b', () => gone.push('b'))
    expect(answers).toHaveLength(1)
    expect(clock.pendingTimers).toBe(0)
    answers[0]?.(new Error('no answer'))
    await settle()
    await clock.advance(PORT_WATCH_INTERVAL_MS)
    expect(answers).toHaveLength(3)
    expect(gone).toEqual([])
  })

  it('recognises real nodes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'watch-'))
    const path = join(folder, 'node')
    await writeFile(path, '')
    await writeFile(join(folder, 'other'), '')
    let looks = 0
    const watch = new PathWatch(systemClock, async node => {
      const identity = await identifyNode(node)
      looks++
      return identity
    })
    const gone = new Promise<void>(resolve => watch.watch(path, resolve))
    // Another node in the place of one that was never looked at is none.
    await expect.poll(() => looks).toBeGreaterThan(0)
    await rename(join(folder, 'other'), path)
    await gone
    const missing = new Promise<void>(resolve => new PathWatch(systemClock).watch(join(folder, 'none'), resolve))
    await missing
    await rm(folder, { recursive: true })
  })
})
