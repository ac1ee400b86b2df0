/** Sites that the interface links to. Exact names: a name that only ends alike is another site. */
const ALLOWED_HOSTS: ReadonlySet<string> = new Set(['micropython.org', 'docs.micropython.org'])

const LINK_MAX_CHARS = 2_048

/**
 * The address to hand to the system's browser, spelled anew, or null for whatever is not plainly a page of a site we
 * link to. Text from a board never gets here as a link; this holds even if it did.
 */
export function externalLink(address: string): string | null {
  if (address.length > LINK_MAX_CHARS) return null
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return null
  }
  const isPlain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === ''
  return isPlain && ALLOWED_HOSTS.has(url.hostname) ? url.href : null
}
