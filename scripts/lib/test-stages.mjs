/** The stages of `npm test`, in the order in which they run: what is quick and tells most comes first. */
import { spawn } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { canUse, commandAs, temporaryFolder } from './account.mjs'
import { openRunContext, prepareApp, runToEnd } from './app.mjs'
import { ensureNativeBoard } from './native-board.mjs'
import { inRoot, rootFolder, testResultsFolder } from './paths.mjs'
import { reachableCheckout } from './reachable-checkout.mjs'
import { problemsOf } from './rows.mjs'
import { readJudgedRows } from './rows-reports.mjs'
import { say } from './say.mjs'
import { judge, readPlaywright, readVitest } from './test-report.mjs'

/** @typedef {import('./test-report.mjs').Outcome} Outcome */
/** The Node inside the Electron that is released. */
const RELEASED_NODE = '24'

/** @type {Readonly<Record<string, (filters: readonly string[]) => Promise<Outcome>>>} */
export const STAGES = {
  types: () =>
    checkAll([
      ['typescript/bin/tsc', '-p', 'tsconfig.json'],
      ['typescript/bin/tsc', '-p', 'tsconfig.web.json'],
    ]),
  lint: () => checkAll([['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']], ['scripts/lint-imports.mjs']),
  core: filters => vitest('core', filters),
  random: filters => vitest('random', filters),
  rigs: filters => {
    buildBoards()
    return vitest('rigs', filters, { also: ['emulated'] })
  },
  'core-node24': filters => vitest('core', filters, { nodeVersion: RELEASED_NODE }),
  'rigs-node24': filters => vitest('rigs', filters, { nodeVersion: RELEASED_NODE }),
  ipc: filters => vitest('ipc', filters),
  renderer: filters => vitest('renderer', filters),
  e2e: filters => playwright('e2e', filters),
  package: async filters => {
    // In a process of its own: electron-builder leaves hooks behind.
    const exitCode = await run(process.execPath, [inRoot('scripts', 'package.mjs'), '--dir'])
    return exitCode === 0 ? playwright('package', filters) : judge(null, exitCode)
  },
  rows: checkRows,
}

/**
 * Reads what the stages before it have left, so it says something only after all of them.
 * @returns {Promise<Outcome>}
 */
async function checkRows() {
  const failures = problemsOf(readJudgedRows())
  for (const failure of failures) process.stdout.write(`${failure}\n`)
  return failures.length === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: failures.length, skipped: 0, failures }
}

/** Once and before the tests, which would otherwise do it several times at once and wait for it within their limits. */
function buildBoards() {
  try {
    ensureNativeBoard()
  } catch (error) {
    // Not the end of the other tests; those that need the board fail with the same words.
    say(error instanceof Error ? error.message : String(error))
  }
}

/**
 * One count for all the commands together.
 * @param {readonly (readonly string[])[]} tools below `node_modules`
 * @param {readonly string[]} scripts of our own
 * @returns {Promise<Outcome>}
 */
async function checkAll(tools, scripts = []) {
  const commands = [
    ...tools.map(([file = '', ...args]) => [inRoot('node_modules', file), ...args]),
    ...scripts.map(script => [inRoot(script)]),
  ]
  const failures = []
  for (const [file = '', ...args] of commands) {
    if ((await run(process.execPath, [file, ...args])) !== 0) failures.push([path.basename(file), ...args].join(' '))
  }
  return failures.length === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0, failures }
}

/**
 * @param {string} project
 * @param {readonly string[]} filters
 * @param {{ also?: readonly string[], nodeVersion?: string | null }} [options] `also`: projects that run beside it, into the same
 *   report; `nodeVersion`: another Node than this one
 */
async function vitest(project, filters, { also = [], nodeVersion = null } = {}) {
  const report = path.join(testResultsFolder, `${project}${nodeVersion === null ? '' : `-node${nodeVersion}`}.json`)
  rmSync(report, { force: true })
  const args = [
    inRoot('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...[project, ...also].flatMap(name => ['--project', name]),
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...filters,
  ]
  const exitCode = nodeVersion === null ? await run(process.execPath, args) : await run(...npx([`node@${nodeVersion}`, ...args]))
  return judge(
    readReport(report, json => readVitest(json, rootFolder)),
    exitCode,
  )
}

/**
 * npm's own `npx`, of the npm that started us if there is one.
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
function npx(args) {
  const npm = process.env.npm_execpath
  const all = ['exec', '--yes', '--', ...args]
  return npm ? [process.execPath, [npm, ...all]] : ['npm', all]
}

/**
 * All of Playwright runs as the account that Electron runs as: what the tests make, such as pseudo-terminals, is then
 * the app's to open.
 * @param {string} project
 * @param {readonly string[]} filters
 */
async function playwright(project, filters) {
  const runtime = await prepareApp()
  const context = await openRunContext(runtime, { ownDisplay: true })
  const work = temporaryFolder(context.account)
  const written = temporaryFolder(context.account, work)
  const checkout = reachableCheckout(context.account, 'checkout')
  try {
    const cli = path.join('node_modules', '@playwright', 'test', 'cli.js')
    const args = [cli, 'test', `--project=${project}`, ...filters]
    const [command, fullArguments] = commandAs(context.account, nodeFor(context.account, work), args)
    const environment = {
      ...context.environment,
      ELECTRON_OVERRIDE_DIST_PATH: runtime.folder,
      MUSTER_TEST_RESULTS: written,
      // What a test leaves behind goes with the rest.
      TMPDIR: temporaryFolder(context.account, work),
    }
    const exitCode = await run(command, fullArguments, { cwd: checkout.folder, env: environment })
    const results = path.join(testResultsFolder, project)
    rmSync(results, { recursive: true, force: true })
    cpSync(written, results, { recursive: true })
    return judge(readReport(path.join(results, 'results.json'), readPlaywright), exitCode)
  } finally {
    context.close()
    rmSync(work, { recursive: true, force: true })
    if (checkout.isCopy) rmSync(checkout.folder, { recursive: true, force: true })
  }
}

/**
 * This Node, or a copy of it where the account can't reach it, as in a version manager's folder in root's home.
 * @param {import('./account.mjs').Account | null} account
 * @param {string} work
 */
function nodeFor(account, work) {
  if (account === null || canUse(account, process.execPath)) return process.execPath
  const copy = path.join(work, 'node')
  copyFileSync(process.execPath, copy)
  chmodSync(copy, 0o755)
  chownSync(copy, account.uid, account.gid)
  return copy
}

/**
 * @param {string} file
 * @param {(report: unknown) => Outcome} read
 */
function readReport(file, read) {
  try {
    return read(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
function run(command, args, { cwd = rootFolder, env = process.env } = {}) {
  mkdirSync(testResultsFolder, { recursive: true })
  return runToEnd(spawn(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'], detached: process.platform !== 'win32' }))
}
