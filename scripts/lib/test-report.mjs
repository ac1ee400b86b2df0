/** From the runners' own reports to numbers and names, and from those to what `npm test` prints. */
import path from 'node:path'

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string} [note] why something failed that no test stands for
 * @property {readonly string[]} [failures] the failed tests, by file and title
 */
/** @typedef {Outcome & { name: string, durationMs: number }} StageResult */

const TITLE_SEPARATOR = ' › '
/** More are counted only: what is printed last has to stay readable. */
const FAILURES_SHOWN = 50

/**
 * A runner that failed without a failed test (a file that can't be loaded, a crash), or that found no test at all,
 * counts as one failure: silence is no success.
 * @param {Outcome | null} counts null when there is no readable report
 * @param {number} exitCode
 * @returns {Outcome}
 */
export function judge(counts, exitCode) {
  if (counts === null) return { passed: 0, failed: 1, skipped: 0, note: `wrote no report (exit code ${exitCode})` }
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, note: 'ran no test' }
  if (exitCode !== 0 && counts.failed === 0) return { ...counts, failed: 1, note: `failed outside of its tests (exit code ${exitCode})` }
  return counts
}

/**
 * @param {any} report Vitest's JSON report; a file that could not be loaded is in it without a test, and counts as one
 * @param {string} rootFolder what file names are shortened by
 * @returns {Outcome}
 */
export function readVitest(report, rootFolder) {
  const failures = report.testResults.flatMap((/** @type {any} */ file) => {
    const name = path.relative(rootFolder, file.name)
    const failed = file.assertionResults.filter((/** @type {any} */ test) => test.status === 'failed')
    if (failed.length === 0) return file.status === 'failed' ? [name] : []
    return failed.map((/** @type {any} */ test) => [name, ...test.ancestorTitles, test.title].join(TITLE_SEPARATOR))
  })
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    ...(failures.length > 0 ? { failures } : {}),
  }
}

/**
 * @param {any} report Playwright's JSON report; a test that passed only when repeated has failed
 * @returns {Outcome}
 */
export function readPlaywright({ stats, suites }) {
  const failures = suites.flatMap((/** @type {any} */ suite) => failedSpecs(suite, []))
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    ...(failures.length > 0 ? { failures } : {}),
  }
}

/**
 * @param {any} suite a file, or a group of its tests
 * @param {readonly string[]} titles of the suites around it
 * @returns {string[]}
 */
function failedSpecs({ title, specs, suites = [] }, titles) {
  const here = [...titles, title]
  const failed = specs.flatMap((/** @type {any} */ spec) =>
    spec.tests
      .filter((/** @type {any} */ test) => test.status === 'unexpected' || test.status === 'flaky')
      .map(() => [...here, spec.title].join(TITLE_SEPARATOR)),
  )
  return [...failed, ...suites.flatMap((/** @type {any} */ inner) => failedSpecs(inner, here))]
}

/** @param {readonly StageResult[]} results */
export function formatTable(results) {
  const rows = results.map(({ name, passed, failed, skipped, durationMs, note }) => [
    name,
    String(passed),
    String(failed),
    String(skipped),
    `${(durationMs / 1000).toFixed(1)} s`,
    note ?? '',
  ])
  return formatColumns([['stage', 'passed', 'failed', 'skipped', 'time', ''], ...rows], [1, 2, 3, 4]).join('\n')
}

/**
 * @param {readonly (readonly string[])[]} lines
 * @param {readonly number[]} numeric columns whose cells stand at the right
 */
export function formatColumns(lines, numeric = []) {
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0))) ?? []
  return lines.map(line =>
    line
      .map((cell, column) => (numeric.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

/**
 * A line for each failed test, and for each stage that failed without one. Stands right above the summary, so that the
 * end of a log tells what failed. Empty when nothing did.
 * @param {readonly StageResult[]} results
 */
export function formatFailures(results) {
  const lines = results.flatMap(({ name, failed, failures = [], note }) => {
    if (failed === 0) return []
    const named = note === undefined ? failures : [...failures, note]
    return (named.length > 0 ? named : ['failed']).map(text => `${name}: ${text}`)
  })
  const more = lines.length - FAILURES_SHOWN
  return [...lines.slice(0, FAILURES_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}

/** @param {readonly Outcome[]} results */
export function formatSummary(results) {
  const sum = (/** @type {(outcome: Outcome) => number} */ pick) => results.reduce((total, outcome) => total + pick(outcome), 0)
  const skipped = sum(outcome => outcome.skipped)
  return `${sum(outcome => outcome.passed)} passed, ${sum(outcome => outcome.failed)} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
