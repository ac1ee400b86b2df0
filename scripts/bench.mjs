/**
 * Measures Muster: what its sessions cost, on fakes, and how fast it runs code and copies files, on native test boards, side by
 * side with other tools on the same board in the same run. A table, or with `--json` one object. Says by its exit code
 * whether every target was met. A machine that is busy with something else measures that too: the load is told.
 *
 *   npm run bench                 takes about 20 minutes
 *   npm run bench -- --quick      fewer rounds
 *   npm run bench -- --only print,waves    parts: print, write, read, line, waves, together, sessions
 *   npm run bench -- --json       {"board": …, "results": [{"name", "value", "unit", "target", "met", "spread", "peers": {…}}]}
 *   npm run bench -- --profile    writes a processor profile of each part to test-results/
 */
import { spawn } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensurePeers } from './lib/bench-peers.mjs'
import { formatBench } from './lib/bench-table.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureNativeBoard } from './lib/native-board.mjs'
import { inRoot, rootFolder, testResultsFolder } from './lib/paths.mjs'
import { PlainError, runScript, say } from './lib/say.mjs'

/** @typedef {import('../test/bench/figures').Result} Result */

const PARTS = ['print', 'write', 'read', 'line', 'waves', 'together', 'sessions']
/** These measure Muster alone. */
const WITHOUT_PEERS = ['waves', 'together', 'sessions']
/** Loaded at run time: what is native, or looks for its own files. */
const EXTERNAL = ['serialport', '@serialport/bindings-cpp']

void runScript(async () => {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
    },
  })
  const parts = chosen(values.only)
  await ensureInstalled()
  const board = ensureNativeBoard()
  const peers = parts.every(part => WITHOUT_PEERS.includes(part))
    ? { python: null, driver: '', versions: {}, missing: {} }
    : await ensurePeers()
  const file = await bundle()
  const loadBefore = os.loadavg()
  /** @type {Result[]} */
  const results = []
  for (const part of parts) {
    say(`measuring: ${part}.`)
    const profile = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${testResultsFolder}`, `--cpu-prof-name=bench-${part}.cpuprofile`] : []
    const options = JSON.stringify({ quick: values.quick, peers })
    const text = await outputOf(['--expose-gc', ...profile, file, part, options], { MUSTER_NATIVE_BOARD: board })
    results.push(.../** @type {{ results: readonly Result[] }} */ (JSON.parse(text)).results)
  }
  const about = {
    board: {
      kind: 'native',
      interpreter: 'MicroPython, a child process on a pseudo-terminal',
      build: path.basename(path.dirname(board)),
      processor: os.cpus()[0]?.model ?? '',
      cores: os.cpus().length,
      node: process.version,
      loadBefore,
      loadAfter: os.loadavg(),
      peers: peers.versions,
      missingPeers: peers.missing,
      spread: 'largest round less smallest round',
    },
    results,
  }
  process.stdout.write(values.json ? `${JSON.stringify(about)}\n` : `${formatBench(about)}\n`)
  return results.every(({ met }) => met !== false) ? 0 : 1
})

/** @param {readonly string[]} only */
function chosen(only) {
  const names = only.flatMap(text => text.split(','))
  const unknown = names.filter(name => !PARTS.includes(name))
  if (unknown.length > 0) throw new PlainError(`There is no part ${unknown.join(', ')}. There are: ${PARTS.join(', ')}.`)
  return names.length === 0 ? PARTS : PARTS.filter(part => names.includes(part))
}

async function bundle() {
  const { build } = await import('vite')
  const outDir = inRoot('node_modules', '.cache', 'muster', 'bench')
  await build({
    root: rootFolder,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { target: 'node', noExternal: true, external: EXTERNAL },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: inRoot('test', 'bench', 'main.ts'),
        external: [/^node:/, ...EXTERNAL],
        output: { format: 'cjs', entryFileNames: 'main.cjs' },
      },
    },
  })
  return path.join(outDir, 'main.cjs')
}

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<string>}
 */
function outputOf(args, environment) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...environment } })
    let text = ''
    child.stdout.on('data', chunk => (text += String(chunk)))
    child.once('error', reject)
    child.once('close', code => (code === 0 ? resolve(text) : reject(new PlainError(`The measurement failed (exit code ${code}).`))))
  })
}
