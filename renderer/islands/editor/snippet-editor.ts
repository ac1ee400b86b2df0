import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { python } from '@codemirror/lang-python'
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { EditorState, type Extension, Prec, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'

export interface SnippetEditorOptions {
  readonly parent: HTMLElement
  readonly code: string
  readonly label: string
  /** A text that is not Python. */
  readonly isPlain?: boolean
  /** For the style elements that CodeMirror makes. */
  readonly nonce: string
  readonly onChange: (code: string) => void
  readonly onRun: () => void
}

/**
 * The code editor. Tab indents; Escape and then Tab leaves, so that nobody is caught in it. Bracket pairs are not closed
 * by themselves: people paste code for boards more than they type it.
 */
export class SnippetEditor {
  private readonly view: EditorView

  constructor(private readonly options: SnippetEditorOptions) {
    this.view = new EditorView({ parent: options.parent, state: this.createState(options.code) })
  }

  get code(): string {
    return this.view.state.doc.toString()
  }

  /** Replaces the whole text, keeping undo: a sample picked by mistake is taken back with Ctrl+Z. */
  setCode(code: string): void {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: code } })
  }

  /** Puts the cursor on a line, counted from 1, and marks it until the text changes. False when there is no such line. */
  goToLine(line: number): boolean {
    const { doc } = this.view.state
    if (line < 1 || line > doc.lines) return false
    const { from, text } = doc.line(line)
    const at = from + (text.length - text.trimStart().length)
    this.view.dispatch({ selection: { anchor: at }, effects: [markLine.of(from), EditorView.scrollIntoView(at, { y: 'center' })] })
    this.view.focus()
    return true
  }

  clearMark(): void {
    this.view.dispatch({ effects: markLine.of(null) })
  }

  focus(): void {
    this.view.focus()
  }

  dispose(): void {
    this.view.destroy()
  }

  private createState(code: string): EditorState {
    const run = (): boolean => {
      this.options.onRun()
      return true
    }
    return EditorState.create({
      doc: code,
      extensions: [
        EditorView.cspNonce.of(this.options.nonce),
        Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
        lineNumbers(),
        history(),
        drawSelection(),
        highlightSpecialChars(),
        indentOnInput(),
        bracketMatching(),
        indentUnit.of('    '),
        EditorState.tabSize.of(4),
        this.options.isPlain === true ? [] : python(),
        keymap.of([...defaultKeymap.filter(binding => binding.key !== 'Mod-Enter'), ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ 'aria-label': this.options.label, tabindex: '0', spellcheck: 'false', autocorrect: 'off' }),
        EditorView.updateListener.of(update => {
          if (update.docChanged) this.options.onChange(update.state.doc.toString())
        }),
        replaceBySelf,
        markedLine,
        LOOK,
      ],
    })
  }
}

/** Where the marked line begins; null for none. */
const markLine = StateEffect.define<number | null>()

/** The line that a traceback names. A mark on text that has changed would say something that is no longer so. */
const markedLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const asked = transaction.effects.find(effect => effect.is(markLine))
    if (asked !== undefined) {
      const from: unknown = asked.value
      return typeof from === 'number' ? Decoration.set([Decoration.line({ class: 'cm-traceback-line' }).range(from)]) : Decoration.none
    }
    return transaction.docChanged ? Decoration.none : marks
  },
  provide: field => EditorView.decorations.from(field),
})

/**
 * Typing over a selection, done by the editor instead of by the browser: Chromium keeps the look of what it replaces by a
 * style attribute, which the content security policy refuses and reports.
 */
const replaceBySelf = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== 'insertText' || event.data === null || view.composing || view.state.selection.main.empty) return false
    event.preventDefault()
    view.dispatch(view.state.replaceSelection(view.state.toText(event.data)), { userEvent: 'input.type', scrollIntoView: true })
    return true
  },
})

const LOOK: Extension = [
  syntaxHighlighting(
    HighlightStyle.define([
      {
        tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword],
        color: 'var(--code-keyword)',
      },
      { tag: [tags.number, tags.bool, tags.null, tags.self], color: 'var(--code-number)' },
      { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
      {
        tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.className],
        color: 'var(--code-function)',
      },
      { tag: tags.comment, color: 'var(--faint)' },
    ]),
  ),
  EditorView.theme({
    '&': { height: '100%', backgroundColor: 'var(--panel)', color: 'var(--text)', fontSize: '12px' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { fontFamily: 'var(--font-code)', lineHeight: '19px' },
    '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
    '.cm-line': { padding: '0 12px 0 8px' },
    '.cm-traceback-line': { backgroundColor: 'var(--hover)', boxShadow: 'inset 2px 0 0 var(--bad)' },
    '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--faint)', border: 'none' },
    '.cm-lineNumbers .cm-gutterElement': { minWidth: '26px', padding: '0 4px 0 8px' },
    '.cm-cursor': { borderLeftColor: 'var(--text)' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
      backgroundColor: 'var(--selection)',
    },
    '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)', outline: '1px solid var(--line-strong)' },
  }),
]
