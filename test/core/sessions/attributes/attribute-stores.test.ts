import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../../electron/core/base/logger'
import type { AttributeStore } from '../../../../electron/core/sessions/attributes/attribute-store'
import { createAttributeStores } from '../../../../electron/core/sessions/attributes/attribute-stores'
import type { StoreFiles } from '../../../../electron/core/sessions/attributes/file-store'
import { ATTRIBUTE_KEY_MAX_CHARS, ATTRIBUTE_MAX_BYTES, ATTRIBUTES_MAX_BYTES, ATTRIBUTES_MAX_KEYS } from '../../../../shared/limits'
import type { JsonValue } from '../../../../shared/model'

const SESSION = `session-${'0123456789abcdef'.repeat(2)}`
const OTHER = `session-${'f'.repeat(32)}`

let folder: string
beforeEach(async () => {
  folder = path.join(await fs.mkdtemp(path.join(os.tmpdir(), 'muster-attributes-')), 'attributes')
})
afterEach(() => fs.rm(path.dirname(folder), { recursive: true, force: true }))

function create(store: 'memory' | 'file', files?: StoreFiles, sessionId = SESSION): Promise<AttributeStore> {
  return createAttributeStores({ folder, logger: silentLogger, ...(files && { files }) }).create({ sessionId, store })
}

