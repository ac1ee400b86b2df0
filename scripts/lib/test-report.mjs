/** From the runners' own reports to numbers, and from numbers to what `npm test` prints. */

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string} [note] why something failed that no test stands for
 */
/** @typedef {Outcome & { name: string, durationMs: number }} StageResult */

/**
 * A runner that failed without a failed test (a file that can't be loaded, a crash), or that found no test at all,
 * counts as one failure: silence is no success.
 * @param {{ passed: number, failed: number, skipped: number } | null} counts null when there is no readable report
 * @param {number} exitCode
 * @returns {Outcome}
 */
export function judge(counts, exitCode) {
  if (counts === null) return { passed: 0, failed: 1, skipped: 0, note: `wrote no report (exit code ${exitCode})` }
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, note: 'ran no test' }
  if (exitCode !== 0 && counts.failed === 0) return { ...counts, failed: 1, note: `failed outside of its tests (exit code ${exitCode})` }
  return counts
}

/** @param {any} report Vitest's JSON report */
export function countVitest(report) {
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests + report.numTodoTests }
}

/** @param {any} report Playwright's JSON report; a test that passed only when repeated has failed */
export function countPlaywright({ stats }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
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
  const lines = [['stage', 'passed', 'failed', 'skipped', 'time', ''], ...rows]
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0))) ?? []
  return lines
    .map(line =>
      line
        .map((cell, column) => (column === 0 || column === 5 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** @param {readonly Outcome[]} results */
export function formatSummary(results) {
  const sum = (/** @type {(outcome: Outcome) => number} */ pick) => results.reduce((total, outcome) => total + pick(outcome), 0)
  const skipped = sum(outcome => outcome.skipped)
  return `${sum(outcome => outcome.passed)} passed, ${sum(outcome => outcome.failed)} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
