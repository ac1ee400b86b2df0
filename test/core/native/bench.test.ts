import { describe, expect, it } from 'vitest'
import { PARTS } from '../../bench/parts'
import { randomBytes, sourceText } from '../../bench/payloads'
import { NO_PEERS } from '../../bench/python-peers'
import { SMOKE } from '../../bench/sizes'

describe('the bench', () => {
  it.each(Object.keys(PARTS))('measures %s, and takes nothing for measured that needs a peer', { timeout: 120_000 }, async part => {
    const results = await PARTS[part]?.({ sizes: SMOKE, peers: NO_PEERS })
    expect(results?.length).toBeGreaterThan(0)
    for (const { name, value, met, peers, note } of results ?? []) {
      const wantsPeer = name.includes('mpremote')
      expect([name, value !== null]).toEqual([name, !wantsPeer])
      if (wantsPeer) expect([name, met, note]).toEqual([name, false, expect.stringMatching(/^not measured: mpremote.* took no part$/)])
      expect(Object.keys(peers).filter(peer => !['Muster', 'bare loop'].includes(peer))).toEqual([])
    }
  })

  it('copies the same bytes every time, as many as were asked for', () => {
    for (const content of [randomBytes, sourceText]) {
      expect(content(10_001, 1)).toHaveLength(10_001)
      expect(content(10_001, 1).equals(content(10_001, 1))).toBe(true)
      expect(content(10_001, 1).equals(content(10_001, 2))).toBe(false)
    }
  })
})
