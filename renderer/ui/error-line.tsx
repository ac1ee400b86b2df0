import type { ErrorInfo } from '../../shared/errors'
import { errorTitle, hintText } from '../bridge/error-texts'

/** An error on a line of its own place: heading, sentence, next step. A heading that the sentence begins with is not said twice. */
export function ErrorLine({ error }: { readonly error: ErrorInfo }) {
  const title = errorTitle(error)
  const rest = error.message.startsWith(title) ? error.message.slice(title.length).replace(/^[.:]?\s*/, '') : error.message
  return (
    <>
      <b>{title}.</b> {rest} {error.hint !== undefined && hintText(error.hint)}
    </>
  )
}
