import { describe, expect, it } from 'vitest'
import { formatEntry, formatLine } from '../../../electron/core/log/format'

describe('a log entry', () => {
  it('says when, how grave, what and with which details', () => {
    const line = formatLine(new Date(0), 'warn', formatEntry('The port was lost', { port: '/dev/ttyACM0', sessions: 1 }))
    expect(line).toBe('1970-01-01T00:00:00.000Z warn  The port was lost {"port":"/dev/ttyACM0","sessions":1}\n')
  })

  it('can not be forged from inside another', () => {
    const forged = formatEntry('label\n1970-01-01T00:00:00.000Z error The disk is full\r\nmore\rstill')
    expect(
      forged
        .split('\n')
        .slice(1)
        .every(line => line.startsWith('    ')),
    ).toBe(true)
    expect(forged).not.toContain('\r')
  })

  it('holds no control characters', () => {
    expect(formatEntry('\u001b[31mred\u0007 \u009b2J \u0000')).toBe('\\x1b[31mred\\x07 \\x9b2J \\x00')
  })

  it('keeps the stack of an error', () => {
    const error = new Error('It broke')
    expect(formatEntry('failed', { error })).toContain('format.test')
  })

  it.each([
    [
      'a cycle',
      (() => {
        const data: Record<string, unknown> = {}
        data.self = data
        return data
      })(),
    ],
    [
      'a throwing accessor',
      {
        get value(): number {
          throw new Error('no')
        },
      },
    ],
  ])('survives %s in its details', (_what, data) => {
    expect(formatEntry('x', data)).toContain('could not be written')
  })

  it('writes big integers', () => {
    expect(formatEntry('x', { serial: 12n })).toBe('x {"serial":"12"}')
  })
})
