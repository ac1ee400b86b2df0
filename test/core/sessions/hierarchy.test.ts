import { describe, expect, it } from 'vitest'
import { checkAssociates, descendantsOf, type Family } from '../../../electron/core/sessions/manager/hierarchy'

function familyOf(tree: Readonly<Record<string, readonly string[]>>, alsoKnown: readonly string[] = []): Family {
  return { knows: key => key in tree || alsoKnown.includes(key), associatesOf: key => tree[key] ?? [] }
}

describe('which session belongs to which', () => {
  it('S-09: children come first: their keys are checked, and each is kept once', () => {
    expect(checkAssociates(null, ['a', 'b', 'a'], familyOf({ a: [], b: [] }))).toEqual(['a', 'b'])
    expect(() => checkAssociates(null, ['a', 'c'], familyOf({ a: [] }))).toThrow('There is no session c')
  })

  it('S-09: a session may belong to many others', () => {
    const family = familyOf({ child: [], one: ['child'], two: [] })
    expect(checkAssociates('two', ['child'], family)).toEqual(['child'])
  })

  it.each([
    ['to itself', 'a', ['a']],
    ['to its child', 'b', ['a']],
    ['to what belongs to its child', 'c', ['a']],
  ])('S-09: a session does not belong %s', (_what, key, wanted) => {
    const family = familyOf({ a: ['b'], b: ['c'], c: [] })
    expect(() => checkAssociates(key, wanted, family)).toThrow(expect.objectContaining({ code: 'InvalidArgument', reason: 'cycle' }))
  })

  it('a key whose session is forgotten may stay, but not come', () => {
    const family = familyOf({ parent: ['gone'] })
    expect(checkAssociates('parent', ['gone'], family)).toEqual(['gone'])
    expect(() => checkAssociates('parent', ['gone', 'gone too'], family)).toThrow('gone too')
  })

  it('everything below a session is found once, and a family that is tangled ends as well', () => {
    expect(descendantsOf('a', familyOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: ['a'] }))).toEqual(['b', 'c', 'd'])
  })
})
