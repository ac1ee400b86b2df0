/**
 * Prints the rows of the session specification, the tests that carry their numbers, and whether those passed, as far as
 * the reports of the latest tests tell. `docs/rows.json` says what the rows are.
 *
 *   npm run rows                 all rows with their tests
 *   npm run rows -- --short      without the tests
 */
import { parseArgs } from 'node:util'
import { formatRows, problemsOf } from './lib/rows.mjs'
import { readJudgedRows } from './lib/rows-reports.mjs'
import { runScript } from './lib/say.mjs'

void runScript(async () => {
  const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
  const judged = readJudgedRows()
  const problems = problemsOf(judged)
  const missing = judged.missing.length === 0 ? '' : `Not run yet: ${judged.missing.join(', ')}.\n`
  const sum = `${judged.verdicts.filter(({ problem }) => problem === null).length} of ${judged.verdicts.length} rows proved`
  process.stdout.write(`${formatRows(judged.verdicts, { withTests: !values.short })}\n\n${missing}`)
  if (problems.length > 0) process.stdout.write(`${problems.join('\n')}\n\n`)
  process.stdout.write(`${sum}\n`)
  return problems.length === 0 ? 0 : 1
})
