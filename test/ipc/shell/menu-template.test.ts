import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../../electron/shell/menu-template'
import { SHORTCUTS } from '../../../renderer/features/shortcuts/shortcuts'
import type { MenuAction } from '../../../shared/model'

/** Every action once; one that is missing here does not compile. */
const ACTIONS = Object.keys({
  'focus-search': true,
  'add-port': true,
  'simulate-one': true,
  'simulate-sixteen': true,
  'refresh-ports': true,
  run: true,
  stop: true,
  'soft-reset': true,
  'close-session': true,
  'next-tab': true,
  'previous-tab': true,
  'show-console': true,
  'show-files': true,
  'show-metrics': true,
  'show-details': true,
  'show-metadata': true,
  'show-attributes': true,
  'show-filters': true,
  'show-events': true,
  'show-activity': true,
  'show-settings': true,
  reconnect: true,
  'show-shortcuts': true,
} satisfies Record<MenuAction, true>) as MenuAction[]

/** In the order of their tabs. */
const VIEWS: readonly MenuAction[] = [
  'show-console',
  'show-files',
  'show-metrics',
  'show-events',
  'show-details',
  'show-metadata',
  'show-attributes',
  'show-filters',
]

function build(platform: NodeJS.Platform, isDevelopment = false) {
  const happened: string[] = []
  const template = menuTemplate({
    platform,
    isDevelopment,
    theme: 'light',
    onAction: action => happened.push(action),
    onNewWindow: () => happened.push('new window'),
    onTheme: theme => happened.push(`theme ${theme}`),
    onOpenLogs: () => happened.push('logs'),
    onAbout: () => happened.push('about'),
  })
  const items = flatten(template)
  const click = (item: MenuItemConstructorOptions | undefined): void => {
    ;(item?.click as (() => void) | undefined)?.()
  }
  return { happened, items, click }
}

function flatten(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap(item => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])])
}

describe.each(['linux', 'win32', 'darwin'] as const)('the menu on %s', platform => {
  it('offers every action and asks the page for it', () => {
    const { happened, items, click } = build(platform)
    for (const action of ACTIONS) click(items.find(({ id }) => id === action))
    expect(happened).toEqual(ACTIONS)
  })

  it('names the keys that the page listens to', () => {
    const { items } = build(platform)
    for (const { action, keys } of SHORTCUTS) {
      // Views go by their numbers; what else the page knows for them stays.
      if (VIEWS.includes(action)) continue
      const accelerator = items.find(({ id }) => id === action)?.accelerator
      expect(keys).toContain(String(accelerator).replace('CmdOrCtrl', 'Ctrl'))
    }
  })

  it('opens another window', () => {
    const { happened, items, click } = build(platform)
    const item = items.find(({ accelerator }) => accelerator === 'CmdOrCtrl+Shift+N')
    click(item)
    expect(happened).toEqual(['new window'])
  })

  it('numbers the views of a session by their keys', () => {
    const { items } = build(platform)
    const keys = VIEWS.map(view => items.find(({ id }) => id === view)?.accelerator)
    expect(keys).toEqual(VIEWS.map((_, index) => `Alt+${index + 1}`))
  })

  it('gives no letter to two items of a menu', () => {
    for (const { submenu } of build(platform).items) {
      if (!Array.isArray(submenu)) continue
      const letters = submenu.flatMap(({ label }) => /&(\w)/.exec(label ?? '')?.[1]?.toLowerCase() ?? [])
      expect(new Set(letters).size).toBe(letters.length)
    }
  })

  it('gives no key to two items', () => {
    const accelerators = build(platform, true).items.flatMap(({ accelerator }) => (accelerator ? [accelerator] : []))
    expect(new Set(accelerators).size).toBe(accelerators.length)
  })

  it('has a way to quit, the usual editing, the logs and what runs', () => {
    const { happened, items, click } = build(platform)
    const roles = items.flatMap(({ role }) => (role ? [role] : []))
    expect(roles).toEqual(expect.arrayContaining(['quit', 'undo', 'redo', 'cut', 'copy', 'paste', 'selectAll', 'resetZoom']))
    click(items.find(({ label }) => label === 'Open &Logs Folder'))
    click(items.find(({ label }) => label?.replace('&', '') === 'About Muster'))
    expect(happened).toEqual(['logs', 'about'])
  })

  it('chooses the theme, and shows which is chosen', () => {
    const { happened, items, click } = build(platform)
    const themes = items.filter(({ type }) => type === 'radio')
    expect(themes.map(({ checked }) => checked)).toEqual([false, true, false])
    for (const theme of themes) click(theme)
    expect(happened).toEqual(['theme system', 'theme light', 'theme dark'])
  })

  it('reloads and inspects only in development', () => {
    const rolesOf = (isDevelopment: boolean): unknown[] => build(platform, isDevelopment).items.map(({ role }) => role)
    expect(rolesOf(false)).not.toContain('reload')
    expect(rolesOf(false)).not.toContain('toggleDevTools')
    expect(rolesOf(true)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']))
  })
})