describe.each(['memory', 'file'] as const)('the attribute store %s', kind => {
  it('M-05 keeps any JSON value under its key', async () => {
    const store = await create(kind)
    const values: JsonValue[] = [null, false, 0, -1.5, '', 'ä\n"', [], [1, [null]], {}, { a: { b: [true] }, ['__proto__']: 1 }]
    for (const [index, value] of values.entries()) await store.set(`key ${index}`, value)
    for (const [index, value] of values.entries()) expect(await store.get(`key ${index}`, 'fallback')).toEqual(value)
    expect(await store.keys()).toEqual(values.map((_, index) => `key ${index}`))
    expect(await store.entries()).toEqual(values.map((value, index) => ({ key: `key ${index}`, value })))
    await store.dispose()
  })

  it('M-05 counts with a default, one step at a time whoever else does (read, add, write back)', async () => {
    const store = await create(kind)
    const add = (old: JsonValue | undefined): JsonValue => (typeof old === 'number' ? old : 0) + 1
    const results = await Promise.all(Array.from({ length: 100 }, () => store.update('counter', add)))
    expect([...results].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
    expect(await store.get('counter')).toBe(100)
    await store.dispose()
  })

  it('M-06 adds, reads and removes, and answers with the value before', async () => {
    const store = await create(kind)
    expect(await store.set('a', 1)).toBeUndefined()
    expect(await store.set('a', 2)).toBe(1)
    expect(await store.setIfAbsent('a', 3)).toEqual({ stored: false, value: 2 })
    expect(await store.setIfAbsent('b', 4)).toEqual({ stored: true, value: 4 })
    expect(await store.set('nothing', null)).toBeUndefined()
    expect(await store.setIfAbsent('nothing', 5)).toEqual({ stored: false, value: null })
    expect([await store.has('a'), await store.has('c')]).toEqual([true, false])
    expect(await store.remove('a')).toBe(2)
    expect(await store.remove('a')).toBeUndefined()
    await store.clear()
    expect(await store.keys()).toEqual([])
    await store.dispose()
  })

  it('M-06 answers a default without storing it', async () => {
    const store = await create(kind)
    expect(await store.get('a', 'default')).toBe('default')
    expect(await store.get('a')).toBeUndefined()
    expect(await store.has('a')).toBe(false)
    await store.dispose()
  })

  it('M-05 keeps what was stored, whatever happens to the object afterwards', async () => {
    const store = await create(kind)
    const list = [1]
    await store.set('list', list)
    list.push(2)
    const read = (await store.get('list')) as number[]
    read.push(3)
    expect(await store.get('list')).toEqual([1])
    await store.dispose()
  })

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a function', { f() {} }],
    ['a symbol', Symbol('s')],
    ['a bigint', 1n],
    ['a date', new Date(0)],
    ['bytes', new Uint8Array(2)],
    ['a map', new Map()],
    ['an undefined property', { a: undefined }],
    ['a hole', new Array(2)],
    [
      'a circle',
      (() => {
        const a: unknown[] = []
        a.push(a)
        return a
      })(),
    ],
    [
      'a trap',
      {
        get a() {
          throw new Error('trap')
        },
      },
    ],
  ])("M-05 refuses %s, which JSON can't say, and changes nothing", async (_, value) => {
    const store = await create(kind)
    await store.set('a', 'before')
    const refusal = { code: 'OperationFailed', reason: 'not-json' }
    await expect(store.set('a', value as JsonValue)).rejects.toMatchObject(refusal)
    await expect(store.update('a', () => value as JsonValue)).rejects.toMatchObject(refusal)
    await expect(store.setIfAbsent('b', value as JsonValue)).rejects.toMatchObject(refusal)
    expect(await store.entries()).toEqual([{ key: 'a', value: 'before' }])
    await store.dispose()
  })

  it('passes on what an update throws, and changes nothing', async () => {
    const store = await create(kind)
    await store.set('a', 1)
    const trouble = new Error('not a number')
    await expect(
      store.update('a', () => {
        throw trouble
      }),
    ).rejects.toBe(trouble)
    expect(await store.get('a')).toBe(1)
    await store.dispose()
  })

  it('refuses bad keys and more than a session may store', async () => {
    const store = await create(kind)
    const refusal = { code: 'InvalidArgument', info: { message: expect.stringMatching(/^\S.*\.$/) } }
    for (const key of ['', 'k'.repeat(ATTRIBUTE_KEY_MAX_CHARS + 1), 7 as unknown as string]) {
      for (const use of [store.get(key), store.set(key, 1), store.has(key), store.remove(key)])
        await expect(use).rejects.toMatchObject(refusal)
    }
    await expect(store.set('large', 'x'.repeat(ATTRIBUTE_MAX_BYTES))).rejects.toMatchObject(refusal)
    await expect(store.set('large in bytes', '€'.repeat(ATTRIBUTE_MAX_BYTES / 2))).rejects.toMatchObject(refusal)

    const piece = 'x'.repeat(ATTRIBUTE_MAX_BYTES - 16)
    const pieces = ATTRIBUTES_MAX_BYTES / ATTRIBUTE_MAX_BYTES
    for (let count = 0; count < pieces; count++) await store.set(`${count}`, piece)
    await expect(store.set('one more', piece)).rejects.toMatchObject(refusal)
    // In the place of another there is room.
    await store.set('0', piece)
    await store.remove('0')
    await store.set('one more', piece)
    await store.clear()

    await Promise.all(Array.from({ length: ATTRIBUTES_MAX_KEYS }, (_, index) => store.set(`${index}`, 0)))
    await expect(store.set('one more', 0)).rejects.toMatchObject(refusal)
    await store.dispose()
  })

  it("M-07 is empty at the beginning, a session's own, and of no use after its end", async () => {
    const [one, two] = [await create(kind), await create(kind, undefined, OTHER)]
    expect(await one.keys()).toEqual([])
    await one.set('a', 1)
    expect(await two.has('a')).toBe(false)
    await one.dispose()
    await one.dispose()
    await expect(one.get('a')).rejects.toMatchObject({ code: 'SessionNotReady', reason: 'session-closed' })
    await expect(one.set('a', 1)).rejects.toMatchObject({ reason: 'session-closed' })
    await two.set('a', 2)
    await two.dispose()
  })
})

