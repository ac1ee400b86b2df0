/**
 * Which rows of the session specification are proved by which tests. A test proves a row by carrying its number in its
 * title: `B-27`, `E-18, E-19`, `T9`.
 */
import path from 'node:path'
import { formatColumns } from './test-report.mjs'

/** @typedef {{ row: string, what: string, kind: 'behaviour' | 'purpose' }} Row */
/** @typedef {{ stage: string, name: string, state: 'passed' | 'failed' | 'skipped' }} Test */
/**
 * @typedef {object} Verdict
 * @property {Row} row
 * @property {readonly Test[]} tests that carry its number
 * @property {string | null} problem
 */

const NUMBER = /\b(?:[BSMGE]-\d{2}|T(?:1[0-6]|[1-9]))\b/g
const END_TO_END = 'e2e'

/** @param {string} title */
export function rowsOf(title) {
  return [...new Set(title.match(NUMBER) ?? [])]
}

/**
 * @param {string} stage
 * @param {any} report Vitest's JSON report
 * @param {string} rootFolder what file names are shortened by
 * @returns {Test[]}
 */
export function testsOfVitest(stage, report, rootFolder) {
  return report.testResults.flatMap((/** @type {any} */ file) =>
    file.assertionResults.map((/** @type {any} */ test) => ({
      stage,
      name: [path.relative(rootFolder, file.name), ...test.ancestorTitles, test.title].join(' › '),
      state: test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped',
    })),
  )
}

/**
 * @param {string} stage
 * @param {any} report Playwright's JSON report
 * @returns {Test[]}
 */
export function testsOfPlaywright(stage, report) {
  return report.suites.flatMap((/** @type {any} */ suite) => testsOfSuite(stage, suite, []))
}

/**
 * @param {string} stage
 * @param {any} suite
 * @param {readonly string[]} titles
 * @returns {Test[]}
 */
function testsOfSuite(stage, { title, specs, suites = [] }, titles) {
  const here = [...titles, title]
  return [
    ...specs.flatMap((/** @type {any} */ spec) =>
      spec.tests.map((/** @type {any} */ test) => ({ stage, name: [...here, spec.title].join(' › '), state: stateOf(test.status) })),
    ),
    ...suites.flatMap((/** @type {any} */ inner) => testsOfSuite(stage, inner, here)),
  ]
}

/**
 * A test that passed only when repeated has failed.
 * @param {string} status
 * @returns {Test['state']}
 */
function stateOf(status) {
  if (status === 'expected') return 'passed'
  return status === 'skipped' ? 'skipped' : 'failed'
}

/**
 * @param {readonly Row[]} rows
 * @param {readonly Test[]} tests
 * @returns {{ verdicts: readonly Verdict[], unknown: readonly string[] }} `unknown`: numbers in titles that no row has
 */
export function judgeRows(rows, tests) {
  const byRow = new Map(rows.map(({ row }) => [row, /** @type {Test[]} */ ([])]))
  const unknown = /** @type {Set<string>} */ (new Set())
  for (const test of tests) {
    for (const number of rowsOf(test.name)) {
      const carriers = byRow.get(number)
      if (carriers === undefined) unknown.add(`${number} in "${test.name}" is no row`)
      else carriers.push(test)
    }
  }
  const verdicts = rows.map(row => {
    const carriers = byRow.get(row.row) ?? []
    return { row, tests: carriers, problem: problemOf(row, carriers) }
  })
  return { verdicts, unknown: [...unknown] }
}

/**
 * @param {Row} row
 * @param {readonly Test[]} tests
 */
function problemOf({ kind }, tests) {
  if (tests.length === 0) return 'has no test'
  const failed = tests.filter(({ state }) => state === 'failed').length
  if (failed > 0) return `${failed} of ${tests.length} failed`
  const passed = tests.filter(({ state }) => state === 'passed')
  if (passed.length === 0) return 'was not run'
  if (kind === 'purpose' && !passed.some(({ stage }) => stage === END_TO_END)) return 'has no end-to-end test'
  return null
}

/**
 * A line for each row, and below it the tests that carry its number.
 * @param {readonly Verdict[]} verdicts
 * @param {{ withTests: boolean }} options
 */
export function formatRows(verdicts, { withTests }) {
  const lines = formatColumns([
    ['row', 'result', 'tests', 'what'],
    ...verdicts.map(({ row, tests, problem }) => [row.row, problem ?? 'passed', String(distinct(tests).length), row.what]),
  ])
  const [head = '', ...body] = lines
  return [
    head,
    ...body.flatMap((line, index) => [line, ...(withTests ? distinct(verdicts[index]?.tests ?? []).map(name => `        ${name}`) : [])]),
  ].join('\n')
}

/**
 * The same test may have run in several stages.
 * @param {readonly Test[]} tests
 */
function distinct(tests) {
  return [...new Set(tests.map(({ name }) => name))]
}

/**
 * @param {{ verdicts: readonly Verdict[], unknown: readonly string[] }} judged
 * @returns {readonly string[]} a sentence for each problem
 */
export function problemsOf({ verdicts, unknown }) {
  return [...verdicts.flatMap(({ row, problem }) => (problem === null ? [] : [`${row.row} ${problem}: ${row.what}`])), ...unknown]
}
