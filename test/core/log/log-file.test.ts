import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LogFile } from '../../../electron/core/log/log-file'
import { logFileNames, needsRotation, rotationSteps } from '../../../electron/core/log/rotation'
import { LOG_BUFFER_BYTES, LOG_FLUSH_MS } from '../../../shared/limits'
import { FakeClock } from '../../fakes/fake-clock'

describe('rotation', () => {
  it('names files by age', () => {
    expect(logFileNames('muster', 3)).toEqual(['muster.log', 'muster.1.log', 'muster.2.log'])
  })

  it('moves the oldest first', () => {
    expect(rotationSteps('muster', 3)).toEqual([
      { from: 'muster.1.log', to: 'muster.2.log' },
      { from: 'muster.log', to: 'muster.1.log' },
    ])
    expect(rotationSteps('muster', 1)).toEqual([])
  })

  it('happens when the next entry would not fit, but not for an empty file', () => {
    expect(needsRotation(90, 10, 100)).toBe(false)
    expect(needsRotation(91, 10, 100)).toBe(true)
    expect(needsRotation(0, 1_000, 100)).toBe(false)
  })
})

describe('a log file', () => {
  let folder: string
  let clock: FakeClock

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'muster-log-'))
    clock = new FakeClock()
  })
  afterEach(() => fs.rm(folder, { recursive: true, force: true }))

  const open = (options: { fileBytes?: number; filesKept?: number; folder?: string } = {}): LogFile =>
    new LogFile({ folder, baseName: 'muster', clock, ...options })
  const read = (name: string): Promise<string> => fs.readFile(path.join(folder, name), 'utf8')

  it('is written a moment later, all lines at once, and needs no timer after', async () => {
    const log = open()
    log.append('one\n')
    log.append('two\n')
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(LOG_FLUSH_MS)
    await log.flush()
    expect(await read('muster.log')).toBe('one\ntwo\n')
    expect(clock.pendingTimers).toBe(0)
  })

  it('goes on where an earlier run ended', async () => {
    await fs.writeFile(path.join(folder, 'muster.log'), 'earlier\n')
    const log = open()
    log.append('later\n')
    await log.flush()
    expect(await read('muster.log')).toBe('earlier\nlater\n')
  })

  it("is the owner's alone, and so are those of earlier runs (security row 23)", async () => {
    await fs.writeFile(path.join(folder, 'muster.log'), 'x'.repeat(50), { mode: 0o644 })
    await fs.writeFile(path.join(folder, 'muster.1.log'), 'old', { mode: 0o666 })
    const log = open({ fileBytes: 60 })
    log.append('y'.repeat(50))
    await log.flush()
    const names = (await fs.readdir(folder)).sort()
    expect(names).toEqual(['muster.1.log', 'muster.2.log', 'muster.log'])
    // Windows keeps files apart by their folder's access list and reports the same mode for all.
    const ownersAlone = process.platform === 'win32' ? 0o666 : 0o600
    for (const name of names) expect((await fs.stat(path.join(folder, name))).mode & 0o777).toBe(ownersAlone)
  })

  it('turns over by size and keeps so many (security row 23)', async () => {
    const log = open({ fileBytes: 10, filesKept: 3 })
    for (const line of ['first--\n', 'second-\n', 'third--\n', 'fourth-\n']) {
      log.append(line)
      await log.flush()
    }
    expect((await fs.readdir(folder)).sort()).toEqual(['muster.1.log', 'muster.2.log', 'muster.log'])
    expect(await Promise.all(logFileNames('muster', 3).map(read))).toEqual(['fourth-\n', 'third--\n', 'second-\n'])
  })

  it('makes its folder', async () => {
    const log = open({ folder: path.join(folder, 'a', 'b') })
    log.append('x\n')
    await log.flush()
    expect(await read('a/b/muster.log')).toBe('x\n')
  })

  it('says how many lines were lost while the disk took none, and goes on', async () => {
    const blocked = path.join(folder, 'blocked')
    await fs.writeFile(blocked, 'a file where the folder should be')
    const log = open({ folder: blocked })
    log.append('lost\n')
    log.append('lost too\n')
    await log.flush()
    await fs.rm(blocked)
    log.append('written\n')
    await log.flush()
    expect(await read('blocked/muster.log')).toBe('written\n2 lines could not be written\n')
  })

  it('does not gather without limit', async () => {
    const log = open()
    log.append(`${'x'.repeat(LOG_BUFFER_BYTES - 1)}\n`)
    log.append('one too many\n')
    await log.flush()
    expect(await read('muster.log')).toMatch(/^x+\n1 lines could not be written\n$/)
  })

  it('has everything on disk when a flush ends, however many run at once', async () => {
    const log = open({ fileBytes: 1_000 })
    const flushes = []
    for (let index = 0; index < 200; index++) {
      log.append(`line ${index}\n`)
      flushes.push(log.flush())
    }
    await Promise.all(flushes)
    const all = await Promise.all((await fs.readdir(folder)).map(read))
    expect(all.join('').trim().split('\n')).toHaveLength(200)
  })
})