describe('the file of an attribute store', () => {
  const file = (sessionId = SESSION): string => path.join(folder, `${sessionId}.attributes.json`)
  const stored = async (): Promise<unknown> => JSON.parse(await fs.readFile(file(), 'utf8'))
  const refusing = (code: string, ...methods: (keyof StoreFiles)[]): StoreFiles & { healed: boolean } => {
    const files = { ...fs, healed: false }
    const refuse =
      (method: keyof StoreFiles) =>
      async (...args: unknown[]) => {
        if (!files.healed) throw Object.assign(new Error(`${code}: refused`), { code })
        return await (fs[method] as (...args: unknown[]) => Promise<unknown>)(...args)
      }
    return Object.assign(files, Object.fromEntries(methods.map(method => [method, refuse(method)])))
  }

  it("M-08 holds what is stored as soon as an operation resolves, for its owner's eyes only", async () => {
    const store = await create('file')
    expect(await stored()).toEqual({})
    await store.set('a', { b: 1 })
    expect(await stored()).toEqual({ a: { b: 1 } })
    await store.remove('a')
    expect(await stored()).toEqual({})
    if (process.platform !== 'win32') {
      expect((await fs.stat(file())).mode & 0o777).toBe(0o600)
      expect((await fs.stat(folder)).mode & 0o777).toBe(0o700)
    }
    await store.dispose()
  })

  it('E-40 is gone once the store is disposed, also with a write under way', async () => {
    const store = await create('file')
    const underWay = store.set('a', 1)
    await new Promise(resolve => setImmediate(resolve))
    const waiting = expect(store.set('b', 2)).rejects.toMatchObject({ reason: 'session-closed' })
    await store.dispose()
    await waiting
    expect(await underWay).toBeUndefined()
    expect(await fs.readdir(folder)).toEqual([])
  })

  it('is replaced as a whole, and once for everything that comes together', async () => {
    const calls: string[] = []
    const files = {
      ...fs,
      writeFile: (async (...args: Parameters<typeof fs.writeFile>) => {
        calls.push(`write ${path.basename(String(args[0]))}`)
        // Whoever reads meanwhile finds the file as it was.
        if (calls.length > 2) expect(await stored()).toEqual({})
        await fs.writeFile(...args)
      }) as typeof fs.writeFile,
      rename: (async (from: string, to: string) => {
        calls.push(`rename ${path.basename(to)}`)
        await fs.rename(from, to)
      }) as typeof fs.rename,
    }
    const store = await create('file', files)
    await Promise.all([store.set('a', 1), store.set('b', 2), store.get('a'), store.update('a', () => 3)])
    const name = path.basename(file())
    expect(calls).toEqual([`write ${name}.tmp`, `rename ${name}`, `write ${name}.tmp`, `rename ${name}`])
    expect(await stored()).toEqual({ a: 3, b: 2 })
    await store.get('a')
    await store.remove('not there')
    expect(calls).toHaveLength(4)
    await store.dispose()
  })

  it.each([
    ['ENOSPC', 'writeFile', /no space left/],
    ['EROFS', 'writeFile', /read-only/],
    ['EACCES', 'rename', /not allowed/],
    ['EIO', 'writeFile', /EIO: refused/],
  ] as const)('E-40 a change that the disk refuses (%s at %s) rejects, and the value stays as it was', async (code, method, message) => {
    const files = refusing(code, method)
    files.healed = true
    const store = await create('file', files)
    await store.set('a', 'before')
    files.healed = false
    const refusal = {
      code: 'OperationFailed',
      reason: 'store-failed',
      info: { message: expect.stringMatching(message), hint: expect.any(String) },
    }
    const set = store.set('a', 'after')
    const read = store.get('a')
    const add = store.setIfAbsent('b', 1)
    await expect(set).rejects.toMatchObject(refusal)
    await expect(add).rejects.toMatchObject(refusal)
    // A reader is told what is there, not what should have been.
    expect(await read).toBe('before')
    expect(await store.entries()).toEqual([{ key: 'a', value: 'before' }])
    expect(await stored()).toEqual({ a: 'before' })
    expect(await fs.readdir(folder)).toHaveLength(1)
    files.healed = true
    expect(await store.set('a', 'after')).toBe('before')
    expect(await stored()).toEqual({ a: 'after' })
    await store.dispose()
  })

  it.each(['mkdir', 'writeFile', 'rename'] as const)("E-40 a store whose %s fails can't be made", async method => {
    await expect(create('file', refusing('ENOSPC', method))).rejects.toMatchObject({ code: 'OperationFailed', reason: 'store-failed' })
    await expect(fs.readdir(folder).catch(() => [])).resolves.toEqual([])
    // Memory needs no disk.
    await (await create('memory', refusing('ENOSPC', method))).set('a', 1)
  })

  it("E-40 a store ends although its file can't be removed", async () => {
    const store = await create('file', refusing('EROFS', 'rm'))
    await store.dispose()
  })

  it('E-40 what a crashed app has left is removed at the start, and nothing else', async () => {
    await create('file')
    await fs.writeFile(`${file(OTHER)}.tmp`, '{')
    await fs.writeFile(path.join(folder, 'notes.json'), 'mine')
    const store = await create('file', undefined, `session-${'a'.repeat(32)}`)
    expect((await fs.readdir(folder)).sort()).toEqual(['notes.json', `session-${'a'.repeat(32)}.attributes.json`])
    await store.dispose()
  })

  it("a folder that can't be looked through does not keep the app from starting", async () => {
    const store = await create('file', refusing('EACCES', 'readdir'))
    await store.set('a', 1)
    await store.dispose()
  })
})
