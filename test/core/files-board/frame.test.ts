import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checksum, crc32 } from '../../../electron/core/micropython/files/checksum'
import { encodeFrame, encodeSignal, type Frame, FrameReader, HEADER_BYTES } from '../../../electron/core/micropython/files/frame'

interface Heard {
  readonly frames: Frame[]
  lost: number
  ended: number
}

function reader(kind: 'crc32' | 'sum' = 'crc32'): { readonly heard: Heard; readonly reader: FrameReader } {
  const heard: Heard = { frames: [], lost: 0, ended: 0 }
  return {
    heard,
    reader: new FrameReader(
      kind,
      frame => heard.frames.push(frame),
      () => heard.lost++,
      () => heard.ended++,
    ),
  }
}

function frameOf(payload: Uint8Array, position = 7, kind: 'crc32' | 'sum' = 'crc32'): Uint8Array {
  return encodeFrame(kind, { kind: 'x', position, length: payload.length, checksum: checksum(kind, payload), payload })
}

const END = Uint8Array.of(4, 4, 0x3e)

describe('frames', () => {
  it('have a printable header, so that no control byte is in it', () => {
    const header = Buffer.from(encodeSignal('crc32', 'k', 0xfedc_ba98, 77))
    expect(header).toHaveLength(HEADER_BYTES)
    expect(header.toString('latin1')).toMatch(/^\{k[0-9a-f]+$/)
  })

  it.each(['crc32', 'sum'] as const)('are read on every split, up to the 04 that ends the program (%s)', kind => {
    const payload = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const all = Buffer.concat([frameOf(payload, 1, kind), encodeSignal(kind, 's', 5), END])
    for (let cut = 0; cut <= all.length; cut++) {
      const { heard, reader: frames } = reader(kind)
      const first = frames.feed(all.subarray(0, cut))
      const second = frames.feed(all.subarray(cut))
      expect(heard.frames.map(frame => [frame.kind, frame.position, frame.payload.length])).toEqual([
        ['x', 1, 256],
        ['s', 5, 0],
      ])
      expect(heard.lost).toBe(0)
      expect(first + second).toBe(all.length - END.length)
    }
  })

  it('are the same however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
        fc.array(fc.nat(100), { minLength: 1 }),
        (payloads, cuts) => {
          const all = Buffer.concat(payloads.map((payload, index) => frameOf(payload, index)))
          const { heard, reader: frames } = reader()
          for (let at = 0, turn = 0; at < all.length; turn++) {
            const size = 1 + (cuts[turn % cuts.length] ?? 0)
            frames.feed(all.subarray(at, at + size))
            at += size
          }
          expect(heard.frames.map(({ payload }) => Buffer.from(payload).toString('hex'))).toEqual(
            payloads.map(payload => Buffer.from(payload).toString('hex')),
          )
        },
      ),
    )
  })

  it('are found again behind anything, once they are searched for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), noise => {
        const { heard, reader: frames } = reader()
        frames.search()
        // As much of anything as a header swallows at most.
        frames.feed(Buffer.concat([noise, Buffer.alloc(HEADER_BYTES, '\n'), encodeSignal('crc32', 's', 0, 99)]))
        expect(heard.frames.at(-1)).toMatchObject({ kind: 's', length: 99 })
      }),
    )
  })

  it('are lost, and said so once, when something else comes; nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), noise => {
        const { heard, reader: frames } = reader()
        const read = frames.feed(noise)
        expect(read).toBeLessThanOrEqual(noise.length)
        expect(heard.lost).toBeLessThanOrEqual(1)
        expect(heard.frames).toEqual([])
      }),
    )
  })

  it('with one changed byte are never taken for whole', () => {
    const payload = Buffer.from('some bytes of a file')
    const good = frameOf(payload)
    for (let at = 0; at < good.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const bad = Uint8Array.from(good)
        bad[at] = (bad[at] ?? 0) ^ (1 << bit)
        const { heard, reader: frames } = reader()
        frames.feed(bad)
        for (const frame of heard.frames) expect(crc32(frame.payload)).not.toBe(frame.checksum)
      }
    }
  })
})
