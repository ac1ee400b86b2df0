import { Check, Ellipsis } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { SessionSnapshot } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { openDialog } from '../../stores/dialogs-store'
import { isAway } from '../../stores/places'
import { canHardReset, isReady } from '../../stores/port-state'
import { useAction } from '../../ui/actions'

/** What is needed now and then. Force close is always here, whatever state the session is in. */
export function SessionMenu({ session }: { readonly session: SessionSnapshot }) {
  const { stores, commands } = useServices()
  const { sessionId, autoReconnect, backend } = session
  const isBoard = backend !== 'none'
  const canControl = isReady(session)
  const isWatching = session.attachment === 'watching'
  const canReconnect = isBoard && (isAway(session) || isReady(session))
  const reconnect = (): void => void commands.reconnect(sessionId)
  useAction('reconnect', () => {
    if (canReconnect) reconnect()
  })
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="button session-menu-button" aria-label="More for this session" title="More for this session">
          <Ellipsis size={14} strokeWidth={1.75} aria-hidden />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          {isBoard && (
            <>
              <DropdownMenu.Item
                className="menu-item menu-check"
                disabled={!canControl}
                onSelect={() => void commands.reset(sessionId, 'restart')}
              >
                Restart with main.py
              </DropdownMenu.Item>
              <DropdownMenu.Item
                className="menu-item menu-check"
                disabled={!canHardReset(session)}
                onSelect={() => openDialog(stores.dialogs, { kind: 'hard-reset', sessionId })}
              >
                Hard reset…
              </DropdownMenu.Item>
              <DropdownMenu.Item
                className="menu-item menu-check"
                disabled={!canControl}
                onSelect={() => openDialog(stores.dialogs, { kind: 'bootloader', sessionId })}
              >
                Bootloader…
              </DropdownMenu.Item>
              <DropdownMenu.Item
                className="menu-item menu-check"
                disabled={!canControl || session.running !== null || session.task !== null}
                onSelect={() => void (isWatching ? commands.takeOver(sessionId) : commands.watch(sessionId))}
              >
                {isWatching ? 'Take over: interrupt its program' : 'Watch without interrupting'}
              </DropdownMenu.Item>
              <DropdownMenu.Separator className="menu-separator" />
              <DropdownMenu.CheckboxItem
                className="menu-item menu-check"
                checked={autoReconnect}
                onCheckedChange={checked => void commands.setAutoReconnect(sessionId, checked)}
              >
                <DropdownMenu.ItemIndicator className="menu-mark">
                  <Check size={14} strokeWidth={1.75} aria-hidden />
                </DropdownMenu.ItemIndicator>
                Reconnect by itself when lost
              </DropdownMenu.CheckboxItem>
              <DropdownMenu.Item className="menu-item menu-check" disabled={!canReconnect} onSelect={reconnect}>
                {isReady(session) ? 'Drop the connection and reconnect' : 'Reconnect now'}
              </DropdownMenu.Item>
            </>
          )}
          {!isBoard && (
            <DropdownMenu.Item
              className="menu-item menu-check"
              onSelect={() => openDialog(stores.dialogs, { kind: 'edit-group', sessionId })}
            >
              Edit the group…
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Separator className="menu-separator" />
          <DropdownMenu.Item
            className="menu-item menu-check menu-danger"
            onSelect={() => openDialog(stores.dialogs, { kind: 'force-close', sessionId })}
          >
            Force close…
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
