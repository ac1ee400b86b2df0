import fs from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { CONFIG_KEYS } from '../../../electron/core/config/config-keys'
import { readConfig } from '../../../electron/core/config/config-reading'
import type { JsonValue } from '../../../shared/model'

const FILE = path.resolve(__dirname, '../../../docs/configuration.md')
const BEGIN = '<!-- The tables below are made of electron/core/config/config-keys.ts. -->'

function code(value: JsonValue): string {
  return `\`${JSON.stringify(value).replaceAll('|', '\\|')}\``
}

function tables(): string {
  const defaults = new Map(readConfig('').keys.map(key => [key.key, key.default]))
  const groups = [...new Set(CONFIG_KEYS.map(({ group }) => group))]
  return groups
    .map(group => {
      const rows = CONFIG_KEYS.filter(row => row.group === group).map(({ key, aliases, rule, description, live }) => {
        const also = aliases.length > 0 ? ` Also known as ${aliases.map(alias => `\`${alias}\``).join(', ')}.` : ''
        return `| \`${key}\`${live ? ' †' : ''} | ${code(defaults.get(key) ?? null)} | ${rule.text} | ${description}${also} |`
      })
      return [`## ${group}`, '', '| Key | Default | Must be | What it is |', '|---|---|---|---|', ...rows].join('\n')
    })
    .join('\n\n')
}

it('the configuration is documented as it is (to renew the page: npx vitest run --project core test/core/config/documentation -u)', async () => {
  const [head] = (await fs.readFile(FILE, 'utf8')).split(BEGIN)
  await expect(`${head}${BEGIN}\n\n${tables()}\n`).toMatchFileSnapshot(FILE)
})
