/** The one thing a page of ours may do: put text on the clipboard, after a click or a key. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

export function isGranted(permission: string): boolean {
  return GRANTED.has(permission)
}

/** What is used of Electron's `Session`. */
export interface PermissionSession {
  setPermissionRequestHandler(handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void): void
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void
  setDevicePermissionHandler(handler: () => boolean): void
  on(
    event: string,
    listener: (event: { preventDefault(): void }, list: unknown, contents: unknown, choose: (id: string) => void) => void,
  ): unknown
}

/** Devices are Muster's own business, in main. A page that asks for one is given the empty choice. */
const DEVICE_CHOICES = ['select-serial-port', 'select-hid-device', 'select-usb-device'] as const

/** Denies by default, in every way that Chromium asks. */
export function denyPermissions(session: PermissionSession): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => callback(isGranted(permission)))
  session.setPermissionCheckHandler((_contents, permission) => isGranted(permission))
  session.setDevicePermissionHandler(() => false)
  for (const event of DEVICE_CHOICES) {
    session.on(event, (choice, _list, _contents, choose) => {
      choice.preventDefault()
      choose('')
    })
  }
}

/** What is used of a window's `webContents`. */
export interface DeviceAskingContents {
  on(
    event: 'select-bluetooth-device',
    listener: (event: { preventDefault(): void }, list: unknown, choose: (id: string) => void) => void,
  ): unknown
}

/** Asked of each window and not of the session. Without an answer older runtimes take the first device that they find. */
export function denyBluetooth(contents: DeviceAskingContents): void {
  contents.on('select-bluetooth-device', (choice, _list, choose) => {
    choice.preventDefault()
    choose('')
  })
}
