/** The app's own scheme. Nothing else is ever shown. */
export const APP_SCHEME = 'muster'
export const APP_HOST = 'app'
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`
export const APP_PAGE = `${APP_ORIGIN}/index.html`

/** What the window shows, and whose calls are answered. */
export interface PageAddress {
  readonly url: string
  /** `scheme://host[:port]`, compared exactly. */
  readonly origin: string
}

export const APP_ADDRESS: PageAddress = { url: APP_PAGE, origin: APP_ORIGIN }
