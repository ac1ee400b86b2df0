import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMicrobit } from '../../boards/microbit'
import { Conversation } from './conversation'
import { EVERYWHERE, evaluate } from './typed-values'

/** Its memory holds the code that says a value, and hardly more: what is left of the run before has to go first. */
describe('a value of any kind, from a micro:bit', () => {
  let bench: Conversation
  let unplug: () => Promise<void>
  beforeAll(async () => {
    const board = await startMicrobit()
    unplug = () => board.unplug()
    bench = await Conversation.start(board.path, { withoutBackPressure: true })
  })
  afterAll(async () => {
    await bench.end()
    await unplug()
  })

  it.each(EVERYWHERE)('%s', async (snippet, expected) => {
    await bench.run('import gc\ngc.collect()')
    const { value, error } = await evaluate(bench, snippet)
    expect(error).toBeNull()
    expect(value).toStrictEqual(expected)
  })
})
