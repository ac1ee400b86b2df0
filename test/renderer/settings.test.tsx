import { screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { fieldText, fieldValue, valueInWords } from '../../renderer/features/settings/setting-value'
import type { JsonValue } from '../../shared/model'
import { aConfigKey, type FakeBridge } from '../fakes/fake-bridge'
import { renderApp } from './support/render-app'

const KEYS = [
  aConfigKey('deviceSessions.maxConcurrentSessions', {
    group: 'Sessions',
    kind: 'integer',
    value: 64,
    default: 64,
    live: true,
    rule: '1 to 256',
    description: 'How many may be open.',
  }),
  aConfigKey('deviceSessions.enableAutoReconnect', { group: 'Sessions', kind: 'boolean', value: true, default: true }),
  aConfigKey('deviceSessions.profile', {
    group: 'Sessions',
    kind: 'choice',
    value: 'standard',
    default: 'standard',
    choices: ['standard', 'longRunning'],
  }),
  aConfigKey('deviceSessions.idleTimeout', {
    group: 'Idle',
    kind: 'duration',
    value: '00:10:00',
    default: '00:05:00',
    source: 'file',
    nullable: true,
    rule: '1 s to 24 days, or null for never',
    description: 'Closes a session that nobody has used for so long.',
  }),
  aConfigKey('transport.allow', { group: 'Ports', kind: 'list', value: [], default: [] }),
  aConfigKey('filters.textCodec.delimiter', { group: 'Filters', value: '\n', default: '\n' }),
  aConfigKey('deviceSessions.initSnippet', { group: 'Sessions', value: 'import gc\ngc.collect()', default: '' }),
]

async function openSettings(prepare: (bridge: FakeBridge) => void = () => {}) {
  const app = await renderApp(bridge => {
    bridge.config = { ...bridge.config, keys: KEYS }
    prepare(bridge)
  })
  await app.user.keyboard('{Control>},{/Control}')
  await screen.findByRole('heading', { name: 'Settings' })
  return app
}

const row = (name: string) => screen.getByRole('group', { name: new RegExp(`^${name}`) })
const titles = () => screen.getAllByRole('heading', { level: 4 }).map(heading => heading.firstChild?.textContent)

describe('settings', () => {
  test('B-09: every key stands in its group, with description, default, and where it takes effect', async () => {
    await openSettings()
    expect(screen.getByRole('tab', { name: 'Settings' }).getAttribute('aria-selected')).toBe('true')
    expect(screen.getAllByRole('heading', { level: 3 }).map(heading => heading.textContent)).toEqual([
      'Sessions',
      'Idle',
      'Ports',
      'Filters',
    ])
    expect(titles()).toHaveLength(KEYS.length)
    expect(row('Max concurrent sessions').textContent).toContain('at once')
    expect(row('Max concurrent sessions').textContent).toContain('How many may be open.')
    expect(row('Max concurrent sessions').textContent).toContain('Default 64')
    expect(row('Profile').textContent).toContain('new sessions')
    expect(row('Idle timeout').textContent).toContain('10 min')
    expect(row('Idle timeout').textContent).toContain('Default 5 min')
  })

  test('a search goes over key, description and value; the changed ones can be had alone', async () => {
    const { user } = await openSettings()
    const search = screen.getByRole('searchbox', { name: 'Search the settings' })
    expect(document.activeElement).toBe(search)
    await user.type(search, 'nobody has used')
    expect(titles()).toEqual(['Idle timeout'])
    await user.clear(search)
    await user.type(search, 'auto reconnect')
    expect(titles()).toEqual(['Enable auto reconnect'])
    await user.clear(search)
    await user.type(search, 'gc.collect')
    expect(titles()).toEqual(['Init snippet'])
    await user.type(search, 'zzz')
    await user.click(screen.getByRole('button', { name: 'clear filter' }))
    await user.click(screen.getByRole('button', { name: 'Changed 1' }))
    expect(titles()).toEqual(['Idle timeout'])
  })

  test('each kind has its editor, and says what was asked', async () => {
    const { user, bridge } = await openSettings()
    const asked = () => bridge.callsOf('config:set').at(-1)
    await user.click(screen.getByRole('switch', { name: 'Enable auto reconnect' }))
    expect(asked()).toEqual({ key: 'deviceSessions.enableAutoReconnect', value: false })
    await user.selectOptions(screen.getByRole('combobox', { name: 'Profile' }), 'longRunning')
    expect(asked()).toEqual({ key: 'deviceSessions.profile', value: 'longRunning' })

    const type = async (name: string, text: string) => {
      const field = screen.getByRole('textbox', { name })
      await user.clear(field)
      if (text !== '') await user.type(field, text)
      await user.tab()
    }
    await type('Max concurrent sessions', '32{Enter}')
    expect(asked()).toEqual({ key: 'deviceSessions.maxConcurrentSessions', value: 32 })
    await type('Idle timeout', '90 s')
    expect(asked()).toEqual({ key: 'deviceSessions.idleTimeout', value: 90_000 })
    await type('Idle timeout', '')
    expect(asked()).toEqual({ key: 'deviceSessions.idleTimeout', value: null })
    await type('Allow', '/dev/ttyACM*{Enter}2e8a:0005')
    expect(asked()).toEqual({ key: 'transport.allow', value: ['/dev/ttyACM*', '2e8a:0005'] })
    await type('Delimiter', '\\r\\n')
    expect(asked()).toEqual({ key: 'filters.textCodec.delimiter', value: '\r\n' })
    const count = bridge.callsOf('config:set').length
    await type('Delimiter', '\\r\\n{Escape}')
    expect(bridge.callsOf('config:set')).toHaveLength(count)
  })

  test('a refused value stays in its field with the reason, until it is taken back', async () => {
    const { user, bridge } = await openSettings()
    bridge.fail('config:set', { code: 'ConfigInvalid', message: 'A whole number from 1 to 256 is needed.' })
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Max concurrent sessions' })
    await user.clear(field)
    await user.type(field, '9000{Enter}')
    expect(within(row('Max concurrent sessions')).getByRole('alert').textContent).toBe('A whole number from 1 to 256 is needed.')
    expect(field.value).toBe('9000')
    expect(field.getAttribute('aria-invalid')).toBe('true')
    await user.type(field, '{Escape}')
    expect(field.value).toBe('64')
    expect(within(row('Max concurrent sessions')).queryByRole('alert')).toBeNull()
    const asked = bridge.callsOf('config:set').length
    await user.clear(field)
    await user.type(field, 'many{Enter}')
    expect(within(row('Max concurrent sessions')).getByRole('alert').textContent).toBe('“many” is not a number.')
    expect(bridge.callsOf('config:set')).toHaveLength(asked)
  })

  test('a changed key is marked and can be reset', async () => {
    const { user, bridge } = await openSettings()
    expect(row('Idle timeout').textContent).toContain('changed')
    await user.click(screen.getByRole('button', { name: 'Reset Idle timeout' }))
    expect(bridge.callsOf('config:set')).toEqual([{ key: 'deviceSessions.idleTimeout', reset: true }])
    expect(row('Idle timeout').textContent).not.toContain('changed')
    expect(screen.getByRole('textbox', { name: 'Idle timeout' })).toHaveProperty('value', '00:05:00')
  })

  test('what another window or program changes is shown', async () => {
    const { bridge, settle } = await openSettings()
    await settle(() => bridge.setConfig({ keys: KEYS.map(key => (key.kind === 'integer' ? { ...key, value: 12, source: 'file' } : key)) }))
    expect(screen.getByRole('textbox', { name: 'Max concurrent sessions' })).toHaveProperty('value', '12')
  })

  test('problems in the file are listed, and those of a key stand at its row too', async () => {
    await openSettings(bridge => {
      bridge.config = {
        ...bridge.config,
        problems: [
          { severity: 'error', key: 'deviceSessions.idleTimeout', message: '“soon” is no length of time.' },
          { severity: 'warning', key: 'deviceSesions', message: 'There is no such key.' },
        ],
      }
    })
    const [banner] = screen.getAllByRole('alert')
    expect(banner?.textContent).toContain('2 things in the file need a look.')
    expect(banner?.textContent).toContain('There is no such key.')
    expect(within(row('Idle timeout')).getByRole('alert').textContent).toContain('“soon” is no length of time.')
  })

  test('a file that can’t be read locks everything, and says which file and why', async () => {
    const { user } = await openSettings(bridge => {
      bridge.config = {
        ...bridge.config,
        isReadOnly: true,
        problems: [{ severity: 'error', key: null, message: 'Line 3: a comma is missing.' }],
      }
    })
    expect(screen.getByRole('alert').textContent).toContain('Line 3: a comma is missing.')
    for (const control of [...screen.getAllByRole('switch'), screen.getByRole('textbox', { name: 'Idle timeout' })]) {
      expect(control).toHaveProperty('disabled', true)
    }
    await user.click(screen.getByRole('button', { name: 'Copy the path of the file' }))
    expect(await navigator.clipboard.readText()).toBe('/home/user/.config/muster/muster.config.json')
  })
})

describe('values of settings', () => {
  test.each<[Parameters<typeof valueInWords>[0]['kind'], JsonValue, string]>([
    ['duration', '00:05:00', '5 min'],
    ['duration', 1_500, '1.5 s'],
    ['duration', '00:00:00', 'off'],
    ['duration', null, 'none'],
    ['boolean', false, 'off'],
    ['integer', 65_536, '65,536'],
    ['number', 1.5, '1.5'],
    ['text', '', 'empty'],
    ['text', '\n', '\\n'],
    ['list', ['stats', 'logging'], 'stats, logging'],
    ['list', [], 'empty'],
  ])('%s %j is said as %s', (kind, value, words) => expect(valueInWords({ kind }, value)).toBe(words))

  test('what a field shows means the same again', () => {
    for (const [kind, value] of [
      ['list', ['a', 'b']],
      ['integer', 12],
      ['text', 'a\nb'],
      ['duration', '00:05:00'],
    ] as const) {
      expect(fieldValue({ kind, nullable: false }, fieldText({ kind }, value))).toEqual({ value })
    }
    expect(fieldValue({ kind: 'duration', nullable: true }, ' ')).toEqual({ value: null })
    expect(fieldValue({ kind: 'duration', nullable: false }, ' ')).toHaveProperty('error')
  })
})
