import { type ReactNode, useId } from 'react'
import './facts.css'

export interface FactSectionProps {
  readonly title: string
  /** A few words beside the title. */
  readonly note?: ReactNode
  /** A small button on the right. */
  readonly action?: ReactNode
  readonly children: ReactNode
}

/** A heading with rows below it. */
export function FactSection({ title, note, action, children }: FactSectionProps) {
  const id = useId()
  return (
    <section className="facts" aria-labelledby={id}>
      <header className="facts-head">
        <h3 id={id}>{title}</h3>
        {note !== undefined && <span className="facts-note">{note}</span>}
        <span className="spacer" />
        {action}
      </header>
      {children}
    </section>
  )
}

export function FactRows({ children }: { readonly children: ReactNode }) {
  return <dl className="fact-rows">{children}</dl>
}

export interface FactProps {
  readonly label: string
  /** Code, ports and figures. */
  readonly isCode?: boolean
  readonly title?: string
  readonly children: ReactNode
}

/** One thing that is known: what it is, and what it says. */
export function Fact({ label, isCode = false, title, children }: FactProps) {
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd className={isCode ? 'fact-value mono' : 'fact-value'} title={title}>
        {children}
      </dd>
    </div>
  )
}
