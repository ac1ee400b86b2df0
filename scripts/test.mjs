/**
 * Runs every test there is, after setting up what they need. The last line is `N passed, N failed`; right above it stands
 * what failed.
 *
 *   npm test                          everything
 *   npm test -- --only core,ipc       some stages
 *   npm test -- --only core metrics   some stages, and of them the files whose path holds a word
 */
import { parseArgs } from 'node:util'
import { ensureInstalled } from './lib/install.mjs'
import { PlainError, runScript } from './lib/say.mjs'
import { formatFailures, formatSummary, formatTable } from './lib/test-report.mjs'
import { STAGES } from './lib/test-stages.mjs'

void runScript(async () => {
  const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true })
  // A part of the tests can't prove all rows.
  const all = Object.keys(STAGES).filter(name => name !== 'rows' || positionals.length === 0)
  const names = values.only?.split(',') ?? all
  for (const name of names) {
    if (!Object.hasOwn(STAGES, name)) throw new PlainError(`There is no stage ${name}. There are: ${Object.keys(STAGES).join(', ')}.`)
  }
  await ensureInstalled()
  const isInterrupted = watchForEnd()
  const results = /** @type {import('./lib/test-report.mjs').StageResult[]} */ ([])
  for (const name of names) {
    if (isInterrupted()) break
    process.stdout.write(`\n== ${name}\n`)
    const started = Date.now()
    const outcome = await STAGES[name]?.(positionals).catch(error => ({ passed: 0, failed: 1, skipped: 0, note: explain(error) }))
    if (outcome !== undefined) results.push({ name, ...outcome, durationMs: Date.now() - started })
  }
  const failures = formatFailures(results)
  process.stdout.write(`\n${formatTable(results)}\n\n${failures === '' ? '' : `${failures}\n`}${formatSummary(results)}\n`)
  return isInterrupted() || results.some(({ failed }) => failed > 0) ? 1 : 0
})

/** A stage that is told to end takes only itself away; the ones after it must not begin. */
function watchForEnd() {
  const parent = process.ppid
  let isInterrupted = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      isInterrupted = true
    })
  }
  return () => isInterrupted || process.ppid !== parent
}

/** @param {unknown} error */
function explain(error) {
  const text = error instanceof PlainError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stdout.write(`${text}\n`)
  return text.split('\n')[0] ?? ''
}
