import type { SessionSnapshot } from '../../../shared/model'

/** Files of the computer and of the board, side by side. */
export function FilesView({ session }: { readonly session: SessionSnapshot }) {
  return <div className="files" data-session={session.sessionId} />
}
