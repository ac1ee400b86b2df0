import type { FilterInfo, FlowType } from '../../../shared/model'

export type ChainRow =
  | { readonly row: 'port' }
  | { readonly row: 'filter'; readonly filter: FilterInfo; readonly index: number }
  | { readonly row: 'protocol' }
  | { readonly row: 'readers' }

/** A row, and what comes out of it towards the readers; null after the last. */
export interface ChainLink {
  readonly link: ChainRow
  readonly flow: FlowType | null
}

/** From the port to the readers. The protocol needs bytes: it stands before the first filter that makes text of them. */
export function chainLinks(filters: readonly FilterInfo[]): readonly ChainLink[] {
  const links: ChainLink[] = [{ link: { row: 'port' }, flow: 'bytes' }]
  const firstText = filters.findIndex(({ produces }) => produces === 'text')
  const protocolAt = firstText < 0 ? filters.length : firstText
  let flow: FlowType = 'bytes'
  for (const [index, filter] of filters.entries()) {
    if (index === protocolAt) links.push({ link: { row: 'protocol' }, flow: 'bytes' })
    if (filter.produces !== 'message') flow = filter.produces
    links.push({ link: { row: 'filter', filter, index }, flow })
  }
  if (protocolAt === filters.length) links.push({ link: { row: 'protocol' }, flow })
  return [...links, { link: { row: 'readers' }, flow: null }]
}

export interface ReportGroup {
  readonly title: string
  readonly figures: readonly { readonly label: string; readonly value: string }[]
}

/** `Received: calls` and `Received: average` stand together. */
export function reportGroups(report: FilterInfo['report']): readonly ReportGroup[] {
  const groups = new Map<string, { label: string; value: string }[]>()
  for (const { label, value } of report) {
    const [title, what] = label.includes(': ') ? label.split(': ', 2) : ['', label]
    const figures = groups.get(title ?? '') ?? []
    figures.push({ label: (what ?? '').toLowerCase(), value })
    groups.set(title ?? '', figures)
  }
  return [...groups].map(([title, figures]) => ({ title, figures }))
}
