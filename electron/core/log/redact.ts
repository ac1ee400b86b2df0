/** Takes out of a text what a person would not hand to a stranger. */
export type Redactor = (text: string) => string

export const HOME_MARK = '~'
export const SECRET_MARK = '[redacted]'

/** All of them, one after the other. */
export function composeRedactors(...redactors: readonly Redactor[]): Redactor {
  return text => redactors.reduce((redacted, redact) => redact(redacted), text)
}

/**
 * The home folder, and with it the user's name, in every spelling that logs and stack traces hold: as it is, with
 * either slash, with backslashes doubled as in JSON, and URL-encoded with and without encoded slashes. Upper and lower
 * case count as equal, as they do on Windows and macOS. A folder that only begins alike is left alone.
 */
export function redactHome(homeFolder: string): Redactor {
  const home = homeFolder.replace(/[\\/]+$/, '')
  // A home of `/` or `C:` says nothing about anybody, and would match everywhere.
  if (!/[\\/]./.test(home)) return text => text
  const alternatives = [...spellingsOf(home)].sort((a, b) => b.length - a.length).map(escapeForExpression)
  const expression = new RegExp(`(?:${alternatives.join('|')})(?![\\p{L}\\p{N}_-])`, 'giu')
  return text => text.replace(expression, HOME_MARK)
}

function spellingsOf(home: string): ReadonlySet<string> {
  const forward = home.replaceAll('\\', '/')
  const backward = home.replaceAll('/', '\\')
  const encoded = encodeURI(forward)
  return new Set([
    home,
    forward,
    backward,
    backward.replaceAll('\\', '\\\\'),
    encoded,
    // As in `file:///C:/Users/ada`, where some write the colon encoded.
    encoded.replaceAll(':', '%3A'),
    encodeURIComponent(forward),
    encodeURIComponent(backward),
  ])
}

/**
 * Values that follow a telling name, in `name=value`, `name: value` and JSON. Muster logs neither code nor output; this
 * is for what errors and arguments may carry.
 */
export const redactSecrets: Redactor = text => text.replace(NAMED_SECRET, `$1${SECRET_MARK}`).replace(URL_CREDENTIALS, `$1${SECRET_MARK}@`)

const NAMED_SECRET =
  /((?:password|passwd|passphrase|pwd|psk|secret|token|api[-_]?key|wpa[-_]?key|authorization)["']?\s*[:=]\s*(?:bearer\s+)?["']?)(?:[^\s"',;&}\]]+)/gi
const URL_CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi

function escapeForExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
