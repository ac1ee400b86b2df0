import { expect, it } from 'vitest'
import type { BoardTalk } from '../../../electron/core/micropython/board-talk'
import { BoardQuestions } from '../../../electron/core/micropython/files/board-questions'
import { LinePace } from '../../../electron/core/micropython/files/line-pace'
import { FakeClock } from '../../fakes/fake-clock'

/** A board on which every program ends with the next of these exceptions; `true` for one that checks it before it runs it. */
async function formsAfter(exceptions: readonly string[]): Promise<readonly boolean[]> {
  const forms: boolean[] = []
  const talk = {
    port: '/dev/ttyTEST0',
    hasBackPressure: true,
    ask: async (code: string) => {
      forms.push(code.includes('crc32(s)=='))
      return {
        outcome: 'exception',
        stdout: new Uint8Array(0),
        exception: `Traceback:\r\n${exceptions[forms.length - 1] ?? 'OSError: 5'}\r\n`,
      }
    },
  } as unknown as BoardTalk
  const questions = new BoardQuestions(talk, 'crc32', 'packed', new FakeClock(), new LinePace())
  await questions.records({ deed: 'Listing /', body: () => "Y('1;')\n" }).catch(() => {})
  return forms
}

it('programs are checked by the board as long as lack of memory may be what a bad line has made of them', async () => {
  const [odd, full] = ["ImportError: no module named 'deflete'", 'MemoryError: memory allocation failed, allocating 9000000 bytes']
  expect(await formsAfter([odd, odd, odd, odd])).toEqual([true, true, true, true])
  expect(await formsAfter([full, odd, odd, odd])).toEqual([true, true, true, true])
  expect(await formsAfter([full, full, odd, odd])).toEqual([true, true, false, false])
})
