import { X } from 'lucide-react'
import { useNoticesState, useServices } from '../../stores/context'
import { dismissNotice } from '../../stores/notices-store'
import { ErrorLine } from '../../ui/error-line'
import { IconButton } from '../../ui/icon-button'

/** Errors of commands that have no better place. They stay until they are dismissed, and cover nothing. */
export function Notices() {
  const { stores } = useServices()
  const notices = useNoticesState(state => state.notices)
  return (
    <>
      {notices.map(({ id, error }) => (
        <div key={id} className="notice" role="alert">
          <p>
            <ErrorLine error={error} />
          </p>
          <IconButton icon={X} label="Dismiss" onClick={() => dismissNotice(stores.notices, id)} />
        </div>
      ))}
    </>
  )
}
