import { type RefObject, useCallback, useState } from 'react'
import type { CodeEditorHandle } from '../../islands/editor/code-editor'
import { useServices } from '../../stores/context'

export interface TracebackLine {
  /** What is to be said about the line that was asked for; null for nothing. */
  readonly remark: string | null
  /** Goes to a line of the code that a run had. */
  show(number: number, line: number): void
  clear(): void
}

/** From a line of a traceback to the line of the snippet: only where it is the snippet that ran, and saying so where it has changed. */
export function useTracebackLine(sessionId: string, editor: RefObject<CodeEditorHandle | null>): TracebackLine {
  const { stores } = useServices()
  const [remark, setRemark] = useState<string | null>(null)
  const show = useCallback(
    (number: number, line: number) => {
      const ran = stores.ranCode.read(sessionId, number)
      if (ran === undefined) {
        setRemark(`Run #${number} was not started from this editor: its line ${line} is not shown.`)
        return
      }
      const isThere = editor.current?.goToLine(line) ?? false
      if (editor.current?.code === ran) setRemark(null)
      else if (isThere) setRemark(`The code has changed since run #${number}: its line ${line} may be another one now.`)
      else setRemark(`The code has changed since run #${number}: there is no line ${line} any more.`)
    },
    [stores, sessionId, editor],
  )
  const clear = useCallback(() => {
    setRemark(null)
    editor.current?.clearMark()
  }, [editor])
  return { remark, show, clear }
}
