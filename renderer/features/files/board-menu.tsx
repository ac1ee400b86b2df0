import { Ellipsis } from 'lucide-react'
import { ContextMenu, DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

/** What can be done with what is marked on the board; the same by the button and by the right mouse button. */
export interface BoardMenuItem {
  readonly label: string
  readonly shortcut?: string
  /** Why it can't be done now; null where it can. */
  readonly whyNot: string | null
  readonly isDanger?: boolean
  /** A line above it. */
  readonly isFirstOfGroup?: boolean
  readonly run: () => void
}

export function BoardMenuButton({ items }: { readonly items: readonly BoardMenuItem[] }) {
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

export function BoardContextMenu({ items, children }: { readonly items: readonly BoardMenuItem[]; readonly children: ReactNode }) {
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
  readonly item: BoardMenuItem
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

function ItemText({ item: { label, shortcut } }: { readonly item: BoardMenuItem }) {
  return (
    <>
      <span className="menu-text">{label}</span>
      {shortcut !== undefined && <kbd>{shortcut}</kbd>}
    </>
  )
}
