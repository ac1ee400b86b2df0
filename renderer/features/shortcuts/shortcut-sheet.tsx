import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useAction } from '../../ui/actions'
import { LOCAL_SHORTCUTS, SHORTCUTS } from './shortcuts'
import './shortcuts.css'

/** All shortcuts at a glance. The native dialog keeps the focus inside and gives it back. */
export function ShortcutSheet() {
  const [isOpen, setOpen] = useState(false)
  const dialog = useRef<HTMLDialogElement>(null)
  useAction('show-shortcuts', () => setOpen(open => !open))
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
  }, [isOpen])
  if (!isOpen) return null
  return (
    <dialog ref={dialog} className="shortcut-sheet" aria-labelledby="shortcut-title" onClose={() => setOpen(false)}>
      <header>
        <h2 id="shortcut-title">Shortcuts</h2>
        <button type="button" className="icon-button" aria-label="Close" title="Close (Esc)" onClick={() => dialog.current?.close()}>
          <X size={14} strokeWidth={1.75} aria-hidden />
        </button>
      </header>
      <dl>
        {SHORTCUTS.map(({ keys, text }) => (
          <Row key={text} keys={keys.join(' or ')} text={text} />
        ))}
        {LOCAL_SHORTCUTS.map(({ keys, text }) => (
          <Row key={text} keys={keys} text={text} />
        ))}
      </dl>
    </dialog>
  )
}

function Row({ keys, text }: { readonly keys: string; readonly text: string }) {
  return (
    <div>
      <dt>{text}</dt>
      <dd>
        <kbd>{keys}</kbd>
      </dd>
    </div>
  )
}
