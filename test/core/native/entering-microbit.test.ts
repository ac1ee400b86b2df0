import { afterEach, describe, expect, it } from 'vitest'
import { startMicrobit } from '../../boards/microbit'
import { Conversation } from './conversation'
import { expectWorks, LEFT, leaveAs } from './left-boards'

const WITHOUT_RAW_PASTE = LEFT.filter(([, sent]) => !sent.includes('\x05A'))
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

describe('a micro:bit', () => {
  it('is entered however it was left (fault 25)', async () => {
    const board = await startMicrobit()
    ends.push(() => board.unplug())
    const bench = await Conversation.start(board.path, { withoutBackPressure: true })
    ends.push(() => bench.end())
    for (const [how, sent] of [...WITHOUT_RAW_PASTE, ...WITHOUT_RAW_PASTE]) {
      await leaveAs(bench, sent)
      await expect(bench.enter(10_000), how).resolves.toBeUndefined()
      await expectWorks(bench)
    }
  })

  it('is entered while it starts, and its start-up text is shown', async () => {
    const board = await startMicrobit()
    ends.push(() => board.unplug())
    const bench = await Conversation.start(board.path, { withoutBackPressure: true })
    ends.push(() => bench.end())
    await bench.protocol.leave(1_000)
    bench.forget()
    board.reset()
    await bench.enter(10_000)
    await expectWorks(bench)
  })
})
