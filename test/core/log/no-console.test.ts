import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

it('B-36: nothing in main speaks to a console: whoever has something to say is given a logger', () => {
  const speaking = readdirSync('electron', { recursive: true, encoding: 'utf8' })
    .filter(name => /^(core|ipc|shell)[\\/].*\.ts$/.test(name) || /^[^\\/]+\.ts$/.test(name))
    .filter(name => /(?<![.\w])console\s*(?:\.\w+\(|\[)/.test(readFileSync(`electron/${name}`, 'utf8')))
  expect(speaking).toEqual([])
})
