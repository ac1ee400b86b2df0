import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { type IDecoration, type IDisposable, type IMarker, Terminal } from '@xterm/xterm'
import type { ExecutionOutcome } from '../../../shared/model'
import { withStyleNonce } from '../../theme/strict-styles'
import { readColours, type ThemeColours } from '../../theme/theme'
import { onTick } from '../../ui/age'
import { drawHeader, foldedIn, type HeaderState } from './execution-header'
import type { TerminalSink } from './output-feed'
import type { TerminalStep } from './output-formatter'
import { TracebackLinks } from './traceback-links'

/** Lines kept in the view; Save and Copy have the whole buffer. */
const SCROLLBACK_LINES = 5_000
/** Headers drawn as such. Older ones are left as the plain text below them. */
const HEADERS_MAX = 200
const FONT = "'JetBrains Mono Variable', ui-monospace, monospace"

/** Ends that come with a traceback: an exception, or the interrupt that ended it. */
const TRACED: ReadonlySet<ExecutionOutcome> = new Set(['exception', 'timeout', 'cancelled'])

interface Header {
  state: HeaderState
  readonly marker: IMarker
  readonly decoration: IDecoration
}

/** One session's output on the page: an xterm that shows and never asks. Lives as long as it is visible. */
export class OutputTerminal implements TerminalSink {
  private readonly terminal: Terminal
  private readonly fitAddon = new FitAddon()
  private readonly searchAddon = new SearchAddon()
  private readonly headers = new Map<number, Header>()
  private readonly links: TracebackLinks
  private readonly disposables: IDisposable[] = []
  private readonly endTicks: () => void
  private readonly resizeObserver: ResizeObserver
  private isDisposed = false

  constructor(
    private readonly host: HTMLElement,
    options: {
      readonly label: string
      readonly nonce: string
      readonly onAtEnd: (atEnd: boolean) => void
      readonly onTracebackLine: (number: number, line: number) => void
    },
  ) {
    this.terminal = new Terminal({
      // Decorations, which the headers are, count as proposed.
      allowProposedApi: true,
      convertEol: true,
      disableStdin: true,
      cursorInactiveStyle: 'none',
      cursorStyle: 'bar',
      cursorWidth: 1,
      fontFamily: FONT,
      fontSize: 12,
      lineHeight: 1.19,
      scrollback: SCROLLBACK_LINES,
      minimumContrastRatio: 4.5,
      // Links of a board are text. The filter takes them out already; this is for what it may miss.
      linkHandler: { activate: () => {} },
      windowOptions: {},
      theme: terminalTheme(readColours()),
    })
    this.terminal.loadAddon(this.fitAddon)
    this.terminal.loadAddon(this.searchAddon)
    this.links = new TracebackLinks(this.terminal, options.onTracebackLine)
    withStyleNonce(options.nonce, () => this.terminal.open(host))
    this.terminal.textarea?.setAttribute('aria-label', options.label)
    // All keys stay the page's, so that Tab leaves and shortcuts work; these few scroll.
    this.terminal.attachCustomKeyEventHandler(event => {
      if (event.type === 'keydown') this.scrollByKey(event)
      return false
    })
    const report = (): void => options.onAtEnd(this.isAtEnd)
    this.disposables.push(this.terminal.onScroll(report), this.terminal.onWriteParsed(report))
    host.addEventListener('scroll', report, { capture: true })
    this.disposables.push({ dispose: () => host.removeEventListener('scroll', report, { capture: true }) })
    this.resizeObserver = new ResizeObserver(() => this.fit())
    this.resizeObserver.observe(host)
    this.endTicks = onTick(() => this.redrawRunning())
    this.fit()
    // Cells measured in the fallback font are too wide or too narrow.
    const font = `12px ${FONT}`
    if (!document.fonts.check(font)) void document.fonts.load(font).then(() => this.remeasure())
  }

  take(step: TerminalStep, done: () => void): void {
    switch (step.type) {
      case 'text':
        this.terminal.write(step.data, done)
        return
      case 'started':
        // The marker is set when all before has been taken in, so that it sits on the header's line.
        this.terminal.write('', () => this.addHeader(step.number, step.at))
        this.terminal.write(`\x1b[1m#${step.number}\x1b[0m\n`, done)
        return
      case 'ended':
        this.terminal.write('', () => {
          this.change(step.ended.number, state => ({ ...state, ended: step.ended }))
          if (TRACED.has(step.ended.outcome) && !this.isDisposed) {
            this.links.find(step.ended.number, this.headers.get(step.ended.number)?.marker.line ?? -1)
          }
          done()
        })
        return
      case 'held':
        this.terminal.write('', () => {
          this.change(step.header, state => ({ ...state, held: { number: step.number, startedAt: step.at } }))
          done()
        })
        return
      case 'folded':
        this.terminal.write('', () => {
          this.change(step.header, state => foldedIn(state, step.ended))
          done()
        })
        return
      case 'released':
        this.terminal.write('', () => {
          this.change(step.header, state => ({ ...state, held: null }))
          done()
        })
    }
  }

