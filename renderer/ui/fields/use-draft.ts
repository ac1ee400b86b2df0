import { useState } from 'react'
import type { Result } from '../../../shared/contract'
import type { ErrorInfo } from '../../../shared/errors'
import { useAttempt } from '../use-attempt'

export interface DraftOptions {
  /** What it says now, wherever the change came from. */
  readonly value: string
  /** What is wrong with a text, as a sentence; null for nothing. */
  readonly check?: (text: string) => string | null
  /** Another way to write what it says already. */
  readonly isSame?: (text: string) => boolean
  readonly onSave: (text: string) => Promise<Result<unknown>>
}

export interface Draft {
  readonly text: string
  readonly problem: string | null
  /** Someone else changed the value while it was being edited here. */
  readonly isOutrun: boolean
  readonly isBusy: boolean
  readonly error: ErrorInfo | null
  change(text: string): void
  /** Enter: what stands here wins. */
  save(): void
  /** Leaving the field: saves, unless that would undo what someone else did. */
  leave(): void
  cancel(): void
}

/** A text that is being edited. Changes from outside never overwrite it; it says that there are any. */
export function useDraft({ value, check, isSame, onSave }: DraftOptions): Draft {
  const [draft, setDraft] = useState<{ readonly text: string; readonly over: string } | null>(null)
  // Until the change has come back from where it was saved, the old value would show once more.
  const [saved, setSaved] = useState<{ readonly text: string; readonly over: string } | null>(null)
  if (saved !== null && saved.over !== value) setSaved(null)
  const attempt = useAttempt()
  const problem = draft === null ? null : (check?.(draft.text) ?? null)
  const isOutrun = draft !== null && draft.over !== value && draft.text !== value

  const cancel = (): void => {
    setDraft(null)
    attempt.clear()
  }
  const save = (): void => {
    if (draft === null || attempt.isBusy) return
    if (draft.text === value || (problem === null && isSame?.(draft.text) === true)) {
      cancel()
      return
    }
    if (problem !== null) return
    void attempt
      .run(() => onSave(draft.text))
      .then(result => {
        if (!result.ok) return
        setSaved({ text: draft.text, over: value })
        // What has been typed meanwhile is a draft of its own.
        setDraft(now => (now?.text === draft.text ? null : now))
      })
  }
  return {
    text: draft?.text ?? (saved?.over === value ? saved.text : value),
    problem,
    isOutrun,
    isBusy: attempt.isBusy,
    error: attempt.error,
    change: text => setDraft(before => ({ text, over: before?.over ?? value })),
    save,
    leave() {
      if (!isOutrun) save()
    },
    cancel,
  }
}
