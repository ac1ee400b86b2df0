/** What stands in the page's source; the app puts a fresh nonce in its place each time it serves the page. */
const PLACEHOLDER = '__CSP_NONCE__'

/** The nonce that the content security policy grants to style elements; empty where the page is served without one. */
export function cspNonce(): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
  return nonce === PLACEHOLDER ? '' : nonce
}

/**
 * Gives the nonce to every style element made during `action`. xterm makes one of its own with the window's document,
 * whichever document it is given.
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

/**
 * Makes `setAttribute('style', …)` on spans do what it says. The policy ignores style attributes, but not the object
 * model; xterm writes such attributes for selected and coloured cells, with the global document. Called once, at start.
 */
export function allowSpanStyles(): void {
  const setAttribute = HTMLSpanElement.prototype.setAttribute
  HTMLSpanElement.prototype.setAttribute = function (name: string, value: string): void {
    if (name === 'style') this.style.cssText = value
    else setAttribute.call(this, name, value)
  }
}
