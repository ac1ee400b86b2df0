import { ContextMenu } from 'radix-ui'
import type { ReactElement } from 'react'
import { useServices } from '../../stores/context'
import type { FleetEntry } from './fleet-rows'
import { rowActions } from './row-actions'

export interface RowMenuProps {
  /** Whose menu it is; null while none is open. */
  readonly entry: FleetEntry | null
  /** The list takes the focus back, unless something was opened that has it. */
  readonly onClosed: () => void
  readonly children: ReactElement
}

/** All that can be done with a row, under the other mouse button or Shift+F10. */
export function RowMenu({ entry, onClosed, children }: RowMenuProps) {
  const services = useServices()
  const actions = entry === null ? [] : rowActions(entry, services)
  return (
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      {entry !== null && actions.length > 0 && (
        <ContextMenu.Portal>
          <ContextMenu.Content
            className="menu"
            aria-label={`What can be done with ${entry.name}`}
            collisionPadding={8}
            onCloseAutoFocus={event => {
              event.preventDefault()
              if (services.stores.dialogs.getState().dialog === null) onClosed()
            }}
          >
            {actions.map(({ id, icon: Icon, label, run }) => (
              <ContextMenu.Item key={id} className="menu-item menu-check" onSelect={run}>
                <span className="menu-mark">
                  <Icon size={14} strokeWidth={1.75} aria-hidden />
                </span>
                {label}
              </ContextMenu.Item>
            ))}
          </ContextMenu.Content>
        </ContextMenu.Portal>
      )}
    </ContextMenu.Root>
  )
}
