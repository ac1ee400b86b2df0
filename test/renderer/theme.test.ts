import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync('renderer/theme/tokens.css', 'utf8')
const [light = '', dark = ''] = css.split('@media')

/** Relative luminance, as in WCAG 2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map(at => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map(part => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

describe.each([
  ['light', light],
  ['dark', dark],
])('colours, %s', (_name, tokens) => {
  const token = (name: string): string => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(tokens)?.[1] ?? ''

  test('a selection is seen on the output and in the code, and its text is read', () => {
    for (const ground of ['sunken', 'panel']) expect(contrast(token('selection'), token(ground))).toBeGreaterThan(1.25)
    expect(contrast(token('text'), token('selection'))).toBeGreaterThan(4.5)
  })

  test('text is read on every ground', () => {
    for (const text of ['text', 'muted', 'faint'])
      for (const ground of ['bg', 'panel', 'sunken']) expect(contrast(token(text), token(ground))).toBeGreaterThan(4.5)
  })
})
