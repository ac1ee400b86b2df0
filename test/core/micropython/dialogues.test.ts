import { describe, expect, it } from 'vitest'
import { exchanges, Replay, recordedDialogues } from './dialogue-replay'

describe.each(recordedDialogues())('a dialogue recorded from $board', dialogue => {
  it('is read as what it was', () => {
    const reading = new Replay().read(dialogue.steps)
    expect(reading).toMatchSnapshot()
  })

  it('is read the same byte by byte', () => {
    const whole = new Replay().read(dialogue.steps)
    expect(new Replay(bytes => Array.from(bytes, byte => Uint8Array.of(byte))).read(dialogue.steps)).toEqual(whole)
  })

  it('is read the same with every cut, and every two', { timeout: 120_000 }, () => {
    for (const steps of exchanges(dialogue)) {
      const whole = new Replay().read(steps).join('\n')
      for (const step of steps) {
        const { length } = step.received ?? ''
        for (let first = 0; first <= length; first++) {
          for (let second = first; second <= length; second++) {
            const reading = new Replay((bytes, cutStep) => cutAt(bytes, cutStep === step ? [first, second] : [])).read(steps)
            if (reading.join('\n') !== whole) expect(reading, `${first}, ${second} in ${JSON.stringify(step)}`).toEqual(whole.split('\n'))
          }
        }
      }
    }
  })
})

function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...places, bytes.length]
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end))
}
