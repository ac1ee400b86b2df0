/** What is used of a window's `webContents`. */
export interface NavigatingContents {
  on(event: 'will-navigate', listener: (event: NavigationEvent, url: string) => void): unknown
  on(event: 'will-redirect', listener: (event: NavigationEvent, url: string) => void): unknown
  on(event: 'will-frame-navigate', listener: (event: NavigationEvent) => void): unknown
  on(event: 'will-attach-webview', listener: (event: NavigationEvent) => void): unknown
  on(event: 'did-navigate', listener: (event: unknown, url: string) => void): unknown
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: 'deny' }): void
}

export interface NavigationEvent {
  preventDefault(): void
  readonly url?: string
}

export interface NavigationOptions {
  /** The one page that the window shows; going there again is a reload. */
  readonly pageUrl: string
  /** Gets every address that was refused; decides itself whether it is one for the system's browser. */
  readonly onRefused: (url: string) => void
  /** Loads the page again. */
  readonly onLeft: () => void
}

/**
 * Keeps a window on its page: links, scripts, forms, redirects, dropped files, new windows and webviews lead nowhere.
 * `will-frame-navigate` came with Electron 25; on older ones frames are kept out by the content security policy alone.
 */
export function keepOnPage(contents: NavigatingContents, { pageUrl, onRefused, onLeft }: NavigationOptions): void {
  const refuse = (event: NavigationEvent, url: string): void => {
    if (withoutFragment(url) === withoutFragment(pageUrl)) return
    event.preventDefault()
    onRefused(url)
  }
  contents.on('will-navigate', refuse)
  contents.on('will-redirect', (event, url) => {
    event.preventDefault()
    onRefused(url)
  })
  contents.on('will-frame-navigate', event => {
    if (event.url === undefined || withoutFragment(event.url) !== withoutFragment(pageUrl)) event.preventDefault()
  })
  // An empty document is asked for from nowhere: Chromium shows it without announcing it, and it is only left again.
  contents.on('did-navigate', (_event, url) => {
    if (url.startsWith('about:')) onLeft()
  })
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    onRefused(url)
    return { action: 'deny' }
  })
}

function withoutFragment(url: string): string {
  return url.split('#', 1)[0] ?? url
}
