import type { WebPreferences } from 'electron'

type Requirements = { readonly [Key in keyof WebPreferences]: boolean }

/** What every window of Muster has, and what none may change. */
const REQUIRED = {
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
} as const satisfies Requirements

/** Options that switch on what Chromium keeps off. */
const FORBIDDEN = [
  'enableBlinkFeatures',
  'disableBlinkFeatures',
  'additionalArguments',
  'plugins',
] as const satisfies readonly (keyof WebPreferences)[]

/** The only place where a window's rights are written down. */
export function secureWebPreferences(preload: string): WebPreferences {
  return assertSecureWebPreferences({ ...REQUIRED, preload, spellcheck: false })
}

/** Every window's preferences pass here. Throws, naming the option, when one is weaker than required or only implied. */
export function assertSecureWebPreferences(preferences: WebPreferences): WebPreferences {
  for (const [key, required] of Object.entries(REQUIRED)) {
    if (Reflect.get(preferences, key) !== required) throw new Error(`A window needs ${key}: ${required}.`)
  }
  for (const key of FORBIDDEN) {
    if (preferences[key] !== undefined) throw new Error(`A window must not set ${key}.`)
  }
  return Object.freeze({ ...preferences })
}
