import { ChevronRight } from 'lucide-react'
import { Fragment, useLayoutEffect, useRef } from 'react'
import type { Crumb } from './paths'

export interface BreadcrumbProps {
  readonly label: string
  readonly crumbs: readonly Crumb[]
  readonly onGo: (path: string) => void
}

/** Where a pane is; each folder on the way is a button, the last one is where it is. */
export function Breadcrumb({ label, crumbs, onGo }: BreadcrumbProps) {
  const list = useRef<HTMLOListElement>(null)
  const path = crumbs.at(-1)?.path
  // The end of a long path matters more than its beginning.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another path is another width.
  useLayoutEffect(() => {
    const element = list.current
    if (element === null) return
    const showEnd = (): void => {
      element.scrollLeft = element.scrollWidth
      element.toggleAttribute('data-cut', element.scrollLeft > 0)
    }
    showEnd()
    window.addEventListener('resize', showEnd)
    return () => window.removeEventListener('resize', showEnd)
  }, [path])
  return (
    <nav aria-label={label} className="crumbs">
      <ol ref={list}>
        {crumbs.map((crumb, index) => (
          <Fragment key={crumb.path}>
            {index > 0 && (
              <li className="crumb-between" aria-hidden>
                <ChevronRight size={12} strokeWidth={1.75} />
              </li>
            )}
            <li>
              {index === crumbs.length - 1 ? (
                <span className="crumb crumb-here" aria-current="location" title={crumb.path}>
                  {crumb.name}
                </span>
              ) : (
                <button type="button" className="crumb" title={crumb.path} onClick={() => onGo(crumb.path)}>
                  {crumb.name}
                </button>
              )}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  )
}
