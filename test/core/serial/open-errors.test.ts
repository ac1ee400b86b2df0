import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, copyFile, mkdtemp, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'vite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../../electron/core/base/clock'
import { permissionDenied } from '../../../electron/core/transport/serial/open-error'
import type { TransportError } from '../../../electron/core/transport/transport'
import { holdPath, Pty } from '../../boards/pty'
import { FakeClock } from '../../fakes/fake-clock'
import { openFiles, openOn, serialTransport } from './rig'

describe('opening what is no free serial port (fault 17)', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ports-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function failure(path: string, clock?: Clock): Promise<TransportError> {
    const transport = serialTransport(path, clock)
    const error = await transport.open(new AbortController().signal).then(
      () => undefined,
      error => error as TransportError,
    )
    await transport.released
    if (error === undefined) throw new Error(`${path} was opened`)
    expect(transport.isOpen).toBe(false)
    expect(error.message).toContain(path)
    return error
  }

  it('says that there is no such port', async () => {
    expect((await failure(join(folder, 'none'))).reason).toBe('not-found')
    expect((await failure(join(folder, 'none', 'deeper'))).reason).toBe('not-found')
    expect((await failure(`/dev/${'x'.repeat(5_000)}`)).reason).toBe('not-found')
    expect((await failure('/dev/with\0zero')).reason).toBe('not-found')
  })

  it('says so of a link whose port has vanished', async () => {
    const pty = Pty.open()
    const link = join(folder, 'by-id')
    await symlink(pty.path, link)
    const release = await holdPath(pty.path)
    await pty.hangUp()
    expect((await failure(link)).reason).toBe('not-found')
    await release()
  })

  it('names what a path is that is no serial port, and opens none of them', async () => {
    const file = join(folder, 'file')
    await writeFile(file, 'text')
    const pipe = join(folder, 'pipe')
    await promisify(execFile)('mkfifo', [pipe])
    const files = await openFiles()
    for (const [path, kind] of [
      [folder, 'a folder'],
      [file, 'a file'],
      [pipe, 'a named pipe'],
      ['/dev/null', 'a device of another kind'],
      ['/dev/ptmx', 'a device of another kind'],
    ] as const) {
      const error = await failure(path)
      expect(error.reason).toBe('not-a-serial-port')
      expect(error.message).toBe(`${path} is ${kind}, not a serial port.`)
      expect(error.hint).toBeTruthy()
    }
    expect(await openFiles()).toBe(files)
  })

  it('opens a port through a link', async () => {
    const pty = Pty.open()
    const link = join(folder, 'by-id')
    await symlink(pty.path, link)
    const transport = serialTransport(link)
    await transport.open(new AbortController().signal)
    // The port is what counts from then on, not the name it was opened by.
    await unlink(link)
    await transport.write(Buffer.from('x'))
    await transport.close()
    await pty.hangUp()
  })

  it('names the program that holds the port (fault 13)', async () => {
    const pty = Pty.open()
    const holder = spawn('flock', ['--exclusive', '--no-fork', pty.path, 'sh', '-c', 'echo locked; exec sleep 60'])
    await once(holder.stdout, 'data')
    // It has the port open before it is the program that it becomes.
    await expect.poll(async () => (await readFile(`/proc/${holder.pid}/comm`, 'utf8')).trim()).toBe('sleep')
    // On a clock that stands still the look at all processes has all the time that it takes.
    const error = await failure(pty.path, new FakeClock())
    expect(error.reason).toBe('port-in-use')
    expect(error.message).toBe(`${pty.path} is in use by sleep (pid ${holder.pid}).`)
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const transport = await openOn(pty)
    await transport.close()
    await pty.hangUp()
  })

  it('says that the port is open in this app already', async () => {
    const pty = Pty.open()
    const transport = await openOn(pty)
    expect((await failure(pty.path, new FakeClock())).message).toBe(`${pty.path} is in use by this app itself.`)
    await transport.write(Buffer.from('x'))
    await transport.close()
    await pty.hangUp()
  })
})

describe('opening a port of somebody else (fault 16)', () => {
  it('names the owning group of that very node and the command that helps', async () => {
    const pty = Pty.open()
    // As root, nothing is forbidden: another user looks.
    if (process.getuid?.() === 0) await chown(pty.path, 0, 5)
    await chmod(pty.path, process.getuid?.() === 0 ? 0o660 : 0)
    const error = await asOther(pty.path)
    expect(error.reason).toBe('permission-denied')
    expect(error.message).toMatch(/^You are not allowed to use .*: it belongs to the group \w+\.$/)
    expect(error.hint).toMatch(/`sudo usermod -aG \w+ \$USER`.*log out and in/)
    await pty.hangUp()
  })

  it.each([
    [0o660, 5, 'Run `sudo usermod -aG tty $USER` in a terminal, then log out and in again.'],
    [0o600, 5, 'Run `sudo chmod g+rw /dev/x` and `sudo usermod -aG tty $USER` in a terminal, then log out and in again.'],
    [0o660, 0, 'Run `sudo chown $USER /dev/x` in a terminal, then try again. It holds until the board is next plugged in.'],
    [0o660, 54_321, 'Run `sudo chown $USER /dev/x` in a terminal, then try again. It holds until the board is next plugged in.'],
  ])('with mode %o and group %i gives a command that works', async (mode, gid, hint) => {
    expect((await permissionDenied('/dev/x', { mode, gid })).hint).toBe(hint)
  })

  it('quotes a path in a command', async () => {
    const { hint } = await permissionDenied("/tmp/a b'; rm", { mode: 0, gid: 0 })
    expect(hint).toContain(`sudo chown $USER '/tmp/a b'\\''; rm'`)
  })
})

/** The error that another user gets: as root, who may do everything, in a process that is nobody's. */
async function asOther(path: string): Promise<TransportError> {
  const folder = await mkdtemp(join(tmpdir(), 'nobody-'))
  try {
    const script = join(folder, 'examine.cjs')
    await writeFile(script, await bundled('electron/core/transport/serial/port-node.ts'))
    await chmod(folder, 0o755)
    const report = `require(process.argv[1]).examinePortNode(process.argv[2]).catch(({ reason, message, hint }) =>
      console.log(JSON.stringify({ reason, message, hint })))`
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    // A copy, as root's own may lie where nobody else can run it.
    const node = join(folder, 'node')
    await copyFile(process.execPath, node)
    const { stdout } = await promisify(execFile)(node, ['-e', report, script, path], { ...nobody, cwd: '/', env: {} })
    return JSON.parse(stdout)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function bundled(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: { ssr: entry, write: false, rollupOptions: { output: { format: 'cjs' } } },
  })
  if (!('output' in result)) throw new Error(`${entry} was not bundled`)
  return result.output[0].code
}
