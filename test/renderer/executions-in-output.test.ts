import { describe, expect, test } from 'vitest'
import { foldedIn, type HeaderState, headerTexts } from '../../renderer/islands/terminal/execution-header'
import { OutputFormatter, type TerminalStep } from '../../renderer/islands/terminal/output-formatter'
import { tracebackPlace } from '../../renderer/islands/terminal/traceback-links'
import type { OutputItem } from '../../shared/model'
import { someBytes } from '../fakes/fake-bridge'

/** What is done to which run: `held 2`. */
function said(step: TerminalStep): string {
  switch (step.type) {
    case 'text':
      return 'text'
    case 'started':
    case 'held':
      return `${step.type} ${step.number}`
    case 'ended':
    case 'folded':
      return `${step.type} ${step.ended.number}`
    case 'released':
      return `released ${step.header}`
  }
}

describe('runs that print nothing', () => {
  const began = (number: number): OutputItem => ({ type: 'started', at: number, number })
  const ended = (number: number, over: { readonly outcome?: 'ok' | 'exception'; readonly message?: string } = {}): OutputItem => ({
    type: 'ended',
    at: number,
    number,
    outcome: over.outcome ?? 'ok',
    durationMs: number,
    message: over.message ?? null,
  })
  const stepsOf = (...items: readonly OutputItem[]): readonly string[] =>
    new OutputFormatter({ timestamps: false })
      .format({ sessionId: 'a', seq: 1, upTo: 1, missedBytes: 0, items })
      .filter(step => step.type !== 'text')
      .map(said)

  test('one after the other share a line', () => {
    expect(stepsOf(began(1), ended(1), began(2), ended(2), began(3), ended(3))).toEqual([
      'started 1',
      'ended 1',
      'held 2',
      'folded 2',
      'held 3',
      'folded 3',
    ])
  })

  test('one that prints gets a line of its own, and so does the next', () => {
    expect(stepsOf(began(1), ended(1), began(2), someBytes('now'), ended(2), began(3), ended(3))).toEqual([
      'started 1',
      'ended 1',
      'held 2',
      'released 1',
      'started 2',
      'ended 2',
      'started 3',
      'ended 3',
    ])
  })

  test('one that fails, or of which something is said, gets a line of its own', () => {
    expect(stepsOf(began(1), ended(1), began(2), ended(2, { outcome: 'exception' }), began(3), ended(3))).toEqual([
      'started 1',
      'ended 1',
      'held 2',
      'released 1',
      'started 2',
      'ended 2',
      'started 3',
      'ended 3',
    ])
    const note: OutputItem = { type: 'note', at: 0, tone: 'warn', text: 'The board restarted.' }
    expect(stepsOf(began(1), ended(1), note, began(2), ended(2))).toEqual(['started 1', 'ended 1', 'started 2', 'ended 2'])
  })
})

describe('header of an execution', () => {
  const started = new Date(2026, 0, 1, 14, 6, 22).getTime()
  const running: HeaderState = { number: 43, startedAt: started, ended: null, folded: null, held: null }
  const ended = { number: 41, outcome: 'ok', durationMs: 12.4, lines: 3, message: null } as const

  test('running: number and time so far', () => {
    expect(headerTexts(running, started + 2_100)).toEqual({ title: '#43 running', detail: '2.1 s' })
  })

  test('ended: outcome, duration, lines', () => {
    expect(headerTexts({ ...running, number: 41, ended }, 0)).toEqual({ title: '#41 ok', detail: '12.4 ms · 3 lines · 14:06:22' })
  })

  test('of folded runs: from, to and how many; a slow one that may follow them is said', () => {
    const first: HeaderState = { ...running, number: 41, ended: { ...ended, lines: 0 } }
    const folded = foldedIn(foldedIn(first, { ...ended, number: 42, lines: 0 }), { ...ended, number: 43, lines: 0, durationMs: 1.2 })
    const said = { title: '#41 to #43 ok', detail: '3 runs without output · last 1.2 ms · since 14:06:22' }
    expect(headerTexts(folded, started)).toEqual(said)
    const held = { ...folded, held: { number: 44, startedAt: started } }
    expect(headerTexts(held, started + 100)).toEqual(said)
    expect(headerTexts(held, started + 2_100).detail).toBe(`${said.detail} · #44 running 2.1 s`)
  })
})

describe('lines of a traceback', () => {
  test('are found where they name the code that was run, with or without a time before them', () => {
    expect(tracebackPlace('  File "<stdin>", line 4, in <module>')).toEqual({ line: 4, column: 2, width: 22 })
    expect(tracebackPlace('14:06:22.871    File "<stdin>", line 12, in sweep')).toEqual({ line: 12, column: 16, width: 23 })
  })

  test('are left alone for files of the board, odd numbers, and where their place can not be told', () => {
    for (const text of ['  File "main.py", line 3', 'File "<stdin>", line x', '温 File "<stdin>", line 4', 'line 4']) {
      expect(tracebackPlace(text)).toBeNull()
    }
  })
})
