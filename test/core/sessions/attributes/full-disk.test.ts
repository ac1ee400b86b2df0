import { execFile } from 'node:child_process'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)

/** The system itself refuses here, not a stand-in: a file system that is full, and a limit on the size of files. */
describe('E-40 the attribute store on a disk that is full', () => {
  let base: string
  let program: string
  beforeAll(async () => {
    base = await fs.mkdtemp(path.join(os.tmpdir(), 'muster-full-disk-'))
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: base,
        ssr: path.join(__dirname, 'small-disk.ts'),
        rollupOptions: { output: { format: 'cjs', entryFileNames: 'small-disk.cjs' } },
      },
    })
    program = path.join(base, 'small-disk.cjs')
  })
  afterAll(() => fs.rm(base, { recursive: true, force: true }))

  /** Runs the program with `limits` in force; `cause` is what the system is expected to say. */
  async function expectRefusal(limits: string, folder: string, cause: string): Promise<void> {
    const { stdout } = await run('bash', ['-c', `${limits}; exec "$0" "$@"`, process.execPath, program, folder])
    expect(JSON.parse(stdout)).toEqual(['null', `OperationFailed store-failed ${cause}`, '"before"', '"before"', '"after"'])
    const names = await fs.readdir(folder)
    expect(names).toHaveLength(1)
    expect(JSON.parse(await fs.readFile(path.join(folder, names[0] ?? ''), 'utf8'))).toEqual({ a: 'after' })
  }

  it('rejects what is too much, keeps what was there, and goes on (limit on the size of a file)', async () => {
    // In blocks of 1 kB. The signal that comes with the refusal would end the program before it could answer.
    await expectRefusal('trap "" XFSZ; ulimit -f 64', path.join(base, 'limited'), 'EFBIG')
  })

  it('rejects what is too much, keeps what was there, and goes on (a file system of 64 kB)', async () => {
    const disk = path.join(base, 'disk')
    await fs.mkdir(disk)
    const isMounted = await mountSmallDisk(disk)
    try {
      // Where this user may mount nothing, the limit stands for the full disk once more.
      if (isMounted) await expectRefusal(':', path.join(disk, 'attributes'), 'ENOSPC')
      else await expectRefusal('trap "" XFSZ; ulimit -f 64', path.join(disk, 'attributes'), 'EFBIG')
    } finally {
      if (isMounted) await run('umount', [disk])
    }
  })
})

async function mountSmallDisk(folder: string): Promise<boolean> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder])
    return true
  } catch {
    return false
  }
}
