import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { aPort, aSession, someMetadata } from '../fakes/fake-bridge'
import { openView, PORT } from './support/open-view'

const region = (name: string) => within(screen.getByRole('region', { name }))
const value = (key: string) => screen.getByRole<HTMLTextAreaElement>('textbox', { name: `Value of ${key}` })
const keys = () =>
  within(screen.getByRole('table', { name: 'Details' }))
    .queryAllByRole('rowheader')
    .map(header => header.textContent)

const openMetadata = (over: Parameters<typeof someMetadata>[0] = {}) => openView('Metadata', { metadata: someMetadata(over) })

describe('Metadata', () => {
  test('S-03: type, version, data source and UTC offset are told, and that they are fixed', async () => {
    await openMetadata({ dataSource: 'bench-a', type: 'Oven', version: 2, utcOffsetSeconds: -12_600 })
    const description = await screen.findByRole('region', { name: 'Description' })
    expect(description.textContent).toContain('Oven, version 2')
    expect(description.textContent).toContain('bench-a')
    expect(description.textContent).toContain('−03:30')
    expect(region('Description').getAllByText(/fixed:/)).toHaveLength(3)
    expect(region('Description').getAllByRole('textbox')).toHaveLength(1)
  })

  test('S-01: the identifier is changed while the session runs', async () => {
    const { bridge, user, sessionId } = await openMetadata({ identifier: 'first' })
    const field = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Identifier' })
    await user.clear(field)
    await user.type(field, 'second{Enter}')
    expect(bridge.callsOf('sessions:updateIdentifier')).toEqual([{ sessionId, identifier: 'second' }])
    await waitFor(() => expect(field.value).toBe('second'))
  })

  test('S-07: details are added, changed key by key, and removed', async () => {
    const { bridge, user, sessionId } = await openMetadata({ details: { status: 'idle', lap_count: '3' } })
    await waitFor(() => expect(keys()).toEqual(['status', 'lap_count']))
    await user.clear(value('lap_count'))
    await user.type(value('lap_count'), '4')
    await user.tab()
    expect(bridge.callsOf('sessions:updateDetails')).toEqual([{ sessionId, details: { lap_count: '4' } }])

    await user.type(screen.getByRole('textbox', { name: 'Key of the new detail' }), 'participant')
    await user.type(screen.getByRole('textbox', { name: 'Value of the new detail' }), 'one{Shift>}{Enter}{/Shift}two{Enter}')
    await waitFor(() => expect(keys()).toEqual(['status', 'lap_count', 'participant']))
    expect(value('participant').value).toBe('one\ntwo')
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Key of the new detail' }))

    await user.click(screen.getByRole('button', { name: 'Remove status' }))
    expect(bridge.callsOf('sessions:updateDetails').at(-1)).toEqual({ sessionId, details: { status: null } })
    await waitFor(() => expect(keys()).toEqual(['lap_count', 'participant']))
  })

  test('S-07: a change made in another window appears', async () => {
    const { tell } = await openMetadata({ details: { status: 'idle' } })
    await waitFor(() => expect(value('status').value).toBe('idle'))
    await tell({ metadata: someMetadata({ details: { status: 'running', sector: '2' } }) })
    expect(value('status').value).toBe('running')
    expect(keys()).toEqual(['status', 'sector'])
  })

  test('S-07: an edit in progress is not overwritten; whoever edits chooses', async () => {
    const { bridge, user, tell } = await openMetadata({ details: { status: 'idle' } })
    await waitFor(() => expect(value('status').value).toBe('idle'))
    await user.type(value('status'), ' mine')
    await tell({ metadata: someMetadata({ details: { status: 'theirs' } }) })
    expect(value('status').value).toBe('idle mine')
    expect(screen.getByText(/Changed elsewhere to “theirs”/)).toBeDefined()
    await user.tab()
    expect(bridge.callsOf('sessions:updateDetails')).toEqual([])
    await user.click(screen.getByRole('button', { name: 'take that one' }))
    expect(value('status').value).toBe('theirs')

    await user.type(value('status'), '!')
    await tell({ metadata: someMetadata({ details: { status: 'other' } }) })
    await user.type(value('status'), '{Enter}')
    expect(bridge.callsOf('sessions:updateDetails').at(-1)?.details).toEqual({ status: 'theirs!' })
  })

  test('after a save, a change back to the value before is shown', async () => {
    const { user, tell } = await openMetadata({ details: { status: 'a' } })
    await waitFor(() => expect(value('status').value).toBe('a'))
    await user.clear(value('status'))
    await user.type(value('status'), 'b{Enter}')
    await waitFor(() => expect(value('status').value).toBe('b'))
    await tell({ metadata: someMetadata({ details: { status: 'a' } }) })
    expect(value('status').value).toBe('a')
  })

  test('limits of keys and values are told as they are typed', async () => {
    const { bridge, user } = await openMetadata({ details: { status: 'idle' } })
    const newKey = await screen.findByRole('textbox', { name: 'Key of the new detail' })
    const add = screen.getByRole<HTMLButtonElement>('button', { name: 'Add' })
    expect(add.disabled).toBe(true)
    fireEvent.change(newKey, { target: { value: 'status' } })
    expect(screen.getByRole('alert').textContent).toBe('There is already a detail called status: change it in its row.')
    fireEvent.change(newKey, { target: { value: 'k'.repeat(129) } })
    expect(screen.getByRole('alert').textContent).toBe('A key has at most 128 characters; this one has 129.')
    fireEvent.change(newKey, { target: { value: 'fine' } })
    fireEvent.change(screen.getByRole('textbox', { name: 'Value of the new detail' }), { target: { value: 'v'.repeat(4_097) } })
    expect(screen.getByRole('alert').textContent).toBe('A value has at most 4,096 characters; this one has 4,097.')
    expect(add.disabled).toBe(true)
    fireEvent.change(value('status'), { target: { value: 'v'.repeat(5_000) } })
    await user.type(value('status'), '{Enter}')
    expect(bridge.callsOf('sessions:updateDetails')).toEqual([])
  })

  test('a refusal is told in its row, and what was typed stays', async () => {
    const { bridge, user } = await openMetadata({ details: { status: 'idle' } })
    bridge.fail('sessions:updateDetails', { code: 'ServiceDisabled', message: 'Session management is turned off.' })
    await waitFor(() => expect(value('status').value).toBe('idle'))
    await user.type(value('status'), '!{Enter}')
    const row = screen.getByRole('row', { name: /^status/ })
    expect((await within(row).findByRole('alert')).textContent).toContain('Session management is turned off.')
    expect(value('status').value).toBe('idle!')
    await user.type(value('status'), '{Escape}')
    expect(value('status').value).toBe('idle')
    expect(within(row).queryByRole('alert')).toBeNull()
  })

  test('S-09: sessions are made to belong to this one, and taken off; those it belongs to are named', async () => {
    const other = aSession('/dev/ttyACM1')
    const parent = aSession('/dev/ttyACM2', { metadata: someMetadata({ associateSessionKeys: [aSession(PORT).sessionId] }) })
    const gone = `session-${'f'.repeat(32)}`
    const { bridge, user, sessionId, settle } = await openView(
      'Metadata',
      { metadata: someMetadata({ associateSessionKeys: [gone] }) },
      given => {
        given.ports = {
          ...given.ports,
          ports: [...given.ports.ports, aPort('/dev/ttyACM1', { label: 'pico' }), aPort('/dev/ttyACM2', { label: 'rack' })],
        }
        given.sessions = [...given.sessions, other, parent]
      },
    )
    const boxes = () => region('Associates').getAllByRole<HTMLInputElement>('checkbox')
    await screen.findByRole('region', { name: 'Associates' })
    expect(boxes().map(box => box.checked)).toEqual([false, false, true])
    expect(region('Associates').getByText('closed')).toBeDefined()
    expect(region('Associates').getByText('Belongs to rack.')).toBeDefined()
    await user.click(region('Associates').getByRole('checkbox', { name: /^pico/ }))
    expect(bridge.callsOf('sessions:associate')).toEqual([{ sessionId, associateSessionKeys: [gone, other.sessionId] }])
    await user.click(await region('Associates').findByRole('checkbox', { name: /^session-ffffff…ffff/ }))
    expect(bridge.callsOf('sessions:associate').at(-1)).toEqual({ sessionId, associateSessionKeys: [other.sessionId] })

    bridge.fail('sessions:associate', { code: 'InvalidArgument', reason: 'cycle', message: 'rack already holds this session.' })
    await user.click(region('Associates').getByRole('checkbox', { name: /^rack/ }))
    expect((await region('Associates').findByRole('alert')).textContent).toContain('rack already holds this session.')
    await settle(() => bridge.setSession({ ...other, state: 'Disposed' }, 'disposed'))
    expect(region('Associates').queryByRole('checkbox', { name: /^pico/ })).toBeNull()
  })

  test('without another session it says what could be chosen', async () => {
    await openMetadata()
    expect(await screen.findByText(/^No other session is open\./)).toBeDefined()
  })
})
