import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../electron/core/base/logger'
import { DroppedFiles } from '../../../electron/core/files/dropped-files'
import { LocalSource } from '../../../electron/core/files/local-source'
import { DROP_BYTES_MAX, DROPS_BEGUN_MAX } from '../../../shared/limits'
import type { LocalPlace, TransferFile, TransferState } from '../../../shared/model'
import { aTransfer, aTransferFile } from '../../fakes/bridge-shapes'
import { failureOf } from '../sessions/session-bench'

let base: string
let folder: string
let dropped: DroppedFiles
beforeEach(async () => {
  base = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'muster-dropped-')))
  folder = path.join(base, 'dropped')
  dropped = new DroppedFiles({ folder, logger: silentLogger })
})
afterEach(async () => {
  dropped.dispose()
  await dropped.settled()
  await fs.rm(base, { recursive: true, force: true })
})

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const add = (drop: LocalPlace, name: string, text: string | null, offset = 0): Promise<void> =>
  dropped.add({ ...drop, path: name }, offset, text === null ? null : bytes(text))

async function contents(drop: LocalPlace, name: string): Promise<string> {
  const root = dropped.find(drop.folderId)
  if (root === null) throw new Error('There is no such drop.')
  const source = await LocalSource.open(root, name)
  const data = await source.read(0, source.bytes)
  await source.close()
  return new TextDecoder().decode(data)
}

function tell(drop: LocalPlace, state: TransferState, files: readonly Partial<TransferFile>[] = [], transferId = 'transfer-1'): void {
  dropped.follow({
    kind: 'more',
    transfers: [aTransfer({ transferId, state, local: drop })],
    files: [{ transferId, files: files.map((file, index) => aTransferFile({ index, ...file })) }],
    gone: [],
  })
}

const onDisk = async (): Promise<readonly string[]> => {
  await new Promise(resolve => setImmediate(resolve))
  await dropped.settled()
  return await fs.readdir(folder).catch(() => [])
}

describe('what was dropped', () => {
  it('is laid down piece by piece, with its folders, for this user alone', async () => {
    const drop = await dropped.begin()
    await add(drop, 'main.py', 'print(')
    await add(drop, 'main.py', '1)', 6)
    await add(drop, 'lib', null)
    await add(drop, 'lib/umqtt/simple.py', 'x')
    await add(drop, 'empty.txt', '')
    expect(await contents(drop, 'main.py')).toBe('print(1)')
    expect(await contents(drop, 'lib/umqtt/simple.py')).toBe('x')
    expect(await contents(drop, 'empty.txt')).toBe('')
    expect((await fs.stat(path.join(folder, drop.folderId))).mode & 0o777).toBe(0o700)
    expect((await fs.stat(path.join(folder, drop.folderId, 'main.py'))).mode & 0o777).toBe(0o600)
  })

  it.each(['../x', '/x', 'a/../../x', '', 'a//b', '.', 'x'.repeat(300)])('can’t be called %j', async name => {
    const drop = await dropped.begin()
    expect(await failureOf(add(drop, name, 'x'))).toMatchObject({ code: 'FileFailed' })
    expect(await fs.readdir(base)).toEqual(['dropped'])
  })

  it('comes in its order or not at all', async () => {
    const drop = await dropped.begin()
    await add(drop, 'a', 'xx')
    for (const offset of [0, 1, 3]) expect(await failureOf(add(drop, 'a', 'y', offset))).toMatchObject({ reason: 'file-changed' })
    expect(await failureOf(add(drop, 'b', 'y', 2))).toMatchObject({ reason: 'file-changed' })
    expect(await contents(drop, 'a')).toBe('xx')
  })

  it('has its limits: bytes of all drops, and drops that were begun', async () => {
    const drop = await dropped.begin()
    const huge = { length: DROP_BYTES_MAX + 1 } as Uint8Array
    expect(await failureOf(dropped.add({ ...drop, path: 'huge.bin' }, 0, huge))).toMatchObject({ reason: 'file-too-large' })
    const more = await Promise.all(Array.from({ length: DROPS_BEGUN_MAX }, () => dropped.begin()))
    expect(dropped.find(drop.folderId)).toBeNull()
    expect(await onDisk()).toEqual(more.map(({ folderId }) => folderId).sort())
  })

  it('goes when its transfer is done, and takes nothing more once it is copied', async () => {
    const drop = await dropped.begin()
    await add(drop, 'a', 'x')
    tell(drop, 'running', [{ state: 'copying' }])
    expect(await failureOf(add(drop, 'b', 'y'))).toMatchObject({ code: 'FileFailed' })
    expect(await onDisk()).toEqual([drop.folderId])
    tell(drop, 'done', [{ state: 'done' }])
    expect(await onDisk()).toEqual([])
    expect(dropped.find(drop.folderId)).toBeNull()
  })

  it('stays for a retry while something of it is not done, until the transfer is forgotten', async () => {
    const drop = await dropped.begin()
    await add(drop, 'a', 'x')
    tell(drop, 'done', [{ state: 'done' }, { state: 'cancelled' }])
    expect(await onDisk()).toEqual([drop.folderId])
    dropped.follow({ kind: 'more', transfers: [], files: [], gone: ['transfer-1'] })
    // Clearing up on the board looks for the folder in the same breath.
    expect(dropped.find(drop.folderId)).not.toBeNull()
    expect(await onDisk()).toEqual([])
  })

  it('of an earlier run goes at the start, and all of it at the end', async () => {
    await add(await dropped.begin(), 'a', 'x')
    const next = new DroppedFiles({ folder, logger: silentLogger })
    await next.settled()
    expect(await onDisk()).toEqual([])
    await next.add({ ...(await next.begin()), path: 'b' }, 0, bytes('y'))
    next.dispose()
    await next.settled()
    expect(await fs.readdir(base)).toEqual([])
  })

  it('that nobody copies is given up; a folder that is none is none', async () => {
    const drop = await dropped.begin()
    expect(dropped.forget(drop.folderId)).toBe(true)
    expect(dropped.forget(drop.folderId)).toBe(false)
    for (const folderId of ['folder-1', '__proto__', '']) {
      expect(dropped.find(folderId)).toBeNull()
      expect(await failureOf(add({ folderId, path: '' }, 'a', 'x'))).toMatchObject({ code: 'FileFailed', reason: 'local-file' })
    }
    expect(await onDisk()).toEqual([])
  })
})
