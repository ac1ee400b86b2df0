import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBoardPath, checkEntryPath, joinPath, partPath, splitPath } from '../../../electron/core/micropython/files/board-path'
import { pythonText } from '../../../electron/core/micropython/files/python-source'

describe('a path on a board', () => {
  it.each(['/', '/main.py', '/lib/a b/ü\n"\'\\', '/...', '/.hidden', '/ '])('may be %j', path => {
    expect(() => checkBoardPath(path)).not.toThrow()
  })

  it.each([
    '',
    'main.py',
    './x',
    '/a/',
    '//',
    '/a//b',
    '/.',
    '/a/../b',
    '/a\0b',
    `/${'x'.repeat(256)}`,
    `${'/abc'.repeat(200)}`,
    '/\ud800',
  ])('is not %j', path => {
    expect(() => checkBoardPath(path)).toThrow(expect.objectContaining({ code: 'InvalidArgument', reason: 'bad-file-name' }))
  })

  it('that stands for an entry is not the root', () => {
    expect(() => checkEntryPath('/')).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
  })

  it('has a temporary name beside it that is a path, too', () => {
    expect(partPath('/lib/x.py')).toBe('/lib/x.py.muster.part')
    const long = `/lib/${'ü'.repeat(127)}`
    expect(partPath(long)).toMatch(/^\/lib\/[0-9a-f]{12}\.muster\.part$/)
    for (const path of ['/x', long, `/${'x'.repeat(255)}`]) {
      expect(() => checkBoardPath(partPath(path))).not.toThrow()
      expect(splitPath(partPath(path)).folder).toBe(splitPath(path).folder)
    }
    expect(joinPath(splitPath('/a').folder, splitPath('/a').name)).toBe('/a')
  })

  it('becomes Python text without a byte that the prompt would act on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), name => {
        const literal = pythonText(name)
        expect([...literal].every(character => (character.codePointAt(0) ?? 0) >= 0x20)).toBe(true)
        // The literal ends where it ends, not in the name.
        expect(literal.slice(1, -1).replaceAll(/\\[\\'n]|\\x../g, '')).not.toMatch(/['\\]/)
      }),
    )
  })
})
