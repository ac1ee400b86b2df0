import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionManager } from '../../../electron/core/sessions/manager/manager'
import { Pty } from '../../boards/pty'
import { createFleet, failureOf } from './rig'

const LIMIT_MS = 800

describe('opening what is no board', () => {
  let fleet: SessionManager
  let folder: string
  const ptys: Pty[] = []

  beforeEach(async () => {
    fleet = createFleet()
    folder = await mkdtemp(join(tmpdir(), 'muster-fleet-'))
  })
  afterEach(async () => {
    await fleet.shutdown()
    for (const pty of ptys.splice(0)) await pty.hangUp()
    await rm(folder, { recursive: true })
  })

  function node(): Pty {
    const pty = Pty.open()
    ptys.push(pty)
    return pty
  }

  const open = (port: string) => failureOf(fleet.open({ port, options: { connectionTimeoutMs: LIMIT_MS } }))

  it('E-06: says what a path is that is no serial port, and what to do (fault 17)', async () => {
    const file = join(folder, 'notes.txt')
    await writeFile(file, 'text')
    const expected = [
      [join(folder, 'ttyMissing'), 'not-found'],
      [folder, 'not-a-serial-port'],
      [file, 'not-a-serial-port'],
      ['/dev/null', 'not-a-serial-port'],
    ] as const
    for (const [path, reason] of expected) {
      const { info } = await open(path)
      expect(info).toMatchObject({ code: 'OpenFailed', reason, retry: true })
      expect(info.message).toContain(path)
      expect(info.hint).toBeTruthy()
    }
    expect(fleet.list({ includeClosed: true })).toEqual([])
    expect(fleet.status).toMatchObject({ open: 0, totalOpened: 0 })
  })

  it('E-06: names the program that holds the port (fault 13)', async () => {
    const pty = node()
    const holder = spawn('python3', ['-c', HOLD_WITH_LOCK, pty.path], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      await once(holder.stdout, 'data')
      const { info } = await open(pty.path)
      expect(info).toMatchObject({ code: 'OpenFailed', reason: 'port-in-use' })
      expect(info.message).toContain(`pid ${holder.pid}`)
    } finally {
      holder.kill()
      await once(holder, 'exit')
    }
  })

  it('E-05: of two opens of one port at the same time, one is refused before the system is asked', async () => {
    const pty = node()
    const attempts = [fleet.open({ port: pty.path, options: { connectionTimeoutMs: LIMIT_MS } }), open(pty.path)] as const
    const second = await attempts[1]
    expect(second.info).toMatchObject({ code: 'OpenFailed', reason: 'port-in-use' })
    expect((await failureOf(attempts[0])).info.reason).toBe('no-reply')
  })

  it('says that a silent device did not answer', async () => {
    const { info } = await open(node().path)
    expect(info).toMatchObject({ code: 'OpenFailed', reason: 'no-reply' })
    expect(info.hint).toBeTruthy()
  })

  it('is not fooled by a device that sends everything back', async () => {
    const pty = node()
    pty.onData(bytes => void pty.write(bytes))
    const { info } = await open(pty.path)
    expect(info).toMatchObject({ code: 'OpenFailed', reason: 'not-micropython' })
  })

  it('takes endless noise, as a wrong speed gives, for what it is', async () => {
    const pty = node()
    pty.onData(() => {})
    let ended = false
    const noise = (async () => {
      while (!ended) if (!(await pty.write(randomBytes(256)))) return
    })()
    const { info } = await open(pty.path)
    ended = true
    expect(info).toMatchObject({ code: 'OpenFailed', reason: 'not-micropython' })
    expect(`${info.message} ${info.hint}`).toMatch(/speed/)
    await pty.hangUp()
    await noise
  })

  it('E-03: a close while it waits for the prompt ends the attempt and frees the port', async () => {
    const pty = node()
    const opening = failureOf(fleet.open({ port: pty.path }))
    await expect.poll(() => fleet.list({ includeClosed: false })[0]?.phase).toBe('handshaking')
    const [session] = fleet.list({ includeClosed: false })
    const closed = await fleet.close(session?.sessionId ?? '', { mode: 'now' })
    expect(closed.alreadyClosed).toBe(false)
    expect((await opening).info).toMatchObject({ code: 'OpenFailed', reason: 'closed-during-open' })
    expect((await open(pty.path)).info.reason).toBe('no-reply')
  })

  it('is told at once when the device goes away while it is being opened', async () => {
    const pty = node()
    const opening = failureOf(fleet.open({ port: pty.path }))
    await expect.poll(() => fleet.list({ includeClosed: false })[0]?.phase).toBe('handshaking')
    await pty.hangUp()
    expect((await opening).info).toMatchObject({ code: 'OpenFailed', reason: 'disconnected' })
  })
})

const HOLD_WITH_LOCK = `
import fcntl, os, sys
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
fcntl.flock(fd, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
`
