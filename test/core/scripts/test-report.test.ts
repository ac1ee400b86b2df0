import { describe, expect, it } from 'vitest'
import { formatFailures, formatSummary, formatTable, judge, readPlaywright, readVitest } from '../../../scripts/lib/test-report.mjs'

describe('the verdict on a stage', () => {
  const counts = { passed: 3, failed: 0, skipped: 1 }

  it('is what the runner counted when all is well', () => {
    expect(judge(counts, 0)).toEqual(counts)
  })

  it('keeps the failures that the runner counted', () => {
    expect(judge({ passed: 2, failed: 2, skipped: 0 }, 1)).toEqual({ passed: 2, failed: 2, skipped: 0 })
  })

  it.each([
    ['the runner failed outside of its tests', counts, 1, 'failed outside of its tests (exit code 1)'],
    ['no test ran', { passed: 0, failed: 0, skipped: 0 }, 0, 'ran no test'],
    ['every test was skipped', { passed: 0, failed: 0, skipped: 9 }, 0, 'ran no test'],
    ['there is no report', null, 0, 'wrote no report (exit code 0)'],
  ])('is a failure when %s', (_, reported, exitCode, note) => {
    expect(judge(reported, exitCode)).toMatchObject({ failed: 1, note })
  })
})

describe('the reports', () => {
  const file = (name: string, status: string, assertionResults: readonly object[]) => ({
    name: `/checkout/test/${name}`,
    status,
    assertionResults,
  })
  const test = (status: string, title: string) => ({ status, title, ancestorTitles: ['a board', 'that is lost'] })

  it('of Vitest count in what was skipped and what is still to do', () => {
    const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 2, numTodoTests: 3, testResults: [] }
    expect(readVitest(report, '/checkout')).toEqual({ passed: 5, failed: 0, skipped: 5 })
  })

  it('of Vitest name the failed tests, and files that could not be loaded', () => {
    const report = {
      numPassedTests: 1,
      numFailedTests: 1,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [
        file('lost.test.ts', 'failed', [test('passed', 'is shown'), test('failed', 'comes back')]),
        file('broken.test.ts', 'failed', []),
        file('fine.test.ts', 'passed', [test('passed', 'is fine')]),
      ],
    }
    expect(readVitest(report, '/checkout')).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
      failures: ['test/lost.test.ts › a board › that is lost › comes back', 'test/broken.test.ts'],
    })
  })

  it('of Playwright count and name a test that passed only when repeated as failed', () => {
    const spec = (title: string, status: string) => ({ title, tests: [{ status }] })
    const report = {
      stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 },
      suites: [
        {
          title: 'lifecycle.spec.ts',
          specs: [spec('closing the window quits', 'unexpected'), spec('a second launch ends', 'expected')],
          suites: [{ title: 'a page', specs: [spec('comes back', 'flaky')] }],
        },
      ],
    }
    expect(readPlaywright(report)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
      failures: ['lifecycle.spec.ts › closing the window quits', 'lifecycle.spec.ts › a page › comes back'],
    })
  })
})

describe('what is printed', () => {
  const results = [
    { name: 'types', passed: 1, failed: 0, skipped: 0, durationMs: 1_234 },
    { name: 'core', passed: 200, failed: 1, skipped: 0, durationMs: 60_000, note: 'ran no test' },
  ]

  it('ends with the sum of all stages', () => {
    expect(formatSummary(results)).toBe('201 passed, 1 failed')
  })

  it('names skipped tests only when there are some', () => {
    expect(formatSummary([{ passed: 1, failed: 0, skipped: 2 }])).toBe('1 passed, 0 failed, 2 skipped')
  })

  it('is a table with a line for each stage', () => {
    expect(formatTable(results).split('\n')).toEqual([
      'stage  passed  failed  skipped    time',
      'types       1       0        0   1.2 s',
      'core      200       1        0  60.0 s  ran no test',
    ])
  })
  it('names what failed, stage by stage, and why where no test stands for it', () => {
    const failed = { passed: 0, skipped: 0, durationMs: 1 }
    expect(
      formatFailures([
        { name: 'lint', passed: 1, failed: 0, skipped: 0, durationMs: 1 },
        { name: 'core', failed: 2, failures: ['a.test.ts › one', 'b.test.ts › two'], ...failed },
        { name: 'e2e', failed: 1, note: 'wrote no report (exit code 1)', ...failed },
        { name: 'ipc', failed: 1, ...failed },
      ]).split('\n'),
    ).toEqual(['core: a.test.ts › one', 'core: b.test.ts › two', 'e2e: wrote no report (exit code 1)', 'ipc: failed'])
  })

  it('names nothing when nothing failed, and no more than can be read when everything did', () => {
    expect(formatFailures([{ name: 'core', passed: 1, failed: 0, skipped: 0, durationMs: 1 }])).toBe('')
    const failures = Array.from({ length: 60 }, (_, index) => `test ${index}`)
    const lines = formatFailures([{ name: 'core', passed: 0, failed: 60, skipped: 0, durationMs: 1, failures }]).split('\n')
    expect(lines.slice(-2)).toEqual(['core: test 49', 'and 10 more'])
  })
})
