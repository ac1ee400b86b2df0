import { describe, expect, it } from 'vitest'
import { RestartScanner } from '../../../electron/core/micropython/restart-scanner'
import { latin1 } from '../../fakes/scripted-board'

const BANNER = 'MicroPython v1.26.1 on 2026-01-01; a board\r\nType "help()" for more information.\r\n>>> '

function signsIn(text: string, cut: (bytes: Uint8Array) => readonly Uint8Array[] = bytes => [bytes]): readonly string[] {
  const signs: string[] = []
  const scanner = new RestartScanner(sign => signs.push(sign))
  for (const piece of cut(latin1(text))) scanner.add(piece)
  return signs
}

const byteByByte = (bytes: Uint8Array): readonly Uint8Array[] => Array.from(bytes, byte => Uint8Array.of(byte))

describe('the signs of an interpreter that starts', () => {
  it.each([
    ['a soft reset', 'OK\r\nMPY: soft reboot\r\n', ['soft-reboot']],
    ['one of CircuitPython', '\r\nsoft reboot\r\n\r\n', ['soft-reboot']],
    ['one of stm32', 'MPY: sync filesystems\r\nMPY: soft reboot\r\n', ['soft-reboot']],
    ['bare line feeds', 'MPY: soft reboot\nmore\n', ['soft-reboot']],
    ['a banner', `\r\n${BANNER}`, ['banner']],
    ['a whole start', `MPY: soft reboot\r\nboot\r\n${BANNER}`, ['soft-reboot', 'banner']],
    ['an empty text', '', []],
    ['words in the middle of a line', 'it said MPY: soft reboot\r\n', []],
    ['words with more behind them', 'MPY: soft reboot is near\r\n', []],
    ['a line without its end', 'MPY: soft reboot', []],
    ['a long line that begins like it', `MPY: soft reboot${' '.repeat(100)}\r\n`, []],
    ['another case', 'mpy: Soft Reboot\r\n', []],
  ])('finds in %s what is there, however it is cut', (_what, text, signs) => {
    expect(signsIn(text)).toEqual(signs)
    expect(signsIn(text, byteByByte)).toEqual(signs)
    for (let at = 0; at <= text.length; at++) expect(signsIn(text, bytes => [bytes.slice(0, at), bytes.slice(at)])).toEqual(signs)
  })

  it('finds it after a flood without line ends, and after any bytes', () => {
    expect(signsIn(`${'x'.repeat(1_000_000)}\nMPY: soft reboot\n`)).toEqual(['soft-reboot'])
    expect(signsIn(`${Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')}\nsoft reboot\n`)).toEqual([
      'soft-reboot',
    ])
  })

  it('forgets a line that was begun', () => {
    const signs: string[] = []
    const scanner = new RestartScanner(sign => signs.push(sign))
    scanner.add(latin1('half a '))
    scanner.forget()
    scanner.add(latin1('soft reboot\r\n'))
    expect(signs).toEqual(['soft-reboot'])
  })
})
