import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../../electron/core/base/clock'
import { silentLogger } from '../../../../electron/core/base/logger'
import { BoardAccess, type FileSessions } from '../../../../electron/core/files/board-access'
import type { BoardAbilities, BoardFiles } from '../../../../electron/core/micropython/files/board-files'
import { createBoardFiles } from '../../../../electron/core/micropython/files/create-board-files'
import type { BoardIdentity } from '../../../../shared/model'
import { type NativeBoard, startNativeBoard } from '../../../boards/native-board'
import { someOptions } from '../../../fakes/bridge-shapes'
import { SOME_BOARD } from '../../../fakes/fake-protocol'
import { fakeSnapshot } from '../../../fakes/fake-snapshot'
import { Conversation } from '../conversation'
import { MemorySink, never, noise, sourceOf } from './bench-files'

describe('what a board can do', () => {
  let board: NativeBoard
  let bench: Conversation
  beforeEach(async () => {
    board = await startNativeBoard()
    bench = await Conversation.start(board.path)
  })
  afterEach(async () => {
    await bench.end()
    await board.unplug()
  })

  async function abilitiesWith(known: BoardIdentity | null, watchdogFeed = ''): Promise<BoardAbilities> {
    let seen: BoardAbilities | null = null
    const sessions = {
      info: () => ({ snapshot: fakeSnapshot({ board: known }), options: someOptions({ watchdogFeed }) }),
      runTask: (_id: string, _title: string, work: (talk: unknown, signal: AbortSignal) => Promise<unknown>) =>
        work(bench.protocol.talk, new AbortController().signal),
    } as unknown as FileSessions
    const access = new BoardAccess(sessions, (_talk, abilities) => {
      seen = abilities
      return {} as BoardFiles
    })
    await access.run('session', 'Looking', async () => {}, new AbortController().signal)
    if (seen === null) throw new Error('No files were made.')
    return seen
  }

  it('is asked for once more before its files are touched, where it was not told in full', async () => {
    for (const known of [null, { ...SOME_BOARD, platform: null, features: [] }]) {
      expect((await abilitiesWith(known)).features).toEqual(expect.arrayContaining(['sha256', 'rename', 'binaryInput']))
    }
  })

  it('includes how its watchdog is fed, and it is fed between the chunks of every file', async () => {
    const abilities = await abilitiesWith(null, 'feeds += 1')
    expect(abilities.feedCode).toBe('feeds += 1')
    await bench.run('feeds = 0')
    const files = createBoardFiles(bench.protocol.talk, abilities, { clock: systemClock, logger: silentLogger })
    await files.write('/x', sourceOf(noise(100_000)), { signal: never() })
    const written = Number((await bench.run('print(feeds)')).stdout)
    expect(written).toBeGreaterThan(5)
    await files.read('/x', new MemorySink(), { signal: never() })
    expect(Number((await bench.run('print(feeds)')).stdout)).toBeGreaterThan(written + 5)
  })

  it('is not asked for again where it was', async () => {
    const before = bench.written.length
    expect(await abilitiesWith(SOME_BOARD)).toEqual({ features: SOME_BOARD.features, freeMemoryBytes: SOME_BOARD.freeMemoryBytes })
    expect(bench.written.length).toBe(before)
  })
})
