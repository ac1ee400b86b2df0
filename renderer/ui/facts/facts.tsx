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

export interface FactColumnsProps {
  /** The first column has more room than the second. */
  readonly isFirstWider?: boolean
  /** Above both, across the whole width. */
  readonly note?: ReactNode
  readonly first: ReactNode
  readonly second: ReactNode
}

/** Sections in two columns, one below the other where there is little room. Scrolls as a whole. */
export function FactColumns({ isFirstWider = false, note, first, second }: FactColumnsProps) {
  return (
    <div className="fact-columns-scroller">
      {note}
      <div className={isFirstWider ? 'fact-columns fact-columns-uneven' : 'fact-columns'}>
        <div className="fact-column">{first}</div>
        <div className="fact-column">{second}</div>
      </div>
    </div>
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
