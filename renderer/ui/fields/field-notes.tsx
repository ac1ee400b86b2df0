import { ErrorNote } from '../error-note'
import type { Draft } from './use-draft'
import './fields.css'

/** A long value is named by its beginning. */
const SHOWN_CHARS = 60

/** Below a field: what is wrong with it, what someone else did to it, what became of saving it. */
export function FieldNotes({ id, draft, theirs }: { readonly id: string; readonly draft: Draft; readonly theirs: string }) {
  return (
    <div id={id} className="field-notes">
      {draft.problem !== null && (
        <p className="field-problem" role="alert">
          {draft.problem}
        </p>
      )}
      {draft.isOutrun && (
        <p className="field-outrun" role="status">
          Changed elsewhere to “{theirs.length > SHOWN_CHARS ? `${theirs.slice(0, SHOWN_CHARS)}…` : theirs}”. Enter keeps what stands here,{' '}
          <button type="button" className="link" onClick={draft.cancel}>
            take that one
          </button>
          .
        </p>
      )}
      {draft.error !== null && <ErrorNote error={draft.error} />}
    </div>
  )
}
