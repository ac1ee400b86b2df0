import type { LucideIcon } from 'lucide-react'
import { Tooltip } from 'radix-ui'
import type { ComponentProps } from 'react'

export type IconButtonProps = Omit<ComponentProps<'button'>, 'children'> & {
  readonly icon: LucideIcon
  /** Accessible name, and the tooltip's text. */
  readonly label: string
  readonly shortcut?: string
  readonly text?: string
}

/** A quiet button with an icon. Its tooltip names the shortcut. */
export function IconButton({ icon: Icon, label, shortcut, text, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button type="button" aria-label={label} className={`icon-button ${className ?? ''}`} {...rest}>
          <Icon size={14} strokeWidth={1.75} aria-hidden />
          {text !== undefined && <span>{text}</span>}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tooltip" sideOffset={4} collisionPadding={8}>
          {label}
          {shortcut !== undefined && <kbd>{shortcut}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
