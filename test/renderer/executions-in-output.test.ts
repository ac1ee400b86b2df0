import type { Terminal } from '@xterm/xterm'
import { describe, expect, test } from 'vitest'
import { foldedIn, type HeaderState, headerTexts } from '../../renderer/islands/terminal/execution-header'
import { OutputFormatter, type TerminalStep } from '../../renderer/islands/terminal/output-formatter'
import { placeParts, TracebackLinks, tracebackPlace } from '../../renderer/islands/terminal/traceback-links'
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

  test('one that a narrow view breaks is a link in each of its rows', () => {
    const place = { line: 4, column: 2, width: 22 }
    expect(placeParts(place, 80)).toEqual([{ row: 0, column: 2, width: 22 }])
    expect(placeParts(place, 24)).toEqual([{ row: 0, column: 2, width: 22 }])
    expect(placeParts(place, 10)).toEqual([
      { row: 0, column: 2, width: 8 },
      { row: 1, column: 0, width: 10 },
      { row: 2, column: 0, width: 4 },
    ])
  })

  test('the whole of a long traceback has links, none of an earlier run, and Tab meets each once', () => {
    const frames = Array.from({ length: 150 }, (_, index) => `  File "<stdin>", line ${index + 1}, in f`)
    const terminal = new FakeScreen(16, ['  File "<stdin>", line 9, in earlier', 'header', ...frames, 'RuntimeError: recursion'])
    const chosen: (readonly number[])[] = []
    const links = new TracebackLinks(terminal as unknown as Terminal, (number, line) => chosen.push([number, line]))
    links.find(7, terminal.rowOf('header'))
    const first = terminal.buttons.filter(({ button }) => button.tabIndex !== -1)
    const last = first.at(-1)
    expect(last?.row).toBe(terminal.rowOf('  File "<stdin>", line 150'))
    expect(last?.button.getAttribute('aria-label')).toBe('Go to line 150 of the code of run #7')
    expect(first[0]?.row).toBe(terminal.rowOf('  File "<stdin>", line 1,'))
    expect(first).toHaveLength(150)
    // What goes on in the next row leads there too, for the mouse.
    const second = terminal.buttons.find(({ row }) => row === (last?.row ?? 0) + 1)
    expect(second?.button.getAttribute('aria-hidden')).toBe('true')
    second?.button.click()
    expect(chosen).toEqual([[7, 150]])
    links.dispose()
  })
})

/** As much of a terminal as links need: lines broken into rows, the cursor below the last. */
class FakeScreen {
  buttons: readonly { readonly row: number; readonly button: HTMLButtonElement }[] = []
  private readonly rows: { readonly text: string; readonly isWrapped: boolean }[]

  constructor(
    readonly cols: number,
    lines: readonly string[],
  ) {
    const broken = lines.map(line => line.match(new RegExp(`.{1,${cols}}`, 'g')) ?? [''])
    this.rows = broken.flatMap(parts => parts.map((text, index) => ({ text, isWrapped: index > 0 })))
  }

  get buffer() {
    const getLine = (y: number) => {
      const row = this.rows[y]
      return row && { isWrapped: row.isWrapped, translateToString: (trims: boolean) => (trims ? row.text.trimEnd() : row.text) }
    }
    return { active: { baseY: 0, cursorY: this.rows.length, getLine } }
  }

  /** Of the line that begins so. */
  rowOf(text: string): number {
    return this.rows.findIndex((row, y) => !row.isWrapped && this.lineAt(y).startsWith(text))
  }

  registerMarker(offset: number) {
    const onDispose: (() => void)[] = []
    const dispose = (): void => {
      for (const listener of onDispose) listener()
    }
    return { line: this.rows.length + offset, onDispose, dispose }
  }

  registerDecoration({ marker }: { readonly marker: { readonly line: number; readonly onDispose: (() => void)[] } }) {
    return {
      onRender: (listener: (element: HTMLElement) => void) => {
        const element = document.createElement('div')
        listener(element)
        const shown = { row: marker.line, button: element.firstChild as HTMLButtonElement }
        this.buttons = [...this.buttons, shown]
        marker.onDispose.push(() => {
          this.buttons = this.buttons.filter(other => other !== shown)
        })
      },
      onDispose: (listener: () => void) => marker.onDispose.push(listener),
    }
  }

  private lineAt(y: number): string {
    let text = this.rows[y]?.text ?? ''
    for (let next = y + 1; this.rows[next]?.isWrapped; next++) text += this.rows[next]?.text ?? ''
    return text
  }
}
