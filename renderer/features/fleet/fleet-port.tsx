import { memo } from 'react'
import { useServices } from '../../stores/context'
import { StateDot } from '../../ui/state-dot'
import { StateText } from '../../ui/state-text'
import { indent } from './fleet-group'
import { type FleetEntry, portText } from './fleet-rows'
import { rowActions } from './row-actions'

export interface FleetPortProps {
  readonly id: string
  readonly rowKey: string
  readonly entry: FleetEntry
  readonly level: number
  readonly top: number
  readonly height: number
  readonly isSelected: boolean
  readonly isCompact: boolean
  readonly onSelect: (rowKey: string, place: string) => void
}

/** A session or a port. Drawn again when what it says has changed, not with every event of its session. */
export const FleetPort = memo(FleetPortRow, (before, after) => {
  return (
    before.top === after.top &&
    before.height === after.height &&
    before.isSelected === after.isSelected &&
    before.isCompact === after.isCompact &&
    before.onSelect === after.onSelect &&
    sameEntry(before.entry, after.entry)
  )
})

function FleetPortRow({ id, rowKey, entry, level, top, height, isSelected, isCompact, onSelect }: FleetPortProps) {
  const services = useServices()
  const { commands } = services
  const { place, path, name, board, state, session } = entry
  const isMember = level > 2
  const isSentence = !isCompact && !isMember && (state.kind === 'lost' || state.kind === 'silent')
  const isWarm = session?.pool === 'warm'
  const described = [name, board, path, [state.word, state.detail].filter(Boolean).join(' '), isWarm ? 'warm' : '']
    .filter(Boolean)
    .join(', ')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys for all its items.
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and names the current item.
    <div
      id={id}
      role="treeitem"
      aria-level={level}
      aria-selected={isSelected}
      aria-label={described}
      data-state={state.kind}
      className={['fleet-port', isSelected && 'fleet-selected', isMember && 'fleet-member', isSentence && 'fleet-away']
        .filter(Boolean)
        .join(' ')}
      style={{ transform: `translateY(${top}px)`, height, paddingLeft: indent(level) }}
      title={titleOf(entry)}
      onClick={() => onSelect(rowKey, place)}
      onDoubleClick={() => void commands.open(place)}
    >
      <StateDot kind={state.kind} />
      <span className="fleet-name">
        <span className="fleet-name-text">{name}</span>
        {isWarm && <span className="tag">warm</span>}
      </span>
      {!isCompact && !isMember && <span className="fleet-path">{portText(entry)}</span>}
      {!isCompact && !isMember && <span className="fleet-board">{board}</span>}
      <StateText state={state} isShort={isCompact || isMember} />
      {!isMember && (
        <span className="fleet-actions">
          {rowActions(entry, services)
            .filter(({ isForMenu }) => isForMenu !== true)
            .map(({ id: actionId, icon: Icon, label, run }) => (
              <button
                key={actionId}
                type="button"
                className="icon-button"
                aria-label={`${label} ${name}`}
                title={label}
                tabIndex={isSelected ? 0 : -1}
                onClick={event => {
                  event.stopPropagation()
                  run()
                }}
                onDoubleClick={event => event.stopPropagation()}
              >
                <Icon size={14} strokeWidth={1.75} aria-hidden />
              </button>
            ))}
        </span>
      )}
    </div>
  )
}

function titleOf({ path, session }: FleetEntry): string {
  return session?.pool === 'warm' ? `${path}, kept open by the pool for the next caller` : path
}

function sameEntry(one: FleetEntry, other: FleetEntry): boolean {
  return (
    one.place === other.place &&
    one.path === other.path &&
    one.name === other.name &&
    one.board === other.board &&
    one.port === other.port &&
    one.session?.pool === other.session?.pool &&
    one.session?.fault?.final === other.session?.fault?.final &&
    one.state.kind === other.state.kind &&
    one.state.word === other.state.word &&
    one.state.detail === other.state.detail &&
    one.state.until === other.state.until &&
    one.state.since === other.state.since
  )
}
