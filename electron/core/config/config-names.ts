import type { ConfigKeyRow } from './config-key-row'
import { CONFIG_KEYS } from './config-keys'

export interface KnownName {
  readonly row: ConfigKeyRow
  /** The key's own name, and not an alias. */
  readonly isOwn: boolean
  /** Bare numbers are seconds. */
  readonly seconds: boolean
}

const SECONDS = 'seconds'
const NAMES: ReadonlyMap<string, KnownName> = new Map(CONFIG_KEYS.flatMap(namesOf))
/** Everything that holds keys, also below aliases: `devicesessions`, `worker`, `metrics.prometheus`, … */
const SECTIONS: ReadonlySet<string> = new Set([...NAMES.keys()].flatMap(outerNames))

function namesOf(row: ConfigKeyRow): [string, KnownName][] {
  return [row.key, ...row.aliases].flatMap((name, index): [string, KnownName][] => {
    const plain: [string, KnownName] = [name.toLowerCase(), { row, isOwn: index === 0, seconds: false }]
    if (row.rule.kind !== 'duration') return [plain]
    return [plain, [`${plain[0]}${SECONDS}`, { row, isOwn: false, seconds: true }]]
  })
}

function outerNames(name: string): string[] {
  const parts = name.split('.')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'))
}

/**
 * What a path in the file means. Case does not count, nor do sections around it that Muster does not know, such as a
 * product's own section in which a fragment was found. A section that Muster knows is never such a wrapper.
 */
export function lookUpName(path: readonly string[]): KnownName | undefined {
  return forEveryEnd(path, name => NAMES.get(name))
}

export function isSection(path: readonly string[]): boolean {
  return forEveryEnd(path, name => SECTIONS.has(name) || undefined) ?? false
}

/** The first answer for the path, then for the path without its outermost part, and so on. */
function forEveryEnd<T>(path: readonly string[], answer: (name: string) => T | undefined): T | undefined {
  const parts = path.map(part => part.toLowerCase())
  for (let start = 0; start < parts.length; start++) {
    const found = answer(parts.slice(start).join('.'))
    if (found !== undefined) return found
    if (SECTIONS.has(parts[start] ?? '')) return undefined
  }
  return undefined
}
