import type { SessionFault } from '../../../shared/model'
import { errorTitle, hintText } from '../../bridge/error-texts'
import { Fact, FactRows, FactSection } from '../../ui/facts/facts'
import { formatMoment } from '../../ui/moments'

export function FaultSection({ fault }: { readonly fault: SessionFault }) {
  const { code, reason, message, hint, at, final } = fault
  return (
    <FactSection title="Fault">
      <FactRows>
        <Fact label="What">
          <b className="fault-title">{errorTitle(reason === null ? { code } : { code, reason })}</b>
        </Fact>
        <Fact label="Message">{message}</Fact>
        {hint !== null && <Fact label="What to do">{hintText(hint)}</Fact>}
        <Fact label="Code" isCode>
          {code}
          {reason !== null && ` · ${reason}`}
        </Fact>
        <Fact label="When">{formatMoment(at)}</Fact>
        <Fact label="Final">{final ? 'yes: it can only be closed' : 'no: it can be connected again'}</Fact>
      </FactRows>
    </FactSection>
  )
}
