import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  type DeviceAskingContents,
  denyBluetooth,
  denyPermissions,
  isGranted,
  type PermissionSession,
} from '../../../electron/shell/permissions'
import { preventable } from '../support/preventable'

/** Names in a union of string literals of Electron's own declarations. */
function permissionNames(): string[] {
  const declarations = readFileSync('node_modules/electron/electron.d.ts', 'utf8')
  const names = new Set<string>()
  for (const handler of ['setPermissionCheckHandler(handler', 'setPermissionRequestHandler(handler']) {
    const line = declarations.slice(declarations.indexOf(handler)).split('\n', 1)[0] ?? ''
    const union = /permission: ((?:'[^']+'(?: \| )?)+)/.exec(line)?.[1] ?? ''
    for (const [, name] of union.matchAll(/'([^']+)'/g)) if (name !== undefined) names.add(name)
  }
  return [...names]
}

type Choose = Parameters<PermissionSession['on']>[1]

class FakePermissionSession implements PermissionSession {
  request: Parameters<PermissionSession['setPermissionRequestHandler']>[0] | undefined
  check: Parameters<PermissionSession['setPermissionCheckHandler']>[0] | undefined
  device: Parameters<PermissionSession['setDevicePermissionHandler']>[0] | undefined
  readonly choices = new Map<string, Choose>()

  setPermissionRequestHandler(handler: NonNullable<FakePermissionSession['request']>): void {
    this.request = handler
  }

  setPermissionCheckHandler(handler: NonNullable<FakePermissionSession['check']>): void {
    this.check = handler
  }

  setDevicePermissionHandler(handler: NonNullable<FakePermissionSession['device']>): void {
    this.device = handler
  }

  on(event: string, listener: Choose): void {
    this.choices.set(event, listener)
  }
}

describe('permissions (security row 9)', () => {
  const session = new FakePermissionSession()
  denyPermissions(session)

  it('are all known to this test', () => {
    expect(permissionNames().length).toBeGreaterThan(20)
    expect(permissionNames()).toContain('clipboard-sanitized-write')
  })

  it.each([...permissionNames(), 'openExternal', 'something new', '', '__proto__'])(
    '%s is granted only if it writes plain text to the clipboard',
    name => {
      const expected = name === 'clipboard-sanitized-write'
      let answer: boolean | undefined
      session.request?.(null, name, granted => {
        answer = granted
      })
      expect(answer).toBe(expected)
      expect(session.check?.(null, name)).toBe(expected)
      expect(isGranted(name)).toBe(expected)
    },
  )

  it('devices are never handed to the page', () => {
    expect(session.device?.()).toBe(false)
    for (const event of ['select-serial-port', 'select-hid-device', 'select-usb-device']) {
      const choice = preventable()
      let chosen: string | undefined
      session.choices.get(event)?.(choice, [{ portId: '1' }], null, id => {
        chosen = id
      })
      expect([choice.prevented, chosen]).toEqual([true, ''])
    }
  })

  it('nor is one that is asked of a window alone', () => {
    let listener: Parameters<DeviceAskingContents['on']>[1] | undefined
    denyBluetooth({
      on(_event, heard) {
        listener = heard
      },
    })
    const choice = preventable()
    let chosen: string | undefined
    listener?.(choice, [{ deviceId: '1' }], id => {
      chosen = id
    })
    expect([choice.prevented, chosen]).toEqual([true, ''])
  })

  it('every window is kept from it', () => {
    expect(readFileSync('electron/shell/muster-windows.ts', 'utf8')).toContain('denyBluetooth(window.webContents)')
  })
})
