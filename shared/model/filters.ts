export type FilterType = 'logging' | 'stats' | 'rateLimit' | 'textCodec'

/** What flows between two filters. */
export type FlowType = 'bytes' | 'text' | 'message'

export interface FilterSpec {
  /** Unique in its chain. */
  readonly name: string
  readonly type: FilterType
  readonly settings?: Readonly<Record<string, string | number | boolean>>
}

export type FilterPlace = { readonly at: 'first' | 'last' } | { readonly before: string } | { readonly after: string }

/** One filter of a chain, in the order in which incoming bytes meet them. */
export interface FilterInfo extends FilterSpec {
  readonly accepts: FlowType
  readonly produces: FlowType
  /** What the filter tells of itself, for example calls and times. */
  readonly report: readonly { readonly label: string; readonly value: string }[]
}
