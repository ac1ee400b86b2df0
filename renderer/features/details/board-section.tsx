import type { SessionSnapshot } from '../../../shared/model'
import { isReady } from '../../stores/port-state'
import { Fact, FactRows, FactSection } from '../../ui/facts/facts'
import { formatBytes, formatCount, formatUniqueId } from '../../ui/format'
import { formatMoment } from '../../ui/moments'

const UNKNOWN = 'not told'

/** What the board said of itself at the last connect. It alone knows; without a connection this is memory. */
export function BoardSection({ session }: { readonly session: SessionSnapshot }) {
  const { board, connectedAt, port, baudRate } = session
  const isCached = board !== null && !isReady(session)
  return (
    <FactSection title="Board" note={isCached && connectedAt !== null ? `cached, as of ${formatMoment(connectedAt)}` : undefined}>
      <FactRows>
        <Fact label="Machine">{board?.machine ?? UNKNOWN}</Fact>
        <Fact label="Firmware">{firmware(session) ?? UNKNOWN}</Fact>
        <Fact label="Unique id" isCode={board?.uniqueId != null}>
          {board?.uniqueId == null ? UNKNOWN : formatUniqueId(board.uniqueId)}
        </Fact>
        <Fact label="Known by">{knownBy(session)}</Fact>
        <Fact label="Memory">
          {board?.freeMemoryBytes == null ? UNKNOWN : `${formatBytes(board.freeMemoryBytes)} free when it was connected`}
        </Fact>
        <Fact label="Port">
          <span className="mono">{port}</span>
          {baudRate !== null && session.backend === 'serial' && ` · ${formatCount(baudRate)} baud`}
        </Fact>
      </FactRows>
    </FactSection>
  )
}

function firmware({ board }: SessionSnapshot): string | null {
  if (board?.version == null) return board?.name ?? null
  return `${board.name === null || board.name === 'micropython' ? 'MicroPython' : board.name} ${board.version}`
}

function knownBy({ board, deviceKey }: SessionSnapshot): string {
  const hasSerial = deviceKey.startsWith('usb:')
  if (board?.uniqueId != null) return hasSerial ? 'unique id, crossed with USB serial number' : 'unique id'
  return hasSerial ? 'USB serial number' : 'port: another board on it would look the same'
}
