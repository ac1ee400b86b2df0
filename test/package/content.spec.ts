import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { extractFile, listPackage } from '@electron/asar'
import { expect, test } from '@playwright/test'
import { findPackagedApp } from './packaged-app'

const { archive, unpacked, resources } = findPackagedApp()
const archived = listPackage(archive, { isPack: false }).map(name => name.replaceAll('\\', '/'))
const outside = readdirSync(unpacked, { recursive: true, encoding: 'utf8' }).map(name => `/${name.replaceAll('\\', '/')}`)
const nativeFiles = outside.filter(name => name.endsWith('.node'))

/** What a loadable library of the platform begins with. */
const MAGIC: Readonly<Record<string, readonly string[]>> = {
  linux: ['7f454c46'],
  win32: ['4d5a'],
  // One architecture, or several in one file.
  darwin: ['cffaedfe', 'cafebabe'],
}

test('holds the app', () => {
  expect(archived).toEqual(
    expect.arrayContaining(['/package.json', '/LICENSE', '/dist/main/main.js', '/dist/preload/preload.js', '/dist/renderer/index.html']),
  )
})

test('holds no tests, maps, sources, documents or secrets (security row 21)', () => {
  const unwanted = /\.(map|ts|tsx|mts|md|log)$|(^|\/)(tests?|__tests__|docs?|examples?|scripts|\.git|\.ci)\/|(^|\/)\.(env|npmrc|sources)$/i
  expect(archived.filter(name => unwanted.test(name))).toEqual([])
})

test('lies in an archive, with no second copy of the app beside it', () => {
  expect(readdirSync(resources)).not.toContain('app')
  expect(readdirSync(resources)).not.toContain('default_app.asar')
})

test('keeps native code outside of the archive, for this platform and no other', () => {
  expect(nativeFiles).toHaveLength(1)
  const [file = ''] = nativeFiles
  expect(file).toContain(`/prebuilds/${process.platform}-`)
  const head = readFileSync(path.join(unpacked, file)).subarray(0, 4).toString('hex')
  expect(
    MAGIC[process.platform]?.some(magic => head.startsWith(magic)),
    `${file} begins with ${head}`,
  ).toBe(true)
})

test('keeps what a worker thread loads outside of the archive', () => {
  expect(outside).toEqual(
    expect.arrayContaining([
      '/dist/main/simulated-worker.js',
      '/node_modules/@micropython/micropython-webassembly-pyscript/micropython.mjs',
      '/node_modules/@micropython/micropython-webassembly-pyscript/micropython.wasm',
    ]),
  )
})

test('names no address of the network that it could load from (security row 14)', () => {
  // Names of namespaces and schemas, and links in messages and comments of libraries.
  const harmless = new Set(['www.w3.org', 'json-schema.org', 'react.dev', 'github.com'])
  const texts = archived
    .filter(name => /^\/dist\/.*\.(js|css|html)$/.test(name))
    .map(name => [name, extractFile(archive, name.slice(1)).toString('utf8')] as const)
  expect(texts.length).toBeGreaterThan(3)
  const found = texts.flatMap(([name, text]) =>
    [...text.matchAll(/\b(?:https?|wss?):\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi)].map(match => ({ name, host: match[1] ?? '' })),
  )
  expect(found.filter(({ host }) => !harmless.has(host.toLowerCase()))).toEqual([])
})
