import { type ReactNode, useEffect, useId, useRef } from 'react'

export interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** The last row: what can be done, the safe way out first. */
  readonly buttons: ReactNode
  /** Enter in a field does the same as the main button. */
  readonly onSubmit?: () => void
}

/** Asks something before it is done. The browser's own dialog keeps the focus inside, gives it back, and closes with Escape. */
export function Dialog({ title, onClose, onSubmit, children, buttons }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    // The browser takes the first button, which may be the one that does harm.
    dialog?.querySelector<HTMLElement>('[data-focused-first]')?.focus()
    return () => dialog?.close()
  }, [])
  return (
    <dialog ref={element} className="dialog" aria-labelledby={titleId} onClose={onClose}>
      <form
        onSubmit={event => {
          event.preventDefault()
          onSubmit?.()
        }}
      >
        <h2 id={titleId}>{title}</h2>
        {children}
        <div className="dialog-buttons">{buttons}</div>
      </form>
    </dialog>
  )
}
