import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../../electron/core/micropython/files/answer'
import { checksum } from '../../../electron/core/micropython/files/checksum'
import { reasonOf } from '../../../electron/core/micropython/files/file-failure'

const MARK = '0123456789abcdef0123456789abcdef'
function answerOf(body: string, kind: 'crc32' | 'sum' = 'crc32'): Buffer {
  const sum = checksum(kind, Buffer.from(body))
  return Buffer.from(`noise${MARK}${body}${MARK}${body.length.toString(16)},${sum.toString(16)}${MARK}more`)
}

describe('an answer of a program', () => {
  it.each(['crc32', 'sum'] as const)('is its records (%s)', kind => {
    expect(readAnswer(answerOf('a,1;b,2;', kind), MARK, kind)).toEqual({ records: ['a,1', 'b,2'], failure: null })
    expect(readAnswer(answerOf('', kind), MARK, kind)).toEqual({ records: [], failure: null })
  })

  it('ends with what the program failed on', () => {
    const text = Buffer.from('[Errno 2] ENOENT').toString('hex')
    const answer = readAnswer(answerOf(`a;!OSError,${text};`), MARK, 'crc32')
    expect(answer).toEqual({ records: ['a'], failure: { type: 'OSError', text: '[Errno 2] ENOENT' } })
  })

  it('is none when a byte of it is missing or another one', () => {
    const good = answerOf('a,1;b,2;')
    const start = 'noise'.length
    const end = good.length - 'more'.length
    for (let at = start; at < end; at++) {
      expect(readAnswer(Buffer.concat([good.subarray(0, at), good.subarray(at + 1)]), MARK, 'crc32'), `without byte ${at}`).toBe(null)
      const flipped = Buffer.from(good)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      expect(readAnswer(flipped, MARK, 'crc32'), `byte ${at} changed`).toBe(null)
    }
  })
})

describe('the words of an exception', () => {
  it.each([
    ['OSError', '[Errno 2] ENOENT', 'file-not-found'],
    ['OSError', 'file not found', 'file-not-found'],
    ['OSError', '[Errno 17] EEXIST', 'file-exists'],
    ['OSError', 'ENOTEMPTY', 'folder-not-empty'],
    ['OSError', '[Errno 28] ENOSPC', 'disk-full'],
    ['OSError', '[Errno 30] Read-only filesystem', 'read-only-files'],
    ['MemoryError', 'memory allocation failed, allocating 8192 bytes', 'no-memory'],
    ['AttributeError', "'module' object has no attribute 'rename'", 'not-supported'],
    // A number alone means something else on every port.
    ['OSError', '44', null],
    ['OSError', '28', null],
  ])('%s: %s means %s', (type, text, reason) => {
    expect(reasonOf({ type, text })).toBe(reason)
  })
})
