import type { ConfigKey } from '../../../shared/model'

export interface SettingsGroup {
  readonly name: string
  readonly keys: readonly ConfigKey[]
}

/** Every word of the query must be in what a key says: its name, group, description, value or rule. */
export function findKeys(keys: readonly ConfigKey[], query: string, onlyChanged: boolean): readonly ConfigKey[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return keys.filter(key => {
    if (onlyChanged && !isChanged(key)) return false
    const text = [key.key, spaced(key.key), key.group, key.description, key.rule, JSON.stringify(key.value)].join(' ').toLowerCase()
    return words.every(word => text.includes(word))
  })
}

/** In the order in which the groups and their keys are given. */
export function groupKeys(keys: readonly ConfigKey[]): readonly SettingsGroup[] {
  const groups = new Map<string, ConfigKey[]>()
  for (const key of keys) groups.set(key.group, [...(groups.get(key.group) ?? []), key])
  return [...groups].map(([name, members]) => ({ name, keys: members }))
}

export function isChanged(key: ConfigKey): boolean {
  return key.source === 'file'
}

/** `deviceSessions.idleTimeout` → `Idle timeout`. */
export function titleOf({ key }: ConfigKey): string {
  const words = spaced(key.slice(key.lastIndexOf('.') + 1)).toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function spaced(text: string): string {
  return text.replace(/([a-z\d])([A-Z])/g, '$1 $2')
}
