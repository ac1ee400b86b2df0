import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../../electron/core/base/logger'
import { createAttributeStores } from '../../../../electron/core/sessions/attributes/attribute-stores'
import type { StoreFiles } from '../../../../electron/core/sessions/attributes/file-store'
import { OpenBench } from '../open-bench'

/** A disk that takes nothing while it is full. */
function fillable() {
  const disk = { isFull: false }
  const files: StoreFiles = {
    ...fs,
    writeFile: (async (...args: Parameters<typeof fs.writeFile>) => {
      if (disk.isFull) throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' })
      await fs.writeFile(...args)
    }) as typeof fs.writeFile,
  }
  return { disk, files }
}

describe('the attributes of a session in a file', () => {
  let folder: string
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'muster-session-attributes-'))
  })
  afterEach(() => fs.rm(folder, { recursive: true, force: true }))

  const bench = (files: StoreFiles = fs): OpenBench =>
    new OpenBench({ attributeStores: createAttributeStores({ folder, logger: silentLogger, files }) })
  const inFile = { options: { attributeStore: 'file' } } as const

  it('M-07 M-08 E-40 are made with the session and gone with it', async () => {
    const { manager } = bench()
    const { sessionId } = await manager.open({ port: '/dev/ttyACM0', ...inFile })
    await manager.attributes(sessionId).set('counter', 1)
    expect(await fs.readdir(folder)).toEqual([`${sessionId}.attributes.json`])
    await manager.close(sessionId, { mode: 'flush' })
    await expect.poll(() => fs.readdir(folder)).toEqual([])
  })

  it("E-40 that can't be made fail the open", async () => {
    const { disk, files } = fillable()
    disk.isFull = true
    const { manager } = bench(files)
    await expect(manager.open({ port: '/dev/ttyACM0', ...inFile })).rejects.toMatchObject({
      code: 'OpenFailed',
      message: expect.stringContaining('no space left'),
    })
    expect(manager.list({ includeClosed: true })).toEqual([])
    expect(await fs.readdir(folder)).toEqual([])
  })

  it("E-40 that can't be written reject alone: the session lives", async () => {
    const { disk, files } = fillable()
    const { manager, protocols } = bench(files)
    const { sessionId } = await manager.open({ port: '/dev/ttyACM0', ...inFile })
    await manager.attributes(sessionId).set('a', 1)
    disk.isFull = true
    await expect(manager.attributes(sessionId).set('a', 2)).rejects.toMatchObject({ code: 'OperationFailed', reason: 'store-failed' })
    expect(await manager.attributes(sessionId).get('a')).toBe(1)
    const running = manager.execute(sessionId, 'print(1)')
    protocols.latest.finish()
    expect(await running).toMatchObject({ outcome: 'ok' })
    await manager.close(sessionId, { mode: 'flush' })
  })
})
