import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../electron/core/base/logger'
import { LocalFolders } from '../../../electron/core/files/local-folders'
import { localKey, nameProblem, splitPlace } from '../../../electron/core/files/local-names'
import { LOCAL_FOLDERS_MAX } from '../../../shared/limits'
import { failureOf } from '../sessions/session-bench'

let base: string
let folders: LocalFolders
beforeEach(async () => {
  base = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'muster-folders-')))
  await fs.mkdir(path.join(base, 'work/lib'), { recursive: true })
  await fs.mkdir(path.join(base, 'work-not'))
  await fs.writeFile(path.join(base, 'work-not/secret'), 'secret')
  folders = await load()
})
afterEach(async () => {
  await folders.flush()
  await fs.rm(base, { recursive: true, force: true })
})

const load = (): Promise<LocalFolders> => LocalFolders.load({ folder: path.join(base, 'data'), logger: silentLogger })
const grant = (): ReturnType<LocalFolders['grant']> => folders.grant(path.join(base, 'work'))
const listFile = (): string => path.join(base, 'data', 'local-folders.json')

describe('granted folders', () => {
  it('are remembered, the last used first, in a file of one’s own', async () => {
    const work = await grant()
    const other = await folders.grant(path.join(base, 'work-not'))
    expect(work).toMatchObject({ name: 'work', path: path.join(base, 'work') })
    expect(folders.list()).toEqual([other, work])
    await folders.entries({ folderId: work.folderId, path: '' })
    expect(folders.list()).toEqual([work, other])
    await folders.flush()
    expect((await load()).list()).toEqual([work, other])
    expect((await fs.stat(listFile())).mode & 0o777).toBe(0o600)
    expect(await fs.readdir(path.join(base, 'data'))).toEqual(['local-folders.json'])
    expect(await grant()).toEqual(work)
    await folders.forget(work.folderId)
    expect((await load()).list()).toEqual([other])
  })

  it('are no more than so many, and those that are gone are forgotten', async () => {
    for (let index = 0; index < LOCAL_FOLDERS_MAX + 2; index++) {
      await fs.mkdir(path.join(base, `many/${index}`), { recursive: true })
      await folders.grant(path.join(base, `many/${index}`))
    }
    expect(folders.list()).toHaveLength(LOCAL_FOLDERS_MAX)
    expect(folders.list()[0]?.name).toBe(`${LOCAL_FOLDERS_MAX + 1}`)
    const [latest] = folders.list()
    await fs.rm(path.join(base, 'many'), { recursive: true })
    expect(await failureOf(folders.entries({ folderId: latest?.folderId ?? '', path: '' }))).toMatchObject({ code: 'FileFailed' })
    expect(folders.list()).toHaveLength(LOCAL_FOLDERS_MAX - 1)
    expect((await load()).list()).toEqual([])
  })

  it.each([
    'no json',
    'null',
    '{"folders": 7}',
    '{"folders": [null, 7, {"folderId": "x", "path": "/"}, {"folderId": "folder-0123456789abcdef", "path": "relative"}]}',
  ])('a list of %s is empty, and can be written anew', async text => {
    await fs.mkdir(path.join(base, 'data'))
    await fs.writeFile(listFile(), text)
    folders = await load()
    expect(folders.list()).toEqual([])
    const work = await grant()
    expect((await load()).list()).toEqual([work])
  })

  it('nothing but a folder is granted', async () => {
    expect(await failureOf(folders.grant(path.join(base, 'work-not/secret')))).toMatchObject({ code: 'FileFailed', reason: 'not-a-folder' })
    expect(await failureOf(folders.grant(path.join(base, 'gone')))).toMatchObject({ code: 'FileFailed', reason: 'file-not-found' })
  })
})

