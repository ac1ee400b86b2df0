import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinTransfers } from '../../electron/ipc/join-transfers'
import type { Transfer, TransferFile, TransferUpdate } from '../../shared/model'
import { aTransfer, aTransferFile } from '../fakes/bridge-shapes'

/** What a page has after these updates. */
function pageOf(updates: readonly TransferUpdate[]): unknown {
  const transfers = new Map<string, Transfer>()
  const files = new Map<string, Map<number, TransferFile>>()
  for (const update of updates) {
    if (update.kind === 'all') for (const map of [transfers, files]) map.clear()
    for (const transfer of update.transfers) transfers.set(transfer.transferId, transfer)
    for (const { transferId, files: changed } of update.files) {
      const known = files.get(transferId) ?? new Map<number, TransferFile>()
      files.set(transferId, known)
      for (const file of changed) known.set(file.index, file)
    }
    for (const id of update.gone) for (const map of [transfers, files]) map.delete(id)
  }
  return {
    transfers: Object.fromEntries(transfers),
    files: Object.fromEntries([...files].map(([id, map]) => [id, Object.fromEntries(map)])),
  }
}

const id = fc.constantFrom('a', 'b', 'c')
const transfer = fc.record({ transferId: id, doneBytes: fc.nat(100) }).map(over => aTransfer(over))
const file = fc.record({ index: fc.nat(3), doneBytes: fc.nat(100) }).map(over => aTransferFile(over))
const update: fc.Arbitrary<TransferUpdate> = fc
  .record({
    kind: fc.constantFrom('all' as const, 'more' as const),
    transfers: fc.uniqueArray(transfer, { maxLength: 3, selector: each => each.transferId }),
    files: fc.uniqueArray(fc.record({ transferId: id, files: fc.array(file, { maxLength: 3 }) }), {
      maxLength: 3,
      selector: each => each.transferId,
    }),
    gone: fc.uniqueArray(id, { maxLength: 2 }),
  })
  // Ids are never used again, and what is all there is names nothing that has gone.
  .map(each => ({
    ...each,
    gone:
      each.kind === 'all'
        ? []
        : each.gone.filter(gone => ![...each.transfers, ...each.files].some(({ transferId }) => transferId === gone)),
  }))

describe('updates of transfers that wait together', () => {
  it('are one update that says the same', () => {
    fc.assert(
      fc.property(fc.array(update, { minLength: 1, maxLength: 5 }), fc.array(update, { minLength: 2, maxLength: 6 }), (before, waiting) => {
        const [first, ...rest] = waiting
        if (first === undefined) return
        const gone = new Set<string>()
        // What has gone does not come back.
        const isLikely = [...before, ...waiting].every(({ transfers, files, gone: going }) => {
          const isFine = [...transfers, ...files].every(({ transferId }) => !gone.has(transferId))
          for (const each of going) gone.add(each)
          return isFine
        })
        fc.pre(isLikely)
        expect(pageOf([...before, rest.reduce(joinTransfers, first)])).toEqual(pageOf([...before, ...waiting]))
      }),
    )
  })

  it('hold of a file that has moved a hundred times only the last', () => {
    const steps = Array.from({ length: 100 }, (_, doneBytes): TransferUpdate => {
      return {
        kind: 'more',
        transfers: [aTransfer({ doneBytes })],
        files: [{ transferId: 'transfer-1', files: [aTransferFile({ doneBytes })] }],
        gone: [],
      }
    })
    const joined = steps.reduce(joinTransfers)
    expect(joined.transfers).toMatchObject([{ doneBytes: 99 }])
    expect(joined.files).toMatchObject([{ files: [{ doneBytes: 99 }] }])
  })
})
