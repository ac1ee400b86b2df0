import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { cspNonce } from '../../theme/strict-styles'
import { SnippetEditor } from './snippet-editor'

export interface CodeEditorHandle {
  readonly code: string
  setCode(code: string): void
  /** Puts the cursor on a line, counted from 1, and marks it. False when there is no such line. */
  goToLine(line: number): boolean
  clearMark(): void
  focus(): void
}

export interface CodeEditorProps {
  readonly initialCode: string
  readonly label: string
  /** A text that is not Python. */
  readonly isPlain?: boolean
  readonly onChange: (code: string) => void
  readonly onRun: () => void
  readonly ref?: Ref<CodeEditorHandle>
}

/** The text lives in the editor; give it another `key` to show another one. */
export function CodeEditor({ initialCode, label, isPlain = false, onChange, onRun, ref }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<SnippetEditor>(null)
  const latest = useRef({ initialCode, label, isPlain, onChange, onRun })
  latest.current = { initialCode, label, isPlain, onChange, onRun }

  useEffect(() => {
    if (host.current === null) return
    const created = new SnippetEditor({
      parent: host.current,
      code: latest.current.initialCode,
      label: latest.current.label,
      isPlain: latest.current.isPlain,
      nonce: cspNonce(),
      onChange: code => latest.current.onChange(code),
      onRun: () => latest.current.onRun(),
    })
    editor.current = created
    return () => {
      editor.current = null
      created.dispose()
    }
  }, [])

  useImperativeHandle(ref, () => ({
    get code() {
      return editor.current?.code ?? latest.current.initialCode
    },
    setCode: code => editor.current?.setCode(code),
    goToLine: line => editor.current?.goToLine(line) ?? false,
    clearMark: () => editor.current?.clearMark(),
    focus: () => editor.current?.focus(),
  }))

  return <div className="code-editor" ref={host} />
}