describe('a place in a folder', () => {
  const HOSTILE = [
    '..',
    '../work-not',
    'lib/../../work-not',
    '/etc',
    '//etc',
    '\0',
    'lib/\0',
    '.',
    './lib',
    'lib/',
    'a//b',
    'x'.repeat(300),
  ]

  it.each(HOSTILE)('%j is none', async hostile => {
    const { folderId } = await grant()
    const refused = { code: 'FileFailed', reason: 'bad-file-name' }
    expect(await failureOf(folders.entries({ folderId, path: hostile }))).toMatchObject(refused)
    expect(await failureOf(folders.mkdir({ folderId, path: hostile }))).toMatchObject(refused)
    expect((await fs.readdir(base)).sort()).toEqual(['data', 'work', 'work-not'])
  })

  it('of a folder that was not granted is none', async () => {
    await grant()
    for (const folderId of ['folder-0', '__proto__', '']) {
      expect(await failureOf(folders.entries({ folderId, path: '' }))).toMatchObject({ code: 'FileFailed', reason: 'local-file' })
    }
  })

  it('behind a link that leads out is refused, at the end and in the middle; one that leads inside is fine', async () => {
    const { folderId } = await grant()
    await fs.symlink(path.join(base, 'work-not'), path.join(base, 'work/out'))
    await fs.symlink(base, path.join(base, 'work/lib/up'))
    await fs.symlink(path.join(base, 'work/lib'), path.join(base, 'work/in'))
    for (const hostile of ['out', 'lib/up', 'lib/up/work-not', 'out/secret']) {
      expect(await failureOf(folders.entries({ folderId, path: hostile }))).toMatchObject({ code: 'FileFailed', reason: 'local-file' })
    }
    expect(await failureOf(folders.mkdir({ folderId, path: 'out/new' }))).toMatchObject({ reason: 'local-file' })
    expect(await fs.readdir(path.join(base, 'work-not'))).toEqual(['secret'])
    expect((await folders.entries({ folderId, path: 'in' })).entries).toEqual([])
  })

  it('is looked up each time: a folder that has become a link since it was granted is refused', async () => {
    const { folderId } = await grant()
    await fs.rename(path.join(base, 'work'), path.join(base, 'moved'))
    await fs.symlink(path.join(base, 'work-not'), path.join(base, 'work'))
    expect(await failureOf(folders.entries({ folderId, path: '' }))).toMatchObject({ code: 'FileFailed', reason: 'local-file' })
  })

  it('lists files and folders and nothing else, folders first', async () => {
    const { folderId } = await grant()
    await fs.writeFile(path.join(base, 'work/b.py'), 'bb')
    await fs.writeFile(path.join(base, 'work/a.py'), '')
    await fs.symlink(path.join(base, 'work/a.py'), path.join(base, 'work/link'))
    const { entries, isTruncated } = await folders.entries({ folderId, path: '' })
    expect(entries.map(({ name, kind, size }) => [name, kind, size])).toEqual([
      ['lib', 'folder', null],
      ['a.py', 'file', 0],
      ['b.py', 'file', 2],
    ])
    expect(isTruncated).toBe(false)
    expect(await failureOf(folders.entries({ folderId, path: 'a.py' }))).toMatchObject({ reason: 'not-a-folder' })
  })

  it('is made, once', async () => {
    const { folderId } = await grant()
    await folders.mkdir({ folderId, path: 'lib/new' })
    expect((await fs.stat(path.join(base, 'work/lib/new'))).isDirectory()).toBe(true)
    expect(await failureOf(folders.mkdir({ folderId, path: 'lib/new' }))).toMatchObject({ reason: 'file-exists' })
    expect(await failureOf(folders.mkdir({ folderId, path: 'gone/new' }))).toMatchObject({ reason: 'file-not-found' })
  })
})

describe('what lies in a granted folder', () => {
  it('gets another name, and replaces nothing', async () => {
    const { folderId } = await grant()
    await fs.writeFile(path.join(base, 'work/lib/a.py'), 'a')
    await fs.writeFile(path.join(base, 'work/lib/b.py'), 'b')
    await folders.rename({ folderId, path: 'lib/a.py' }, 'c.py')
    expect(await fs.readFile(path.join(base, 'work/lib/c.py'), 'utf8')).toBe('a')
    await folders.rename({ folderId, path: 'lib' }, 'libs')
    expect(await failureOf(folders.rename({ folderId, path: 'libs/c.py' }, 'b.py'))).toMatchObject({ reason: 'file-exists' })
    expect(await failureOf(folders.rename({ folderId, path: 'libs/gone' }, 'x'))).toMatchObject({ reason: 'file-not-found' })
    for (const name of ['', '.', '..', 'a/b', '../work-not/x', 'x'.repeat(300)]) {
      expect(await failureOf(folders.rename({ folderId, path: 'libs/c.py' }, name))).toMatchObject({ reason: 'bad-file-name' })
    }
    expect((await fs.readdir(path.join(base, 'work/libs'))).sort()).toEqual(['b.py', 'c.py'])
  })

  it('goes to the trash by its full path; the folder itself, links and what lies outside do not', async () => {
    const { folderId } = await grant()
    await fs.writeFile(path.join(base, 'work/a.py'), 'a')
    await fs.symlink(path.join(base, 'work-not'), path.join(base, 'work/out'))
    const moved: string[] = []
    const trash = (place: string, ...names: string[]): Promise<unknown> =>
      folders.trash({ folderId, path: place }, names, async file => void moved.push(file))
    expect(await trash('', 'a.py', 'lib')).toEqual({ trashed: 2 })
    expect(moved.splice(0)).toEqual([path.join(base, 'work/a.py'), path.join(base, 'work/lib')])
    for (const name of ['', '.', '..', '../work-not', 'out', 'gone'])
      expect(await failureOf(trash('', name))).toMatchObject({ code: 'FileFailed' })
    expect(await failureOf(trash('out', 'secret'))).toMatchObject({ code: 'FileFailed', reason: 'local-file' })
    expect(moved).toEqual([])
    const refusing = folders.trash({ folderId, path: '' }, ['a.py'], () => Promise.reject(new Error('no trash here')))
    expect(await failureOf(refusing)).toMatchObject({ code: 'FileFailed', message: expect.stringContaining('is where it was') })
  })
})

describe('names', () => {
  it.each(['con', 'CON.py', 'aux.tar.gz', 'COM1', 'lpt9.txt', 'nul', 'a:b', 'a\\b', 'a*', 'q?', 'x|y', 'tab\t', 'dot.', 'space '])(
    'Windows can’t have %j, others can',
    name => {
      expect(nameProblem(name, 'win32')).not.toBeNull()
      expect(nameProblem(name, 'linux')).toBeNull()
    },
  )

  it.each(['main.py', 'console.py', 'com10', '.hidden', 'ünï', 'a b', "it's"])('%j is fine everywhere', name => {
    expect(nameProblem(name, 'win32')).toBeNull()
    expect(splitPlace(`lib/${name}`, 'darwin')).toEqual(['lib', name])
  })

  it('are the same to Windows and macOS whatever their case and composition', () => {
    expect(localKey('Lib/É.py', 'win32')).toBe(localKey('lib/e\u0301.PY', 'darwin'))
    expect(localKey('A', 'linux')).not.toBe(localKey('a', 'linux'))
  })
})
