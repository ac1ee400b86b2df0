import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'

export type ButtonProps = ComponentProps<'button'> & {
  readonly icon?: LucideIcon
  readonly tone?: 'normal' | 'primary' | 'danger'
}

export function Button({ icon: Icon, tone = 'normal', className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`button button-${tone} ${className ?? ''}`} {...rest}>
      {Icon !== undefined && <Icon size={14} strokeWidth={1.75} aria-hidden />}
      {children}
    </button>
  )
}
