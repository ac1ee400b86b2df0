/** What stands in the page's source; the app puts a fresh nonce in its place each time it serves the page. */
const PLACEHOLDER = '__CSP_NONCE__'

/** The nonce that the content security policy grants to style elements; empty where the page is served without one. */
export function cspNonce(): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
  return nonce === PLACEHOLDER ? '' : nonce
}

/**
 * Gives the nonce to every style element made during `action`. xterm makes some when it opens and has no option for
 * it.
 */
export function withStyleNonce(nonce: string, action: () => void): void {
  const createElement = document.createElement.bind(document) as (name: string) => HTMLElement
  document.createElement = ((name: string) => {
    const element = createElement(name)
    if (name === 'style' && nonce !== '') element.nonce = nonce
    return element
  }) as typeof document.createElement
  try {
    action()
  } finally {
    // The method is the prototype's: without the own property it is as before.
    Reflect.deleteProperty(document, 'createElement')
  }
}
