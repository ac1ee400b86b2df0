import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'

export type ButtonProps = ComponentProps<'button'> & {
  readonly icon?: LucideIcon
  readonly tone?: 'normal' | 'primary' | 'danger'
  /** In a dialog: has the focus when it opens. */
  readonly autoFocus?: boolean
}

export function Button({ icon: Icon, tone = 'normal', autoFocus, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`button button-${tone} ${className ?? ''}`} data-focused-first={autoFocus || undefined} {...rest}>
      {Icon !== undefined && <Icon size={14} strokeWidth={1.75} aria-hidden />}
      {children}
    </button>
  )
}
