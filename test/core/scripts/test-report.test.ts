import { describe, expect, it } from 'vitest'
import { countPlaywright, countVitest, formatSummary, formatTable, judge } from '../../../scripts/lib/test-report.mjs'

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

describe('the counts', () => {
  it('of Vitest take in what was skipped and what is still to do', () => {
    expect(countVitest({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 3 })).toEqual({
      passed: 5,
      failed: 1,
      skipped: 5,
    })
  })

  it('of Playwright count a test that passed only when repeated as failed', () => {
    expect(countPlaywright({ stats: { expected: 4, unexpected: 1, flaky: 2, skipped: 0 } })).toEqual({ passed: 4, failed: 3, skipped: 0 })
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
})
