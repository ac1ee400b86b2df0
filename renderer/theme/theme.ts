/** Colours for what is drawn on a canvas or by a library, read from the style sheet: it is the one source. */
const TOKENS = {
  panel: '--panel',
  sunken: '--sunken',
  line: '--line',
  lineStrong: '--line-strong',
  text: '--text',
  muted: '--muted',
  faint: '--faint',
  accent: '--accent',
  selection: '--selection',
  ok: '--ok',
  run: '--run',
  warn: '--warn',
  bad: '--bad',
  idle: '--idle',
  series1: '--series-1',
  series2: '--series-2',
  series3: '--series-3',
  series4: '--series-4',
  codeKeyword: '--code-keyword',
  codeFunction: '--code-function',
} as const

export type ThemeColours = Readonly<Record<keyof typeof TOKENS, string>>

export function readColours(): ThemeColours {
  const style = getComputedStyle(document.documentElement)
  const entries = Object.entries(TOKENS).map(([name, token]) => [name, style.getPropertyValue(token).trim() || '#808080'])
  return Object.fromEntries(entries) as ThemeColours
}

/** Calls back when the system goes from light to dark or back. Returns the function that ends it. */
export function onThemeChanged(listener: () => void): () => void {
  const query = window.matchMedia('(prefers-color-scheme: dark)')
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}
