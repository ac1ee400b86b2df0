import { ChevronDown, FileCode, Play, Timer, X } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import { Button } from '../../ui/button'
import { ErrorLine } from '../../ui/error-line'
import { IconButton } from '../../ui/icon-button'
import { SAMPLES } from './samples'

const TIME_LIMITS: readonly { readonly ms: number; readonly label: string }[] = [
  { ms: 10_000, label: '10 s' },
  { ms: 60_000, label: '1 min' },
  { ms: 600_000, label: '10 min' },
  { ms: 3_600_000, label: '1 h' },
]

export interface RunBarProps {
  readonly canRun: boolean
  readonly repeat: ReactNode
  readonly whyNot: string | null
  readonly timeLimitMs: number
  readonly onTimeLimit: (ms: number) => void
  readonly onSample: (code: string) => void
  readonly onRun: () => void
  readonly error: ErrorInfo | null
  readonly onDismissError: () => void
  /** About the line of a traceback that was asked for. */
  readonly remark: string | null
  readonly onDismissRemark: () => void
}

/** Over the code: what to start from, how long it may take, and Run. */
export function RunBar(props: RunBarProps) {
  const limit = TIME_LIMITS.find(({ ms }) => ms === props.timeLimitMs)?.label ?? `${props.timeLimitMs / 1_000} s`
  return (
    <>
      <div className="run-bar">
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger asChild>
            <button type="button" className="quiet-button run-samples">
              <FileCode size={14} strokeWidth={1.75} aria-hidden />
              Samples
              <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
            </button>
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content className="menu" align="start" sideOffset={2}>
              {SAMPLES.map(({ name, code }) => (
                <DropdownMenu.Item key={name} className="menu-item" onSelect={() => props.onSample(code)}>
                  {name}
                </DropdownMenu.Item>
              ))}
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
        <span className="spacer" />
        {props.repeat}
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger asChild>
            <button type="button" className="quiet-button" aria-label={`Time limit, ${limit}`} title="Time limit of a run">
              <Timer size={14} strokeWidth={1.75} aria-hidden />
              {limit}
            </button>
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content className="menu" align="end" sideOffset={2}>
              <DropdownMenu.Label className="menu-label">Stop a run after</DropdownMenu.Label>
              <DropdownMenu.RadioGroup value={String(props.timeLimitMs)} onValueChange={value => props.onTimeLimit(Number(value))}>
                {TIME_LIMITS.map(({ ms, label }) => (
                  <DropdownMenu.RadioItem key={ms} className="menu-item" value={String(ms)}>
                    {label}
                  </DropdownMenu.RadioItem>
                ))}
              </DropdownMenu.RadioGroup>
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
        <Button
          icon={Play}
          tone="primary"
          aria-label="Run"
          disabled={!props.canRun}
          title={props.whyNot ?? 'Run (Ctrl+Enter)'}
          onClick={props.onRun}
        >
          Run <kbd>Ctrl ↵</kbd>
        </Button>
      </div>
      <div role="status">
        {props.remark !== null && (
          <div className="run-remark">
            <p>{props.remark}</p>
            <IconButton icon={X} label="Dismiss" onClick={props.onDismissRemark} />
          </div>
        )}
      </div>
      {props.error !== null && (
        <div className="run-error" role="alert">
          <p>
            <ErrorLine error={props.error} />
          </p>
          <IconButton icon={X} label="Dismiss" onClick={props.onDismissError} />
        </div>
      )}
    </>
  )
}
