/**
 * Measures what sessions cost, on fakes: opening many at once, the heap of each, and the processor's share while they are idle.
 * Takes about two minutes. The last lines are a table, or with `--json` one object `{"results": [...]}`. Says by its exit
 * code whether every target was met. A machine that is busy with something else measures that too.
 *
 *   npm run bench
 *   npm run bench -- --json
 *   npm run bench -- --profile    writes a processor profile of the run to test-results/
 */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureInstalled } from './lib/install.mjs'
import { inRoot, rootFolder, testResultsFolder } from './lib/paths.mjs'
import { PlainError, runScript, say } from './lib/say.mjs'
import { formatColumns } from './lib/test-report.mjs'

/** @typedef {import('../test/bench/measure').Result} Result */

void runScript(async () => {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false } } })
  await ensureInstalled()
  const file = await bundle()
  say('measuring; this takes about two minutes.')
  const args = ['--expose-gc', ...(values.profile ? ['--cpu-prof', `--cpu-prof-dir=${testResultsFolder}`] : []), file]
  const { results } = /** @type {{ results: readonly Result[] }} */ (JSON.parse(await outputOf(args)))
  process.stdout.write(values.json ? `${JSON.stringify({ results })}\n` : `${formatResults(results)}\n`)
  return results.every(({ met }) => met) ? 0 : 1
})

async function bundle() {
  const { build } = await import('vite')
  const outDir = inRoot('node_modules', '.cache', 'muster', 'bench')
  await build({
    root: rootFolder,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { target: 'node', noExternal: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: inRoot('test', 'bench', 'sessions.ts'),
        external: [/^node:/],
        output: { format: 'cjs', entryFileNames: 'sessions.cjs' },
      },
    },
  })
  return path.join(outDir, 'sessions.cjs')
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
function outputOf(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', chunk => (text += String(chunk)))
    child.once('error', reject)
    child.once('close', code => (code === 0 ? resolve(text) : reject(new PlainError(`The measurement failed (exit code ${code}).`))))
  })
}

/** @param {readonly Result[]} results */
function formatResults(results) {
  const rows = results.map(({ name, value, unit, target, met, spread, runs }) => [
    name,
    `${value} ${unit}`,
    `${spread} ${unit}`,
    String(runs.length),
    `${target} ${unit}`,
    met ? 'met' : 'missed',
  ])
  return formatColumns([['what', 'median', 'spread', 'runs', 'at most', ''], ...rows], [1, 2, 3, 4]).join('\n')
}
