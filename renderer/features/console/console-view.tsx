import { useRef, useState } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import type { ErrorInfo } from '../../../shared/errors'
import type { SessionSnapshot } from '../../../shared/model'
import { CodeEditor, type CodeEditorHandle } from '../../islands/editor/code-editor'
import { boardKey } from '../../stores/board-names'
import { usePortName, usePreference, useServices } from '../../stores/context'
import { isReady, runHindrance } from '../../stores/port-state'
import { useAction } from '../../ui/actions'
import { OutputPane } from './output-pane'
import { RepeatControl } from './repeat-control'
import { RunBar } from './run-bar'
import { SAMPLES } from './samples'
import { useTracebackLine } from './use-traceback-line'
import { WatchingBanner } from './watching-banner'
import './console.css'

/** Code above, output below. */
export function ConsoleView({ session }: { readonly session: SessionSnapshot }) {
  const { commands, stores } = useServices()
  const { sessionId } = session
  const board = boardKey(session)
  const name = usePortName(sessionId)
  const [timeLimitMs, setTimeLimitMs] = usePreference('timeLimitMs')
  const [editorShare, setEditorShare] = usePreference('editorShare')
  const [error, setError] = useState<ErrorInfo | null>(null)
  const editor = useRef<CodeEditorHandle>(null)
  const traceback = useTracebackLine(sessionId, editor)
  const hindrance = runHindrance(session)
  const canRun = hindrance === null

  const run = async (): Promise<void> => {
    if (!canRun) return
    setError(null)
    traceback.clear()
    const result = await commands.execute(sessionId, editor.current?.code ?? '', timeLimitMs)
    // An execution that got as far as the board says in the output how it ended.
    if (!result.ok && result.error.executionId === undefined) setError(result.error)
  }
  useAction('run', () => void run())

  return (
    <div className="console">
      {session.attachment === 'watching' && isReady(session) && <WatchingBanner session={session} />}
      <Group
        className="console-parts"
        orientation="vertical"
        defaultLayout={{ editor: editorShare, output: 100 - editorShare }}
        onLayoutChanged={(layout, meta) => {
          if (meta.isUserInteraction && layout.editor !== undefined) setEditorShare(layout.editor)
        }}
      >
        <Panel id="editor" minSize={96} className="console-editor">
          <RunBar
            canRun={canRun}
            repeat={<RepeatControl session={session} codeOf={() => editor.current?.code ?? ''} />}
            whyNot={hindrance}
            timeLimitMs={timeLimitMs}
            onTimeLimit={setTimeLimitMs}
            onSample={code => {
              editor.current?.setCode(code)
              editor.current?.focus()
            }}
            onRun={() => void run()}
            error={error}
            onDismissError={() => setError(null)}
            remark={traceback.remark}
            onDismissRemark={traceback.clear}
          />
          <CodeEditor
            key={board}
            ref={editor}
            label={`Code for ${name}`}
            initialCode={stores.snippets.read(board) ?? SAMPLES[0]?.code ?? ''}
            onChange={code => {
              stores.snippets.write(board, code)
              // What was wrong with the code before says nothing of this one.
              setError(null)
            }}
            onRun={() => void run()}
          />
        </Panel>
        <Separator className="separator separator-horizontal" aria-label="Resize code and output" />
        <Panel id="output" minSize={96}>
          <OutputPane key={sessionId} session={session} name={name} onTracebackLine={traceback.show} />
        </Panel>
      </Group>
    </div>
  )
}
