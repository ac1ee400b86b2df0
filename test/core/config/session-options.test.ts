import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../electron/core/config/default-settings'
import { checkSessionOptions } from '../../../electron/core/config/session-options'

describe('the options of one session', () => {
  it('are good as they are by default, in part, and when nothing is said of them', () => {
    expect(checkSessionOptions(DEFAULT_SETTINGS.session)).toBeNull()
    expect(checkSessionOptions({})).toBeNull()
    expect(checkSessionOptions({ idleTimeoutMs: null, connectionTimeoutMs: undefined })).toBeNull()
  })

  it.each([
    [{ connectionTimeoutMs: 499 }, 'The option connectionTimeoutMs must be 500 ms to 10 min.'],
    [{ operationTimeoutMs: Number.POSITIVE_INFINITY }, 'The option operationTimeoutMs must be 100 ms to 1 h.'],
    [{ idleTimeoutMs: 0 }, 'The option idleTimeoutMs must be 1 s to 24 days, or null for never.'],
    [{ readerIdleMs: 999 }, 'The option readerIdleMs must be 1 s to 24 days, or 0 for off.'],
    [{ maxPendingOperations: 1.5 }, 'The option maxPendingOperations must be a whole number from 1 to 10,000.'],
    [{ profile: 'LongRunning' }, 'The option profile must be standard or longRunning.'],
    [{ initSnippet: 'é'.repeat(40_000) }, 'The option initSnippet must be text of at most 65,536 bytes.'],
    [{ filters: [{ name: 'a', type: 'zip' }] }, expect.stringContaining('The option filters must be a list')],
    [{ heartbeat: 5 }, "A session has no option 'heartbeat'."],
    [{ constructor: 5 }, "A session has no option 'constructor'."],
  ])('%j is told in a sentence', (options, sentence) => {
    expect(checkSessionOptions(options as Parameters<typeof checkSessionOptions>[0])).toEqual(sentence)
  })
})
