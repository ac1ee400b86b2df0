/** The rows and the latest reports, from disk. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { inRoot, rootFolder, testResultsFolder } from './paths.mjs'
import { judgeRows, testsOfPlaywright, testsOfVitest } from './rows.mjs'

/** @typedef {import('./rows.mjs').Test} Test */

/** @type {Readonly<Record<string, { file: string, read: (report: unknown) => Test[] }>>} */
const REPORTS = {
  core: { file: 'core.json', read: report => testsOfVitest('core', report, rootFolder) },
  random: { file: 'random.json', read: report => testsOfVitest('random', report, rootFolder) },
  'core-node24': { file: 'core-node24.json', read: report => testsOfVitest('core-node24', report, rootFolder) },
  rigs: { file: 'rigs.json', read: report => testsOfVitest('rigs', report, rootFolder) },
  'rigs-node24': { file: 'rigs-node24.json', read: report => testsOfVitest('rigs-node24', report, rootFolder) },
  ipc: { file: 'ipc.json', read: report => testsOfVitest('ipc', report, rootFolder) },
  renderer: { file: 'renderer.json', read: report => testsOfVitest('renderer', report, rootFolder) },
  e2e: { file: path.join('e2e', 'results.json'), read: report => testsOfPlaywright('e2e', report) },
  package: { file: path.join('package', 'results.json'), read: report => testsOfPlaywright('package', report) },
}

/** Also names the stages that have left no readable report: what only they prove counts as not proved. */
export function readJudgedRows() {
  const rows = JSON.parse(readFileSync(inRoot('docs', 'rows.json'), 'utf8'))
  const missing = /** @type {string[]} */ ([])
  const tests = Object.entries(REPORTS).flatMap(([stage, { file, read }]) => {
    try {
      return read(JSON.parse(readFileSync(path.join(testResultsFolder, file), 'utf8')))
    } catch {
      missing.push(stage)
      return []
    }
  })
  return { ...judgeRows(rows, tests), missing }
}