  get isAtEnd(): boolean {
    const buffer = this.terminal.buffer.active
    return buffer.viewportY >= buffer.baseY
  }

  scrollToEnd(): void {
    this.terminal.scrollToBottom()
  }

  /** Looks for the next match from the present one on. Returns whether there is one. */
  find(text: string, direction: 'next' | 'previous'): boolean {
    if (text === '') {
      this.searchAddon.clearDecorations()
      this.terminal.clearSelection()
      return true
    }
    return direction === 'next' ? this.searchAddon.findNext(text) : this.searchAddon.findPrevious(text)
  }

  applyTheme(): void {
    this.terminal.options.theme = terminalTheme(readColours())
  }

  focus(): void {
    this.terminal.focus()
  }

  dispose(): void {
    if (this.isDisposed) return
    this.isDisposed = true
    this.endTicks()
    this.resizeObserver.disconnect()
    for (const disposable of this.disposables) disposable.dispose()
    this.links.dispose()
    this.headers.clear()
    this.terminal.dispose()
  }

  private addHeader(number: number, startedAt: number): void {
    if (this.isDisposed) return
    const marker = this.terminal.registerMarker(0)
    const decoration = this.terminal.registerDecoration({ marker, width: this.terminal.cols, layer: 'top' })
    if (decoration === undefined) return
    const header: Header = { state: { number, startedAt, ended: null, folded: null, held: null }, marker, decoration }
    this.headers.set(number, header)
    decoration.onRender(() => this.draw(header))
    decoration.onDispose(() => this.headers.delete(number))
    if (this.headers.size > HEADERS_MAX) this.headers.values().next().value?.marker.dispose()
  }

  private change(number: number, to: (state: HeaderState) => HeaderState): void {
    const header = this.headers.get(number)
    if (header === undefined) return
    header.state = to(header.state)
    this.draw(header)
  }

  private draw(header: Header): void {
    if (header.decoration.element !== undefined) drawHeader(header.decoration.element, header.state, Date.now())
  }

  private redrawRunning(): void {
    for (const header of this.headers.values()) if (header.state.ended === null || header.state.held !== null) this.draw(header)
  }

  private fit(): void {
    if (this.isDisposed || this.host.clientWidth === 0 || this.host.clientHeight === 0) return
    this.fitAddon.fit()
  }

  private remeasure(): void {
    if (this.isDisposed) return
    // Setting the same value is ignored; a different one and back makes xterm measure again.
    this.terminal.options.fontFamily = 'monospace'
    this.terminal.options.fontFamily = FONT
    this.fit()
  }

  private scrollByKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const scroll = SCROLL_KEYS[event.key]
    if (scroll === undefined) return
    event.preventDefault()
    scroll(this.terminal)
  }
}

const SCROLL_KEYS: Readonly<Record<string, (terminal: Terminal) => void>> = {
  ArrowUp: terminal => terminal.scrollLines(-1),
  ArrowDown: terminal => terminal.scrollLines(1),
  PageUp: terminal => terminal.scrollPages(-1),
  PageDown: terminal => terminal.scrollPages(1),
  Home: terminal => terminal.scrollToTop(),
  End: terminal => terminal.scrollToBottom(),
}

function terminalTheme(colours: ThemeColours) {
  const { sunken, text, faint, bad, ok, warn, run, selection, lineStrong } = colours
  return {
    background: sunken,
    foreground: text,
    cursor: sunken,
    // A match of the search is a selection too.
    selectionBackground: selection,
    selectionInactiveBackground: selection,
    scrollbarSliderBackground: lineStrong,
    scrollbarSliderHoverBackground: faint,
    scrollbarSliderActiveBackground: faint,
    black: text,
    red: bad,
    green: ok,
    yellow: warn,
    blue: run,
    magenta: colours.codeKeyword,
    cyan: colours.codeFunction,
    white: text,
    brightBlack: faint,
    brightRed: bad,
    brightGreen: ok,
    brightYellow: warn,
    brightBlue: run,
    brightMagenta: colours.codeKeyword,
    brightCyan: colours.codeFunction,
    brightWhite: text,
  }
}
