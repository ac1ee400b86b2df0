import { Hourglass, SkipForward } from 'lucide-react'
import type { InterruptStatus } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { rungWords } from '../../stores/interrupt-words'
import { Countdown } from '../../ui/age'
import { Button } from '../../ui/button'

/** What has been tried to end what runs, and what is tried next. Said to a screen reader rung by rung. */
export function LadderText({ interrupt }: { readonly interrupt: InterruptStatus }) {
  const { done, next } = rungWords(interrupt)
  return (
    <span className="ladder-text" role="status">
      <b>{done}</b>
      {interrupt.until === null ? (
        ', waiting as long as it takes'
      ) : (
        <>
          , {next} <Countdown until={interrupt.until} />
        </>
      )}
    </span>
  )
}

/** Stand where Stop and Soft reset stood: the ladder is climbed at once, or not any further. */
export function LadderButtons({ sessionId, interrupt }: { readonly sessionId: string; readonly interrupt: InterruptStatus }) {
  const { commands } = useServices()
  const isHeld = interrupt.until === null
  return (
    <>
      <Button
        icon={SkipForward}
        tone="danger"
        title={rungWords(interrupt).nextMeans}
        onClick={() => void commands.interrupt(sessionId, 'next')}
      >
        Next step
      </Button>
      <Button
        icon={Hourglass}
        disabled={isHeld}
        title={isHeld ? 'Waiting for the board' : 'Do nothing more; wait for the board as long as it takes'}
        onClick={() => void commands.interrupt(sessionId, 'hold')}
      >
        Keep waiting
      </Button>
    </>
  )
}
