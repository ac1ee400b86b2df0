import { TriangleAlert } from 'lucide-react'
import type { BoardIdentity, SessionSnapshot } from '../../../shared/model'
import { featureText, identityWords, knownByText, RESET_CAUSES } from '../../stores/identity-words'
import { isReady } from '../../stores/port-state'
import { Fact, FactRows, FactSection } from '../../ui/facts/facts'
import { formatBytes, formatFigure, formatUniqueId } from '../../ui/format'
import { formatMoment } from '../../ui/moments'

const UNKNOWN = 'not told'

/** What the board said of itself at the last connect. It alone knows; without a connection this is memory. */
export function BoardSection({ session }: { readonly session: SessionSnapshot }) {
  const { board, connectedAt } = session
  const isCached = board !== null && !isReady(session)
  return (
    <FactSection title="Board" note={isCached && connectedAt !== null ? `cached, as of ${formatMoment(connectedAt)}` : undefined}>
      <FactRows>
        <Fact label="Machine">{board?.machine ?? UNKNOWN}</Fact>
        <Fact label="Firmware">{firmwareText(board) ?? UNKNOWN}</Fact>
        <Fact label="Platform">{platformText(board) ?? UNKNOWN}</Fact>
        <Fact label="Unique id" isCode={board?.uniqueId != null}>
          {board?.uniqueId == null ? UNKNOWN : formatUniqueId(board.uniqueId)}
        </Fact>
        <KnownBy session={session} />
        <Fact label="Clock">{board?.frequencyHz == null ? UNKNOWN : `${formatFigure(board.frequencyHz / 1_000_000)} MHz`}</Fact>
        <Fact label="Memory">
          {board?.freeMemoryBytes == null ? UNKNOWN : `${formatBytes(board.freeMemoryBytes)} free when it was connected`}
        </Fact>
        <Fact label="Flash">{flashText(board) ?? UNKNOWN}</Fact>
        <Fact label="Started by">{board?.resetCause == null ? UNKNOWN : RESET_CAUSES[board.resetCause]}</Fact>
        <Fact label=".mpy files">{mpyText(board) ?? UNKNOWN}</Fact>
        <Fact label="Can do">{board === null ? UNKNOWN : featureText(board.features) || 'nothing beyond running code'}</Fact>
      </FactRows>
    </FactSection>
  )
}

function KnownBy({ session: { identity } }: { readonly session: SessionSnapshot }) {
  if (identity === null) return <Fact label="Known by">{UNKNOWN}</Fact>
  const { explanation, isDoubtful } = identityWords(identity)
  return (
    <Fact label="Known by">
      <span className={isDoubtful ? 'known-by-doubtful' : undefined}>
        {isDoubtful && <TriangleAlert size={12} strokeWidth={1.75} aria-hidden />} {knownByText(identity)}
      </span>
      <p className="fact-hint">{explanation}</p>
    </Fact>
  )
}

function firmwareText(board: BoardIdentity | null): string | null {
  if (board?.version == null) return board?.name ?? null
  return `${board.name === null || board.name === 'micropython' ? 'MicroPython' : board.name} ${board.version}`
}

function platformText(board: BoardIdentity | null): string | null {
  const parts = [board?.platform ?? null, board?.build == null ? null : `build ${board.build}`].filter(part => part !== null)
  return parts.length === 0 ? null : parts.join(' · ')
}

function flashText(board: BoardIdentity | null): string | null {
  if (board?.flashTotalBytes == null) return null
  const free = board.flashFreeBytes === null ? '' : `${formatBytes(board.flashFreeBytes)} free of `
  return `${free}${formatBytes(board.flashTotalBytes)}`
}

function mpyText(board: BoardIdentity | null): string | null {
  if (board?.mpyVersion == null) return null
  return `version ${board.mpyVersion}${board.mpyArchitecture === null ? ', no native code' : ` · ${board.mpyArchitecture}`}`
}
