import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  formatRows,
  judgeRows,
  problemsOf,
  type Row,
  rowsOf,
  type Test,
  testsOfPlaywright,
  testsOfVitest,
} from '../../../scripts/lib/rows.mjs'

const BEHAVIOUR: Row = { row: 'B-07', what: 'Active sessions are counted', kind: 'behaviour' }
const PURPOSE: Row = { row: 'B-01', what: 'A life in four phases', kind: 'purpose' }

function test(state: Test['state'], name: string, stage = 'core'): Test {
  return { stage, name, state }
}

function problem(row: Row, ...tests: Test[]): string | null {
  return judgeRows([row], tests).verdicts[0]?.problem ?? null
}

// No number stands in a title here: it would prove its row.
it('finds the numbers in a title', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['closes once (B-07)', ['B-07']],
    ['B-07, B-08: counts', ['B-07', 'B-08']],
    ['B-07/B-08 and E-18, E-18', ['B-07', 'B-08', 'E-18']],
    ['T1 to T16, not T17', ['T1', 'T16']],
    ['an ESP32-S3, XB-07 and FK1', []],
    ['usb:2e8a:0005:E6', []],
  ]
  for (const [title, numbers] of cases) expect(rowsOf(title)).toEqual(numbers)
})

describe('a row', () => {
  it('needs a test that passed and none that failed', () => {
    expect(problem(BEHAVIOUR)).toBe('has no test')
    expect(problem(BEHAVIOUR, test('passed', 'is B-07'))).toBeNull()
    expect(problem(BEHAVIOUR, test('passed', 'is B-07'), test('failed', 'B-07 too'))).toBe('1 of 2 failed')
    expect(problem(BEHAVIOUR, test('skipped', 'is B-07'))).toBe('was not run')
  })

  it('that is a purpose needs an end-to-end test', () => {
    expect(problem(PURPOSE, test('passed', 'B-01'))).toBe('has no end-to-end test')
    expect(problem(PURPOSE, test('passed', 'B-01'), test('passed', 'B-01', 'e2e'))).toBeNull()
  })

  it('that no catalogue has is a slip of the pen', () => {
    const judged = judgeRows([BEHAVIOUR], [test('passed', 'B-07, B-99')])
    expect(problemsOf(judged)).toEqual(['B-99 in "B-07, B-99" is no row'])
  })

  it('is printed with its tests, each once', () => {
    const { verdicts } = judgeRows([BEHAVIOUR, PURPOSE], [test('passed', 'a › B-07'), test('passed', 'a › B-07', 'core-node24')])
    expect(formatRows(verdicts, { withTests: true }).split('\n')).toEqual([
      'row   result       tests  what',
      'B-07  passed       1      Active sessions are counted',
      '        a › B-07',
      'B-01  has no test  0      A life in four phases',
    ])
    expect(formatRows(verdicts, { withTests: false }).split('\n')).toHaveLength(3)
    expect(problemsOf({ verdicts, unknown: [] })).toEqual(['B-01 has no test: A life in four phases'])
  })
})

describe('the reports', () => {
  it('of Vitest carry numbers in the titles around a test too', () => {
    const report = {
      testResults: [
        {
          name: '/root/test/core/a.test.ts',
          assertionResults: [
            { ancestorTitles: ['opening (G-03)'], title: 'works', status: 'passed' },
            { ancestorTitles: ['opening (G-03)'], title: 'later', status: 'todo' },
          ],
        },
      ],
    }
    expect(testsOfVitest('core', report, '/root')).toEqual([
      { stage: 'core', name: 'test/core/a.test.ts › opening (G-03) › works', state: 'passed' },
      { stage: 'core', name: 'test/core/a.test.ts › opening (G-03) › later', state: 'skipped' },
    ])
  })

  it('of Playwright are read at every depth', () => {
    const spec = (title: string, ...states: string[]): object => ({ title, tests: states.map(status => ({ status })) })
    const report = {
      suites: [
        {
          title: 'a.spec.ts',
          specs: [spec('B-01', 'expected')],
          suites: [{ title: 'T9', specs: [spec('x', 'flaky'), spec('y', 'skipped')] }],
        },
      ],
    }
    expect(testsOfPlaywright('e2e', report)).toEqual([
      { stage: 'e2e', name: 'a.spec.ts › B-01', state: 'passed' },
      { stage: 'e2e', name: 'a.spec.ts › T9 › x', state: 'failed' },
      { stage: 'e2e', name: 'a.spec.ts › T9 › y', state: 'skipped' },
    ])
  })
})

describe('the catalogue', () => {
  const rows: readonly Row[] = JSON.parse(readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'rows.json'), 'utf8'))

  it('holds the 120 rows, the 16 transitions and the 44 edge cases, each once', () => {
    const count = (prefix: string): number => rows.filter(({ row }) => row.startsWith(prefix)).length
    expect(['B-', 'S-', 'M-', 'G-', 'T', 'E-'].map(count)).toEqual([38, 22, 17, 43, 16, 44])
    expect(new Set(rows.map(({ row }) => row)).size).toBe(180)
    for (const { row, what, kind } of rows) {
      expect(rowsOf(row)).toEqual([row])
      expect(what).not.toBe('')
      expect(['behaviour', 'purpose']).toContain(kind)
    }
  })
})
