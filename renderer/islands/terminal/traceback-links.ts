import type { IBuffer, IDecoration, IMarker, Terminal } from '@xterm/xterm'

/** Where a traceback names a line of the code that was run. */
export interface TracebackPlace {
  /** From 1. */
  readonly line: number
  /** Cells from the left, and how many; in a line that takes several rows, of all of them one after the other. */
  readonly column: number
  readonly width: number
}

/** What of a place stands in one row of the terminal. */
export interface PlacePart {
  /** From the first row of its line. */
  readonly row: number
  readonly column: number
  readonly width: number
}

/** The code of a run is `<stdin>` to the board, whatever the editor calls it. */
const OWN_CODE = /File "<stdin>", line (\d{1,6})/
/** Only where each character before it takes one cell can its place be told. */
const PRINTABLE_ASCII = /^[ -~]*$/
/** A traceback stands at the end of a run's output. One of endless recursion has a line for every call that was open. */
const ROWS_SEARCHED = 1_000
const LINKS_MAX = 400

export function tracebackPlace(text: string): TracebackPlace | null {
  const found = OWN_CODE.exec(text)
  if (found === null || !PRINTABLE_ASCII.test(text.slice(0, found.index))) return null
  return { line: Number(found[1]), column: found.index, width: found[0].length }
}

/** A place in a terminal that is so many columns wide: a part for each row that it reaches into. */
export function placeParts({ column, width }: TracebackPlace, columns: number): readonly PlacePart[] {
  const parts: PlacePart[] = []
  for (let at = column; at < column + width; ) {
    const inRow = at % columns
    const part = { row: Math.floor(at / columns), column: inRow, width: Math.min(columns - inRow, column + width - at) }
    parts.push(part)
    at += part.width
  }
  return parts
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
    let y = Math.max(headerLine + 1, end - ROWS_SEARCHED, 0)
    while (y <= end) {
      const rows = rowsOfLine(buffer, y)
      const place = tracebackPlace(rows.join(''))
      if (place !== null) {
        for (const [index, part] of placeParts(place, this.terminal.cols).entries()) {
          this.add(number, place.line, part, y + part.row - end, index === 0)
        }
      }
      y += rows.length
    }
  }

  dispose(): void {
    for (const { marker } of this.links) marker.dispose()
    this.links.clear()
  }

  private add(number: number, line: number, { column, width }: PlacePart, offset: number, isFirst: boolean): void {
    const marker = this.terminal.registerMarker(offset)
    const decoration = this.terminal.registerDecoration({ marker, x: column, width, layer: 'top' })
    if (decoration === undefined) return
    const link = { marker, decoration }
    this.links.add(link)
    decoration.onRender(element => {
      if (element.firstChild === null) element.appendChild(this.createButton(element.ownerDocument, number, line, isFirst))
    })
    decoration.onDispose(() => this.links.delete(link))
    if (this.links.size > LINKS_MAX) this.links.values().next().value?.marker.dispose()
  }

  /** What follows in the next row is the same link once more: for the mouse alone. */
  private createButton(document: Document, number: number, line: number, isFirst: boolean): HTMLButtonElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'traceback-link'
    button.title = `Go to line ${line}`
    if (isFirst) button.setAttribute('aria-label', `Go to line ${line} of the code of run #${number}`)
    else {
      button.tabIndex = -1
      button.setAttribute('aria-hidden', 'true')
    }
    // The terminal would begin a selection, and take the focus.
    button.addEventListener('mousedown', event => event.stopPropagation())
    button.addEventListener('click', () => this.onChosen(number, line))
    return button
  }
}

/** The texts of a line's rows, from its first or a later one on: a line that is too long goes on in the next row. */
function rowsOfLine(buffer: IBuffer, first: number): readonly string[] {
  const rows: string[] = []
  for (let y = first; rows.length === 0 || buffer.getLine(y)?.isWrapped === true; y++) {
    const isLast = buffer.getLine(y + 1)?.isWrapped !== true
    // Of what goes on below, the spaces at the end count.
    rows.push(buffer.getLine(y)?.translateToString(isLast) ?? '')
  }
  return rows
}
