import { Ellipsis } from 'lucide-react'
import { ContextMenu, DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

/** What can be done with what is marked in a pane; the same by the button and by the right mouse button. */
export interface PaneMenuItem {
  readonly label: string
  readonly shortcut?: string
  /** Why it can't be done now; null where it can. */
  readonly whyNot: string | null
  readonly isDanger?: boolean
  /** A line above it. */
  readonly isFirstOfGroup?: boolean
  readonly run: () => void
}

/** Why nothing can be done with what is marked; null where it can. */
export function noneOf(names: readonly string[]): string | null {
  return names.length === 0 ? 'Nothing is marked' : null
}

export function oneOf(names: readonly string[]): string | null {
  return names.length === 1 ? null : 'Mark one file or folder'
}

export function PaneMenuButton({ items }: { readonly items: readonly PaneMenuItem[] }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="icon-button" aria-label="More for these files" title="More for these files">
          <Ellipsis size={14} strokeWidth={1.75} aria-hidden />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={2} onCloseAutoFocus={event => event.preventDefault()}>
          {items.map(item => (
            <MenuLine key={item.label} item={item} separator={<DropdownMenu.Separator className="menu-separator" />}>
              <DropdownMenu.Item
                className={item.isDanger === true ? 'menu-item menu-danger' : 'menu-item'}
                disabled={item.whyNot !== null}
                title={item.whyNot ?? undefined}
                onSelect={item.run}
              >
                <ItemText item={item} />
              </DropdownMenu.Item>
            </MenuLine>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export function PaneContextMenu({ items, children }: { readonly items: readonly PaneMenuItem[]; readonly children: ReactNode }) {
  return (
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content className="menu" onCloseAutoFocus={event => event.preventDefault()}>
          {items.map(item => (
            <MenuLine key={item.label} item={item} separator={<ContextMenu.Separator className="menu-separator" />}>
              <ContextMenu.Item
                className={item.isDanger === true ? 'menu-item menu-danger' : 'menu-item'}
                disabled={item.whyNot !== null}
                title={item.whyNot ?? undefined}
                onSelect={item.run}
              >
                <ItemText item={item} />
              </ContextMenu.Item>
            </MenuLine>
          ))}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  )
}

interface MenuLineProps {
  readonly item: PaneMenuItem
  readonly separator: ReactNode
  readonly children: ReactNode
}

function MenuLine({ item, separator, children }: MenuLineProps) {
  return (
    <>
      {item.isFirstOfGroup === true && separator}
      {children}
    </>
  )
}

function ItemText({ item: { label, shortcut } }: { readonly item: PaneMenuItem }) {
  return (
    <>
      <span className="menu-text">{label}</span>
      {shortcut !== undefined && <kbd>{shortcut}</kbd>}
    </>
  )
}
