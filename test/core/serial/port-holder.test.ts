import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { findPortHolder } from '../../../electron/core/transport/serial/port-holder'
import { PORT_HOLDER_TIMEOUT_MS } from '../../../shared/limits'
import { FakeClock } from '../../fakes/fake-clock'

describe('finding the program that holds a port', () => {
  it('names another process rather than this one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holder-'))
    const port = join(folder, 'port')
    await writeFile(port, '')
    const link = join(folder, 'link')
    await symlink(port, link)
    const holder = spawn('sh', ['-c', `exec 9<>${port}; echo open; exec sleep 60`])
    await once(holder.stdout, 'data')
    // It has the file open before it is the program that it becomes.
    await expect.poll(async () => (await readFile(`/proc/${holder.pid}/comm`, 'utf8')).trim()).toBe('sleep')
    // On a clock that stands still: a busy machine may take longer over all its processes than anybody waits for a name.
    const clock = new FakeClock()
    expect(await findPortHolder(link, clock)).toEqual({ pid: holder.pid, name: 'sleep' })
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(await findPortHolder(link, clock)).toBeNull()
    await rm(folder, { recursive: true })
  })

  it('finds nobody where nothing can be looked at', async () => {
    expect(await findPortHolder('/dev/null/none', systemClock)).toBeNull()
    expect(await findPortHolder('/dev/null', systemClock, '/none')).toBeNull()
  })

  it('gives up when it takes too long', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holder-'))
    await mkdir(join(folder, '7', 'fd'), { recursive: true })
    await writeFile(join(folder, '7', 'comm'), 'minicom\n')
    await symlink('/dev/null', join(folder, '7', 'fd', '3'))
    const clock = new FakeClock()
    expect(await findPortHolder('/dev/null', clock, folder)).toEqual({ pid: 7, name: 'minicom' })

    const startedAt = clock.monotonicMs.bind(clock)
    let calls = 0
    clock.monotonicMs = () => (calls++ === 0 ? startedAt() : startedAt() + PORT_HOLDER_TIMEOUT_MS + 1)
    expect(await findPortHolder('/dev/null', clock, folder)).toBeNull()
    await rm(folder, { recursive: true })
  })
})
