import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = path.resolve(__dirname, '..', '..', '..')
const rules: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['lint/style/noDefaultExport', { 'a.ts': 'export default 1\n' }],
  ['lint/suspicious/noExplicitAny', { 'a.ts': 'export const a: any = 1\n' }],
  ['lint/suspicious/noTsIgnore', { 'a.ts': '// @ts-ignore\nexport const a: string = 1\n' }],
  ['lint/style/noNonNullAssertion', { 'a.ts': 'export const a = process.env.A!\n' }],
  [
    'lint/suspicious/noImportCycles',
    {
      'a.ts': "import { b } from './b'\n\nexport const a = () => b\n",
      'b.ts': "import { a } from './a'\n\nexport const b = () => a\n",
    },
  ],
  ['lint/correctness/noUndeclaredDependencies', { 'a.ts': "import left from 'left-pad'\n\nexport const a = left\n" }],
]

/** Biome's report on a folder with the project's configuration. */
function check(folder: string): Promise<string> {
  const biome = path.join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
  return new Promise(resolve => {
    execFile(process.execPath, [biome, 'check', '--colors=off', '.'], { cwd: folder }, (_error, stdout, stderr) => resolve(stdout + stderr))
  })
}

describe('Biome with the project configuration', () => {
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'muster-lint-'))
    await copyFile(path.join(root, 'biome.json'), path.join(folder, 'biome.json'))
    await writeFile(path.join(folder, 'package.json'), '{ "name": "checked" }\n')
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(rules)('refuses what %s forbids', async (rule, files) => {
    for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content)
    const report = await check(folder)
    for (const name of Object.keys(files)) await rm(path.join(folder, name))
    expect(report).toContain(`${rule} `)
    expect(report).toMatch(/Found \d+ errors?\./)
  })

  it('has nothing against what keeps the rules', async () => {
    await writeFile(path.join(folder, 'a.ts'), 'export const a = 1\n')
    expect(await check(folder)).not.toContain('lint/')
    await rm(path.join(folder, 'a.ts'))
  })
})
