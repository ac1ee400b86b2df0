/** Checks every source file of the product against the import rules. */
import fs from 'node:fs/promises'
import path from 'node:path'
import { findViolations } from './lib/import-rules.mjs'
import { inRoot, rootFolder } from './lib/paths.mjs'
import { runScript } from './lib/say.mjs'

void runScript(async () => {
  const violations = []
  for (const folder of ['electron', 'renderer', 'shared']) {
    for (const entry of await fs.readdir(inRoot(folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.[cm]?tsx?$/.test(entry.name)) continue
      const file = path.join(entry.parentPath, entry.name)
      violations.push(...findViolations(path.relative(rootFolder, file).replaceAll(path.sep, '/'), await fs.readFile(file, 'utf8')))
    }
  }
  for (const violation of violations) process.stderr.write(`${violation}\n`)
  return violations.length > 0 ? 1 : 0
})
