import type { TerminalStep } from '../../../renderer/islands/terminal/output-formatter'

/** What stands in for the parts that need a real browser: each keeps what it was given where a test can read it. */

export class FakeTerminal {
  static readonly alive = new Set<FakeTerminal>()
  private readonly area: HTMLElement
  readonly isAtEnd = true

  /** As if a link in a traceback had been chosen. */
  readonly chooseLine: (number: number, line: number) => void

  constructor(host: HTMLElement, options: { readonly label: string; readonly onTracebackLine: (number: number, line: number) => void }) {
    this.chooseLine = options.onTracebackLine
    this.area = document.createElement('pre')
    this.area.setAttribute('aria-label', options.label)
    host.appendChild(this.area)
    FakeTerminal.alive.add(this)
  }

  take(step: TerminalStep, done: () => void): void {
    if (step.type === 'text') this.area.textContent += new TextDecoder().decode(step.data)
    if (step.type === 'started') this.area.textContent += `#${step.number}\n`
    if (step.type === 'folded') this.area.textContent += `#${step.ended.number} folded\n`
    if (step.type === 'ended') this.area.textContent += `#${step.ended.number} ${step.ended.outcome}\n`
    done()
  }

  find(text: string): boolean {
    return this.area.textContent?.includes(text) ?? false
  }

  scrollToEnd(): void {}
  focus(): void {}
  applyTheme(): void {}

  dispose(): void {
    FakeTerminal.alive.delete(this)
    this.area.remove()
  }
}

export class FakeEditor {
  private readonly field: HTMLTextAreaElement

  constructor(options: {
    readonly parent: HTMLElement
    readonly code: string
    readonly label: string
    readonly onChange: (code: string) => void
    readonly onRun: () => void
  }) {
    this.field = document.createElement('textarea')
    this.field.setAttribute('aria-label', options.label)
    this.field.value = options.code
    this.field.addEventListener('input', () => options.onChange(this.field.value))
    this.field.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || !event.ctrlKey) return
      event.preventDefault()
      options.onRun()
    })
    options.parent.appendChild(this.field)
  }

  get code(): string {
    return this.field.value
  }

  setCode(code: string): void {
    this.field.value = code
    this.field.dispatchEvent(new Event('input'))
  }

  /** The mark is an attribute here. */
  goToLine(line: number): boolean {
    if (line > this.code.split('\n').length) return false
    this.field.dataset.line = String(line)
    this.field.focus()
    return true
  }

  clearMark(): void {
    delete this.field.dataset.line
  }

  focus(): void {
    this.field.focus()
  }

  dispose(): void {
    this.field.remove()
  }
}

export class FakeChart {
  static readonly alive = new Set<FakeChart>()
  static readonly shown: { readonly fromS: number; readonly toS: number; readonly samples: number }[] = []

  constructor(
    _host: HTMLElement,
    private readonly options: {
      readonly definition: { readonly series: readonly unknown[] }
      readonly onValues: (values: readonly (number | null)[], atS: number | null) => void
    },
  ) {
    FakeChart.alive.add(this)
  }

  show(ring: { readonly length: number }, fromS: number, toS: number): void {
    FakeChart.shown.push({ fromS, toS, samples: ring.length })
    this.options.onValues(
      this.options.definition.series.map((_series, index) => index + 0.5),
      null,
    )
  }

  applyTheme(): void {}

  dispose(): void {
    FakeChart.alive.delete(this)
  }
}
