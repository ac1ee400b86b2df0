import type { IDecoration, IMarker, Terminal } from '@xterm/xterm'

/** Where a traceback names a line of the code that was run. */
export interface TracebackPlace {
  /** From 1. */
  readonly line: number
  /** Cells from the left, and how many. */
  readonly column: number
  readonly width: number
}

/** The code of a run is `<stdin>` to the board, whatever the editor calls it. */
const OWN_CODE = /File "<stdin>", line (\d{1,6})/
/** Only where each character before it takes one cell can its place be told. */
const PRINTABLE_ASCII = /^[ -~]*$/
/** A traceback stands at the end of a run's output, and boards keep them short. */
const LINES_SEARCHED = 80
const LINKS_MAX = 200

export function tracebackPlace(text: string): TracebackPlace | null {
  const found = OWN_CODE.exec(text)
  if (found === null || !PRINTABLE_ASCII.test(text.slice(0, found.index))) return null
  return { line: Number(found[1]), column: found.index, width: found[0].length }
}

/** Makes the lines of tracebacks something to click on, and to reach with Tab. */
export class TracebackLinks {
  private readonly links = new Set<{ readonly marker: IMarker; readonly decoration: IDecoration }>()

  constructor(
    private readonly terminal: Terminal,
    private readonly onChosen: (number: number, line: number) => void,
  ) {}

  /** Looks through what a run has printed last. `headerLine` is where its header stands, or -1 when it has scrolled out. */
  find(number: number, headerLine: number): void {
    const buffer = this.terminal.buffer.active
    const end = buffer.baseY + buffer.cursorY
    for (let y = Math.max(headerLine + 1, end - LINES_SEARCHED, 0); y <= end; y++) {
      const place = tracebackPlace(buffer.getLine(y)?.translateToString(true) ?? '')
      if (place !== null) this.add(number, place, y - end)
    }
  }

  dispose(): void {
    for (const { marker } of this.links) marker.dispose()
    this.links.clear()
  }

  private add(number: number, { line, column, width }: TracebackPlace, offset: number): void {
    const marker = this.terminal.registerMarker(offset)
    const decoration = this.terminal.registerDecoration({ marker, x: column, width, layer: 'top' })
    if (decoration === undefined) return
    const link = { marker, decoration }
    this.links.add(link)
    decoration.onRender(element => {
      if (element.firstChild === null) element.appendChild(this.createButton(element.ownerDocument, number, line))
    })
    decoration.onDispose(() => this.links.delete(link))
    if (this.links.size > LINKS_MAX) this.links.values().next().value?.marker.dispose()
  }

  private createButton(document: Document, number: number, line: number): HTMLButtonElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'traceback-link'
    button.title = `Go to line ${line}`
    button.setAttribute('aria-label', `Go to line ${line} of the code of run #${number}`)
    // The terminal would begin a selection, and take the focus.
    button.addEventListener('mousedown', event => event.stopPropagation())
    button.addEventListener('click', () => this.onChosen(number, line))
    return button
  }
}
